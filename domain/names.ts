import { createHash } from 'node:crypto';

/** Tags that Terraform puts on every resource of a drill; the inventory and the sweep go by them. */
export const TAG = { drill: 'cluster-drill', target: 'cluster-drill-target' } as const;

/** The tag by which Kubernetes' controllers mark what a cluster owns (`owned`) or may use (`shared`). */
export function ownedTagOf(clusterName: string): string {
  return `kubernetes.io/cluster/${clusterName}`;
}

/**
 * Tags whose value is the name of the cluster that a resource was made for. Sources: AWS Load Balancer Controller
 * (pkg/deploy/tracking/provider.go), EBS CSI driver (its page on tagging; only with `--k8s-tag-cluster-id`), VPC CNI
 * (README), EKS, and Karpenter (nodeclasses, and `managed-by` of versions before 0.32).
 */
export const CLUSTER_TAG_KEYS = [
  'elbv2.k8s.aws/cluster',
  'ebs.csi.aws.com/cluster-name',
  'cluster.k8s.amazonaws.com/name',
  'eks:cluster-name',
  'eks:eks-cluster-name',
  'aws:eks:cluster-name',
  'karpenter.k8s.aws/cluster',
  'karpenter.sh/managed-by',
] as const;

/**
 * Labels on GitOps objects. `layer` says to which layer an Application or Kustomization belongs; `pin: "commit"` marks
 * an Argo CD Application whose source is the bootstrap repository itself, so that its repoURL and targetRevision are
 * set to the drill's repository and commit (a child that says HEAD would float).
 */
export const LABEL = { layer: 'cluster-drill/layer', pin: 'cluster-drill/pin' } as const;

/** Name of the root Application (Argo CD) or of the GitRepository and Kustomization (Flux) that the drill applies. */
export const ROOT_NAME = 'bootstrap';

/** Names of the state machines; one deployment per account and region, so that console and CLI find them by name. */
export const MACHINE = {
  drill: 'cluster-drill',
  bootstrap: 'cluster-drill-bootstrap',
  teardown: 'cluster-drill-teardown',
} as const;

/** Name of the history table. */
export const TABLE_NAME = 'cluster-drill-history';

/** The builds, each a folder of `buildspecs/`; its CodeBuild project is `cluster-drill-<build>`. */
export const BUILDS = [
  'check-readiness',
  'provision-cluster',
  'install-gitops',
  'drain-cluster',
  'destroy-cluster',
] as const;
export type BuildName = (typeof BUILDS)[number];

export function projectNameOf(build: BuildName): string {
  return `cluster-drill-${build}`;
}

/** Name of the bucket of reports and evidence. */
export function evidenceBucketOf(account: string, region: string): string {
  return `cluster-drill-evidence-${account}-${region}`;
}

/** Name of the bucket of Terraform states. */
export function stateBucketOf(account: string, region: string): string {
  return `cluster-drill-state-${account}-${region}`;
}

/** Field manager of everything that the drill itself applies to the cluster. */
export const FIELD_MANAGER = 'cluster-drill';

/** The variables that the drill passes to Terraform; a repository must declare the first three. */
export const TERRAFORM_VARIABLE = {
  clusterName: 'cluster_name',
  region: 'region',
  tags: 'tags',
  commit: 'commit',
} as const;

/** The Terraform outputs that a repository must give. */
export const TERRAFORM_OUTPUT = { clusterName: 'cluster_name', vpcId: 'vpc_id' } as const;

/** Where a repository declares what a person still does by hand. */
export const MANUAL_STEPS_FILE = 'manual-steps.yaml';

/** The environment variable by which a state machine tells a build which drill it works for. */
export const DRILL_ID_VARIABLE = 'DRILL_ID';

/** The environment variable by which CodeBuild tells a build its own id. */
export const BUILD_ID_VARIABLE = 'CODEBUILD_BUILD_ID';

