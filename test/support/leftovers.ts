import type { AwsResource } from '../../local/world/aws-resources';

const REGION = 'eu-central-1';
const ACCOUNT = '000000000000';
export const DRILL_TAG = { 'cluster-drill': 'example-1-a1b2c3' };
const CLUSTER = 'drill-a1b2c3';
const MADE = '2026-10-05T06:10:00.000Z';

function resource(
  type: string,
  id: string,
  attributes: Record<string, unknown> = {},
  tags: Record<string, string> = {},
): AwsResource {
  const [service = '', kind = ''] = type.split(':');
  const place = service === 'iam' ? '' : REGION;
  const separator = service === 'logs' ? ':' : '/';
  const arn = `arn:aws:${service}:${place}:${ACCOUNT}:${kind}${separator}${id}`;
  return {
    arn,
    type,
    id,
    region: REGION,
    tags,
    madeBy: 'other',
    createdAt: MADE,
    activeAt: MADE,
    attributes,
  };
}

/** A Classic Load Balancer has the same word in its ARN as the newer ones, and a kind of its own here. */
function classic(name: string, attributes: Record<string, unknown>, tags: Record<string, string>): AwsResource {
  const arn = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/${name}`;
  return { ...resource('elasticloadbalancing:classic-loadbalancer', name, attributes, tags), arn };
}

function alias(name: string, targetKeyId: string): AwsResource {
  return { ...resource('kms:alias', name, { targetKeyId }), arn: `arn:aws:kms:${REGION}:${ACCOUNT}:${name}` };
}

/** What a torn down drill may leave, by tag, by VPC, by name and by id. */
export function leftoverResources(): readonly AwsResource[] {
  const inVpc = { vpcId: 'vpc-1' };
  return [
    resource('eks:cluster', CLUSTER, { name: CLUSTER, version: '1.35', ...inVpc }),
    resource('eks:nodegroup', `${CLUSTER}/default/1`, {
      clusterName: CLUSTER,
      nodegroupName: 'default',
      desiredSize: 3,
    }),
    resource('ec2:instance', 'i-1', { instanceType: 'm5.large', subnetId: 'subnet-1', ...inVpc }),
    resource('ec2:volume', 'vol-claim', { size: 20 }),
    resource('ec2:volume', 'vol-tagged', { size: 8 }, { [`kubernetes.io/cluster/${CLUSTER}`]: 'owned' }),
    resource('ec2:vpc', 'vpc-1', inVpc, DRILL_TAG),
    resource('ec2:subnet', 'subnet-1', inVpc),
    resource('ec2:security-group', 'sg-1', { groupName: `k8s-traffic-${CLUSTER}`, ...inVpc }),
    resource('ec2:internet-gateway', 'igw-1', inVpc, DRILL_TAG),
    resource('ec2:natgateway', 'nat-1', { allocationId: 'eipalloc-1', subnetId: 'subnet-1', ...inVpc }, DRILL_TAG),
    resource('ec2:elastic-ip', 'eipalloc-1', {}, DRILL_TAG),
    resource('elasticloadbalancing:loadbalancer', 'net/k8s/1', inVpc, { 'elbv2.k8s.aws/cluster': CLUSTER }),
    resource('elasticloadbalancing:targetgroup', 'k8s/1', inVpc),
    resource('logs:log-group', `/aws/eks/${CLUSTER}/cluster`),
    resource('iam:role', `${CLUSTER}-nodes`, { attachedPolicies: ['arn:aws:iam::aws:policy/A'] }, DRILL_TAG),
    resource('iam:oidc-provider', 'oidc.example.com/id/1', {}, DRILL_TAG),
    resource('kms:key', 'key-1', {}, DRILL_TAG),
    alias('alias/eks/drill-a1b2c3', 'key-1'),
    resource('ec2:network-acl', 'acl-1', inVpc),
    resource('ec2:egress-only-internet-gateway', 'eigw-1', inVpc),
    resource('ec2:network-interface', 'eni-cni', inVpc, { 'cluster.k8s.amazonaws.com/name': CLUSTER }),
    resource('ec2:volume', 'vol-attached', { size: 10, instanceId: 'i-1' }),
    resource(
      'ec2:instance',
      'i-karpenter',
      { instanceType: 'm5.large' },
      { 'karpenter.sh/nodepool': 'default', [`kubernetes.io/cluster/${CLUSTER}`]: 'owned' },
    ),
    resource('ec2:launch-template', 'lt-karpenter', {}, { 'karpenter.k8s.aws/cluster': CLUSTER }),
    resource('iam:instance-profile', `${CLUSTER}_1`, {}, { [`kubernetes.io/cluster/${CLUSTER}`]: 'owned' }),
    resource('iam:policy', 'dns', {}, DRILL_TAG),
    classic('a0123456789', inVpc, { [`kubernetes.io/cluster/${CLUSTER}`]: 'owned' }),
  ];
}

/** What is none of the drill's: another drill's or cluster's, what is shared, what is older, and what is gone. */
export function bystanderResources(): readonly AwsResource[] {
  return [
    resource('ec2:vpc', 'vpc-2', { vpcId: 'vpc-2' }, { 'cluster-drill': 'example-2-d4e5f6' }),
    resource('ec2:subnet', 'subnet-2', { vpcId: 'vpc-2' }, { [`kubernetes.io/cluster/${CLUSTER}`]: 'shared' }),
    resource('eks:cluster', 'drill-d4e5f6', { name: 'drill-d4e5f6', version: '1.35', vpcId: 'vpc-2' }),
    resource('iam:role', 'drill-d4e5f6-nodes'),
    resource(
      'ec2:instance',
      'i-other',
      {},
      { 'karpenter.sh/nodepool': 'default', 'eks:eks-cluster-name': 'production' },
    ),
    classic('b0123456789', { vpcId: 'vpc-2' }, { 'kubernetes.io/cluster/production': 'owned' }),
    resource('elasticloadbalancing:loadbalancer', 'net/other/2', { vpcId: 'vpc-2' }),
    resource('logs:log-group', `/aws/eks/${CLUSTER}/cluster-of-another`),
    { ...resource('kms:key', 'key-old', {}, DRILL_TAG), createdAt: '2025-01-01T00:00:00.000Z' },
    { ...resource('ec2:volume', 'vol-gone', {}, DRILL_TAG), goneAt: '2026-10-05T08:00:00.000Z' },
  ];
}
