import type { Account, Resource } from './account';

/** A resource that the simulated Terraform makes. */
export interface PlannedResource {
  readonly address: string;
  /** How long creating and destroying it takes, in seconds. */
  readonly seconds: readonly [create: number, destroy: number];
  readonly make: Resource;
  /** Further resources that AWS makes with it and takes along, such as the instances of a node group. */
  readonly with?: readonly Resource[];
}

export interface PlanInput {
  readonly account: Pick<Account, 'arnOf'>;
  readonly clusterName: string;
  readonly drillId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What Terraform makes for a drill cluster, in the order of its dependencies: few resources, but of every nature. */
export function terraformPlan({ account, clusterName, drillId, tags }: PlanInput): readonly PlannedResource[] {
  const vpcId = `vpc-${clusterName}`;
  const resource = (type: string, id: string, uses: readonly Resource[], more: Partial<Resource> = {}): Resource => ({
    arn: account.arnOf(type, id),
    type,
    id,
    tags,
    owner: drillId,
    uses: uses.map(({ arn }) => arn),
    ...more,
  });
  const vpc = resource('ec2:vpc', vpcId, [], { vpcId });
  const subnet = resource('ec2:subnet', `subnet-${clusterName}`, [vpc], { vpcId });
  const address = resource('ec2:elastic-ip', `eipalloc-${clusterName}`, []);
  const gateway = resource('ec2:natgateway', `nat-${clusterName}`, [subnet, address], { vpcId });
  const role = resource('iam:role', `${clusterName}-cluster`, []);
  const logs = resource('logs:log-group', `/aws/eks/${clusterName}/cluster`, []);
  const cluster = resource('eks:cluster', clusterName, [subnet, role], { vpcId });
  const nodes = resource('eks:nodegroup', `${clusterName}/default/1`, [cluster, subnet], { size: '1' });
  const instance = resource('ec2:instance', `i-${clusterName}`, [subnet], {
    vpcId,
    size: 'm7g.large',
    tags: { 'eks:cluster-name': clusterName },
  });
  return [
    { address: 'aws_vpc.this', seconds: [3, 1], make: vpc },
    { address: 'aws_subnet.this', seconds: [2, 1], make: subnet },
    { address: 'aws_eip.nat', seconds: [1, 1], make: address },
    { address: 'aws_nat_gateway.this', seconds: [20, 40], make: gateway },
    { address: 'aws_iam_role.cluster', seconds: [1, 1], make: role },
    { address: 'aws_cloudwatch_log_group.cluster', seconds: [1, 1], make: logs },
    { address: 'aws_eks_cluster.this', seconds: [240, 120], make: cluster },
    { address: 'aws_eks_node_group.this', seconds: [60, 90], make: nodes, with: [instance] },
  ];
}

/** The outputs that the contract asks for. */
export function terraformOutputs({ clusterName }: PlanInput): Readonly<Record<string, { value: unknown }>> {
  return { cluster_name: { value: clusterName }, vpc_id: { value: `vpc-${clusterName}` } };
}
