import type { AwsResource } from '../aws-resources';
import { durationOf } from '../durations';
import { callerRoleArn, hexOf, listAttribute, textAttribute } from '../simulated-account';
import { isObject, textOf } from './hcl/value';
import type { ObjectValue } from './hcl/value';
import { arnOf, blockOf, type Making, type ResourceKind } from './resource-kind';

/** What the Kubernetes side gives a new cluster. */
export interface ClusterEndpoint {
  readonly endpoint: string;
  /** Base64 PEM. */
  readonly certificateAuthority: string;
}

export type ClusterEndpoints = (clusterName: string) => ClusterEndpoint | Promise<ClusterEndpoint>;

/** What has been made: the Terraform attributes, and the AWS resource unless the type is none of its own. */
export interface Made {
  readonly attributes: ObjectValue;
  readonly resource?: AwsResource;
  readonly milliseconds: number;
}

/** Makes what another provider's type, or an AWS type that only relates others, gives: an id and nothing in AWS. */
export function makeLocal(making: Making, terraformType: string, address: string): Made {
  const { world } = making;
  const id = hexOf(world.chance, making.seed, 16);
  const sleep =
    terraformType === 'time_sleep' ? secondsOf(textOf(making.arguments['create_duration']) ?? '') : undefined;
  return {
    attributes: { ...making.arguments, id, ...generated(terraformType, making) },
    milliseconds:
      sleep === undefined
        ? world.chance.milliseconds(`create ${address}`, durationOf(terraformType).create)
        : sleep * 1000,
  };
}

/** Computed attributes of the providers without a cloud behind them. */
function generated(terraformType: string, { world, seed, arguments: given }: Making): ObjectValue {
  const text = (length: number): string => hexOf(world.chance, seed, length);
  switch (terraformType) {
    case 'random_id':
      return { hex: text(Number(given['byte_length'] ?? 8) * 2) };
    case 'random_string':
    case 'random_password':
      return { result: text(Number(given['length'] ?? 16)) };
    case 'random_pet':
      return { id: `calm-${text(6)}` };
    case 'tls_private_key':
      return { private_key_pem: text(32), public_key_openssh: `ssh-ed25519 ${text(32)}` };
    default:
      return {};
  }
}

function secondsOf(duration: string): number {
  const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
  return [...duration.matchAll(/([\d.]+)([hms])/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0),
    0,
  );
}

/** Puts an AWS resource into the world, in creation until its duration is over, with what AWS makes along with it. */
export async function makeAws(
  kind: ResourceKind,
  making: Making,
  tags: Readonly<Record<string, string>>,
  address: string,
  clusterEndpoints: ClusterEndpoints,
): Promise<Made> {
  const { world } = making;
  const id = kind.id(making);
  const arn = arnOf(kind, making, id);
  const now = world.clock.now().getTime();
  const milliseconds = world.chance.milliseconds(`create ${address}`, durationOf(kind.type).create);
  const endpoint = kind.type === 'eks:cluster' ? await clusterEndpoints(id) : undefined;
  const resource = world.aws.put({
    arn,
    type: kind.type,
    id,
    region: making.region,
    tags: { ...tags },
    madeBy: 'terraform',
    createdAt: new Date(now).toISOString(),
    activeAt: new Date(now + milliseconds).toISOString(),
    attributes: { ...kind.attributes?.(making, id), ...endpoint },
  });
  if (kind.type === 'eks:cluster') addClusterParts(making, resource);
  if (kind.type === 'eks:nodegroup') addInstances(making, resource);
  return {
    attributes: {
      ...making.arguments,
      id: IDS_BY_ARN.has(kind.type) ? arn : id,
      arn,
      ...kind.computed?.(making, id),
      ...(endpoint
        ? { endpoint: endpoint.endpoint, certificate_authority: [{ data: endpoint.certificateAuthority }] }
        : {}),
    },
    resource,
    milliseconds,
  };
}

/** Types whose Terraform id is their ARN. */
const IDS_BY_ARN = new Set([
  'iam:policy',
  'iam:oidc-provider',
  'elasticloadbalancing:loadbalancer',
  'elasticloadbalancing:targetgroup',
]);