/** The environment variable that says which Terraform `install-tools.sh` installs (the target's). */
export const TERRAFORM_VERSION_VARIABLE = 'TERRAFORM_VERSION';

const SUFFIX_LENGTH = 6;

/**
 * The id of the drill that an execution opens: `<target>-<yyyymmdd>-<hhmm>-<suffix>` (UTC). It follows from the
 * execution alone, so a retried *Open drill* finds the drill that its first try opened.
 */
export function drillIdOf(target: string, executionArn: string, startedAt: string): string {
  const digits = startedAt.replaceAll(/\D/g, '');
  const suffix = createHash('sha256').update(executionArn).digest('hex').slice(0, SUFFIX_LENGTH);
  return `${target}-${digits.slice(0, 8)}-${digits.slice(8, 12)}-${suffix}`;
}

/** The name of the drill cluster: short (12 characters), because IAM roles and load balancers derive names from it. */
export function clusterNameOf(drillId: string): string {
  return `drill-${drillId.slice(-SUFFIX_LENGTH)}`;
}

/** The tags of a drill's resources. */
export function tagsOf(drillId: string, target: string): Record<string, string> {
  return { [TAG.drill]: drillId, [TAG.target]: target };
}

/** The S3 key of a drill's Terraform state: one per drill, so that no drill can read or lock another's. */
export function stateKeyOf(target: string, drillId: string): string {
  return `${target}/${drillId}/terraform.tfstate`;
}

/** The S3 key of the lock that Terraform's S3 backend keeps beside a state (`use_lockfile`). */
export function lockKeyOf(target: string, drillId: string): string {
  return `${stateKeyOf(target, drillId)}.tflock`;
}

/**
 * The S3 key of a state that Terraform could not save (`errored.tfstate`). It lies beside the state and not with the
 * evidence, because a state may hold secrets.
 */
export function erroredStateKeyOf(target: string, drillId: string): string {
  return `${target}/${drillId}/errored.tfstate`;
}

/** The S3 key below which each build that uses a drill's state leaves a note of its own. */
export function stateUseKeyOf(target: string, drillId: string, buildId = ''): string {
  return `${target}/${drillId}/uses/${buildId}`;
}

/** The S3 key of a piece of evidence, such as `provision-cluster/terraform.jsonl`. */
export function evidenceKeyOf(target: string, drillId: string, name: string): string {
  return `drills/${target}/${drillId}/evidence/${name}`;
}

export const REPORT_FORMATS = { html: 'text/html', md: 'text/markdown', json: 'application/json' } as const;
export type ReportFormat = keyof typeof REPORT_FORMATS;

/** The S3 key of a drill's report in one format. */
export function reportKeyOf(target: string, drillId: string, format: ReportFormat): string {
  return `drills/${target}/${drillId}/report.${format}`;
}

/** The calendar quarter of an instant in UTC, such as `2026Q4`. */
export function quarterOf(instant: string): string {
  const date = new Date(instant);
  return `${date.getUTCFullYear()}Q${Math.floor(date.getUTCMonth() / 3) + 1}`;
}

/** Link to an execution in the Step Functions console. */
export function executionConsoleUrl(executionArn: string): string {
  const region = executionArn.split(':')[3] ?? '';
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

/** Link to a CodeBuild build in the console. `buildId` is `<project>:<uuid>`. */
export function buildConsoleUrl(region: string, account: string, buildId: string): string {
  const project = buildId.split(':')[0] ?? '';
  return `https://${region}.console.aws.amazon.com/codesuite/codebuild/${account}/projects/${project}/build/${encodeURIComponent(buildId)}?region=${region}`;
}

/** Link to an object, or with a key that ends in `/` to a folder, in the S3 console. */
export function objectConsoleUrl(region: string, bucket: string, key: string): string {
  const page = key.endsWith('/') ? 'buckets' : 'object';
  return `https://${region}.console.aws.amazon.com/s3/${page}/${bucket}?region=${region}&prefix=${encodeURIComponent(key)}`;
}
