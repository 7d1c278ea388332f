import { Validations, type CfnElement, type Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import type { BuildName } from '../domain/names';
import { DrillBuild } from './drill-build';
import { executionArns } from './drill-executions';
import { DrillFunction } from './drill-function';

/**
 * The findings of cdk-nag's AwsSolutions rules that stand, each with its reason. A finding that names its resource is
 * acknowledged for the stack; one that does not (`Resource::*`, an action) only for the role that it concerns. A test
 * refuses an acknowledgement that no finding needs.
 */
export function acknowledgeFindings(stack: Stack): void {
  acknowledgeLambdas(stack);
  acknowledgeMachines(stack);
  acknowledgeBuilds(stack);
  acknowledgeDrillClusters(stack);
  acknowledge(
    stack.node.findChild('MissedStarts'),
    'It is itself the dead-letter queue of EventBridge Scheduler, which the rule does not see.',
    'SQS3',
  );
}

function acknowledgeLambdas(stack: Stack): void {
  acknowledge(
    stack,
    'The managed policy allows a Lambda to write its log and nothing else, and AWS keeps it up to date.',
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
  );
  for (const lambda of all(stack, DrillFunction)) {
    acknowledge(lambda, 'X-Ray takes traces for no resource in particular.', 'IAM5[Resource::*]');
  }
  const lambdas = stack.node.findChild('Lambdas').node;
  const readers = [lambdas.findChild('FindLeaks'), lambdas.findChild('SweepLeaks'), stack.node.findChild('Patrol')];
  for (const reader of readers) {
    acknowledge(
      reader,
      'Describing cannot be limited to resources. What may be deleted is limited by the tags of a drill.',
      'IAM5[Resource::*]',
      'IAM5[Action::ec2:Describe*]',
      'IAM5[Action::elasticloadbalancing:Describe*]',
    );
  }
  acknowledge(
    stack,
    'Any execution of a drill may hold a lease, and any teardown may have died.',
    ...executionArns(stack).map((arn) => `IAM5[Resource::${arn}]`),
  );
}

function acknowledgeMachines(stack: Stack): void {
  for (const machine of all(stack, StateMachine)) {
    acknowledge(machine, 'X-Ray and log delivery work for no resource in particular.', 'IAM5[Resource::*]');
  }
  for (const lambda of all(stack, DrillFunction)) {
    // These are invoked by EventBridge, by a permission of their own.
    if (/\/(Guard|Patrol|QuarterCheck)\//.test(lambda.node.path)) continue;
    acknowledge(
      stack,
      'The wildcard stands for the versions of this one Lambda.',
      `IAM5[Resource::<${logicalId(stack, lambda)}.Arn>:*]`,
    );
  }
  for (const id of ['Bootstrap', 'Teardown']) {
    const machine = all(stack.node.findChild(id), StateMachine)[0]!;
    acknowledge(
      stack,
      'The Drill machine waits for and stops the executions of this one machine, whose names nobody knows beforehand.',
      `IAM5[Resource::arn:aws:states:${stack.region}:${stack.account}:execution:{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"${logicalId(stack, machine)}"}]}]}*]`,
    );
  }
}

function acknowledgeBuilds(stack: Stack): void {
  for (const build of all(stack, DrillBuild)) {
    acknowledge(
      stack,
      'The streams of the log group that CodeBuild names after this one project.',
      `IAM5[Resource::arn:aws:logs:${stack.region}:${stack.account}:log-group:/aws/codebuild/<${logicalId(stack, build.project)}>:*]`,
    );
  }
  for (const [name, reason] of Object.entries(BUILD_REASONS)) {
    const role = buildRoleOf(stack, name as BuildName);
    acknowledge(
      role,
      'Reading its own source, an object of the asset bucket that is named in full.',
      ...SOURCE_ACTIONS,
    );
    acknowledge(role, 'The forms of one action on the one key of the builds.', ...KEY_ACTIONS);
    if (reason) acknowledge(role, reason.why, ...reason.findings);
  }
}

const SOURCE_ACTIONS = ['IAM5[Action::s3:GetObject*]', 'IAM5[Action::s3:GetBucket*]', 'IAM5[Action::s3:List*]'];
const KEY_ACTIONS = ['IAM5[Action::kms:GenerateDataKey*]', 'IAM5[Action::kms:ReEncrypt*]'];

const TERRAFORM = {
  why: 'A repository makes the network and cluster that it likes: EC2 in this region, EKS and IAM by the name drill-…, KMS by tag (lib/permissions.ts).',
  findings: [
    'IAM5[Resource::*]',
    'IAM5[Action::ec2:*]',
    'IAM5[Action::eks:*]',
    'IAM5[Action::kms:*]',
    'IAM5[Action::elasticloadbalancing:Describe*]',
    'IAM5[Action::autoscaling:Describe*]',
  ],
};

const BUILD_REASONS: Record<BuildName, { readonly why: string; readonly findings: readonly string[] } | undefined> = {
  'check-readiness': {
    why: 'Quotas, what is in use of them, and what exists before the drill are read for the account and not for a resource.',
    findings: ['IAM5[Resource::*]', 'IAM5[Action::ec2:Describe*]', 'IAM5[Action::elasticloadbalancing:Describe*]'],
  },
  'provision-cluster': TERRAFORM,
  'install-gitops': undefined,
  'drain-cluster': {
    why: 'It watches load balancers and volumes go; describing cannot be limited to resources.',
    findings: ['IAM5[Resource::*]', 'IAM5[Action::ec2:Describe*]', 'IAM5[Action::elasticloadbalancing:Describe*]'],
  },
  'destroy-cluster': TERRAFORM,
};

/** Names that are not known before the drill, in the one pattern that all of them follow. */
function acknowledgeDrillClusters(stack: Stack): void {
  const { account, region } = stack;
  const eks = `arn:aws:eks:${region}:${account}`;
  const iam = `arn:aws:iam::${account}`;
  const patterns = [
    `${eks}:cluster/drill-*`,
    ...['addon', 'capability', 'nodegroup', 'fargateprofile', 'access-entry', 'podidentityassociation'].map(
      (part) => `${eks}:${part}/drill-*/*`,
    ),
    ...['role', 'policy', 'instance-profile'].map((kind) => `${iam}:${kind}/drill-*`),
    `${iam}:oidc-provider/oidc.eks.*`,
    `arn:aws:kms:${region}:${account}:alias/*drill-*`,
    ...['eks', 'containerinsights'].map((maker) => `arn:aws:logs:${region}:${account}:log-group:/aws/${maker}/drill-*`),
  ];
  acknowledge(
    stack,
    'Every drill cluster and all its parts are named drill-…; the rest of the name comes with the drill.',
    ...patterns.map((pattern) => `IAM5[Resource::${pattern}]`),
  );
  const buckets = stack.node.findChild('Buckets').node;
  acknowledge(
    stack,
    'The objects of one bucket of ours: each drill has keys of its own, which come with the drill.',
    `IAM5[Resource::<${logicalId(stack, buckets.findChild('Evidence'))}.Arn>/drills/*]`,
    `IAM5[Resource::<${logicalId(stack, buckets.findChild('States'))}.Arn>/*]`,
  );
  acknowledge(
    stack,
    'A new key has no tag yet that counts, and a secret any key: what is allowed of them loses nothing and reads secrets by name only (lib/permissions.ts).',
    `IAM5[Resource::arn:aws:kms:${region}:${account}:key/*]`,
  );
  acknowledge(
    stack,
    'Reading which roles exist: those that services make, and the one that Terraform runs as.',
    `IAM5[Resource::${iam}:role/*]`,
  );
  acknowledge(
    stack,
    'Public parameters of AWS: which machine image belongs to a version of Kubernetes.',
    `IAM5[Resource::arn:aws:ssm:${region}::parameter/aws/service/*]`,
  );
}

function acknowledge(scope: IConstruct, reason: string, ...findings: readonly string[]): void {
  Validations.of(scope).acknowledge(...findings.map((finding) => ({ id: `AwsSolutions-${finding}`, reason })));
}

function all<Type extends IConstruct>(scope: IConstruct, type: abstract new (...args: never[]) => Type): Type[] {
  return scope.node.findAll().filter((construct): construct is Type => construct instanceof type);
}

function buildRoleOf(stack: Stack, build: BuildName): Role {
  return all(stack.node.findChild('Builds'), Role).find((role) => role.node.id.startsWith(pascal(build)))!;
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function logicalId(stack: Stack, construct: IConstruct): string {
  return stack.getLogicalId(construct.node.defaultChild as CfnElement);
}