/** EKS makes a security group and network interfaces of its own; both go with the cluster. Its log group stays. */
function addClusterParts(making: Making, cluster: AwsResource): void {
  const { world } = making;
  const name = cluster.id;
  const vpcId = textAttribute(cluster, 'vpcId');
  const owned = { [`kubernetes.io/cluster/${name}`]: 'owned', 'aws:eks:cluster-name': name };
  const groupId = textAttribute(cluster, 'securityGroupId');
  const part = {
    region: cluster.region,
    madeBy: 'eks' as const,
    createdAt: cluster.createdAt,
    activeAt: cluster.activeAt,
  };
  world.aws.put({
    ...part,
    arn: ec2Arn(making, 'security-group', groupId),
    type: 'ec2:security-group',
    id: groupId,
    tags: { ...owned, Name: `eks-cluster-sg-${name}` },
    attributes: { vpcId, groupName: `eks-cluster-sg-${name}`, partOf: cluster.arn },
  });
  for (const subnetId of listAttribute(cluster, 'subnetIds').slice(0, 2)) {
    const id = `eni-0${hexOf(world.chance, `${making.seed} ${subnetId}`, 16)}`;
    world.aws.put({
      ...part,
      arn: ec2Arn(making, 'network-interface', id),
      type: 'ec2:network-interface',
      id,
      tags: owned,
      attributes: {
        vpcId,
        subnetId,
        description: `Amazon EKS ${name}`,
        securityGroups: [groupId],
        partOf: cluster.arn,
      },
    });
  }
  const creator = blockOf(making, 'access_config')['bootstrap_cluster_creator_admin_permissions'] !== false;
  if (creator)
    cluster.attributes['accessEntries'] = { [callerRoleArn(world.account)]: ['AmazonEKSClusterAdminPolicy'] };
  const logGroup = `/aws/eks/${name}/cluster`;
  if (listAttribute(cluster, 'logTypes').length > 0 && !world.aws.find('logs:log-group', logGroup)) {
    const arn = `arn:aws:logs:${cluster.region}:${world.account}:log-group:${logGroup}`;
    world.aws.put({ ...part, arn, type: 'logs:log-group', id: logGroup, tags: {}, attributes: {} });
  }
}

/** Nodes join shortly before their group counts as active. */
const JOIN_MILLISECONDS = 30_000;

function addInstances(making: Making, group: AwsResource): void {
  const { world } = making;
  const clusterName = textAttribute(group, 'clusterName');
  const nodegroupName = textAttribute(group, 'nodegroupName');
  const template = world.aws.find('ec2:launch-template', textAttribute(group, 'launchTemplateId'));
  const templateTags = template?.attributes['instanceTags'] as Record<string, string> | undefined;
  const subnetIds = listAttribute(group, 'subnetIds');
  const started = Math.max(Date.parse(group.createdAt), Date.parse(group.activeAt) - JOIN_MILLISECONDS);
  for (let index = 0; index < Number(group.attributes['desiredSize']); index += 1) {
    const id = `i-0${hexOf(world.chance, `${making.seed} ${index}`, 16)}`;
    world.aws.put({
      arn: ec2Arn(making, 'instance', id),
      type: 'ec2:instance',
      id,
      region: group.region,
      tags: {
        ...templateTags,
        'eks:cluster-name': clusterName,
        'eks:nodegroup-name': nodegroupName,
        [`kubernetes.io/cluster/${clusterName}`]: 'owned',
      },
      madeBy: 'eks',
      createdAt: new Date(started).toISOString(),
      activeAt: new Date(started).toISOString(),
      attributes: {
        instanceType: listAttribute(group, 'instanceTypes')[0],
        vpcId: textAttribute(group, 'vpcId'),
        subnetId: subnetIds[index % Math.max(1, subnetIds.length)] ?? '',
        clusterName,
        nodegroupName,
        partOf: group.arn,
      },
    });
  }
}

function ec2Arn({ world, region }: Making, kind: string, id: string): string {
  return `arn:aws:ec2:${region}:${world.account}:${kind}/${id}`;
}

/** Tags of a resource: the provider's `default_tags`, then its own. */
export function tagsOfArguments(given: ObjectValue, defaults: ObjectValue): Record<string, string> {
  const own = isObject(given['tags']) ? given['tags'] : {};
  const tags = Object.entries({ ...defaults, ...own }).map(([name, value]) => [name, textOf(value) ?? '']);
  return Object.fromEntries(tags) as Record<string, string>;
}
