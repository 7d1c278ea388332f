import { DeleteLogGroupCommand, DescribeLogGroupsCommand, type LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { DescribeClusterCommand, DescribeNodegroupCommand, ListNodegroupsCommand } from '@aws-sdk/client-eks';
import { DescribeLoadBalancersCommand, DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetInstanceProfileCommand,
  ListInstanceProfilesCommand,
  ListOpenIDConnectProvidersCommand,
  ListOpenIDConnectProviderTagsCommand,
  ListRolesCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListRoleTagsCommand,
} from '@aws-sdk/client-iam';
import { DescribeKeyCommand, NotFoundException } from '@aws-sdk/client-kms';
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';
import { inventoryMocks } from '../support/inventory-mocks';

const EC2 = 'arn:aws:ec2:eu-central-1:000000000000:';
const IAM = 'arn:aws:iam::000000000000:';
const ELB = 'arn:aws:elasticloadbalancing:eu-central-1:000000000000:';
const SCOPE = { drillId: 'example-1-a1b2c3', clusterName: 'drill-a1b2c3', vpcId: 'vpc-1', volumeIds: [] };
const CREATED = new Date('2026-10-05T06:10:00Z');
const mocks = inventoryMocks();
const { inventory, remember, tagging, ec2, elb, eks, logs, iam, kms } = mocks;

beforeEach(mocks.reset);

async function found(changes: Partial<typeof SCOPE> = {}): Promise<string[]> {
  return (await inventory.find({ ...SCOPE, ...changes })).map(({ arn }) => arn);
}

test('an account without anything of the drill has an empty inventory', async () => {
  expect(await found()).toEqual([]);
  expect(await inventory.account()).toBe('000000000000');
});

describe('by tag', () => {
  test('every tag that Terraform or a controller may have set is one question', async () => {
    await found();
    expect(tagging.commandCalls(GetResourcesCommand).map(({ args: [{ input }] }) => input.TagFilters)).toEqual([
      [{ Key: 'cluster-drill', Values: ['example-1-a1b2c3'] }],
      [{ Key: 'kubernetes.io/cluster/drill-a1b2c3', Values: ['owned'] }],
      [{ Key: 'elbv2.k8s.aws/cluster', Values: ['drill-a1b2c3'] }],
      [{ Key: 'ebs.csi.aws.com/cluster-name', Values: ['drill-a1b2c3'] }],
      [{ Key: 'cluster.k8s.amazonaws.com/name', Values: ['drill-a1b2c3'] }],
      [{ Key: 'eks:cluster-name', Values: ['drill-a1b2c3'] }],
      [{ Key: 'eks:eks-cluster-name', Values: ['drill-a1b2c3'] }],
      [{ Key: 'aws:eks:cluster-name', Values: ['drill-a1b2c3'] }],
      [{ Key: 'karpenter.k8s.aws/cluster', Values: ['drill-a1b2c3'] }],
      [{ Key: 'karpenter.sh/managed-by', Values: ['drill-a1b2c3'] }],
    ]);
  });

  test('what the tagging API only remembers is not there: its own service decides', async () => {
    remember('cluster-drill', SCOPE.drillId, [
      `${EC2}volume/vol-gone`,
      `${EC2}volume/vol-deleting`,
      `${EC2}volume/vol-1`,
      `${ELB}loadbalancer/app/gone/1`,
      'arn:aws:logs:eu-central-1:000000000000:log-group:/gone',
      'arn:aws:kms:eu-central-1:000000000000:key/gone',
      'arn:aws:eks:eu-central-1:000000000000:cluster/gone',
      `${IAM}policy/gone`,
    ]);
    ec2
      .on(DescribeVolumesCommand, {
        Filters: [{ Name: 'volume-id', Values: ['vol-gone', 'vol-deleting', 'vol-1'] }],
      })
      .resolves({
        Volumes: [
          { VolumeId: 'vol-1', State: 'available', Size: 20, CreateTime: CREATED },
          { VolumeId: 'vol-deleting', State: 'deleting' },
        ],
      });
    kms.on(DescribeKeyCommand).rejects(new NotFoundException({ message: 'none', $metadata: {} }));
    expect(await inventory.find(SCOPE)).toEqual([
      {
        arn: `${EC2}volume/vol-1`,
        type: 'ec2:volume',
        tags: { 'cluster-drill': SCOPE.drillId },
        reason: `tag cluster-drill=${SCOPE.drillId}`,
        layer: 'cluster',
        size: '20',
        createdAt: '2026-10-05T06:10:00.000Z',
      },
    ]);
  });

  test('a resource that carries several tags and stands in the VPC is counted once, with the first reason', async () => {
    const arn = `${ELB}loadbalancer/net/k8s/1`;
    remember('cluster-drill', SCOPE.drillId, [arn], { 'elbv2.k8s.aws/cluster': 'drill-a1b2c3' });
    remember('elbv2.k8s.aws/cluster', 'drill-a1b2c3', [arn]);
    elb.on(DescribeLoadBalancersCommand).resolves({
      LoadBalancers: [
        { LoadBalancerArn: arn, VpcId: 'vpc-1', CreatedTime: CREATED },
        { LoadBalancerArn: `${ELB}loadbalancer/app/other/2`, VpcId: 'vpc-2' },
      ],
    });
    expect(await inventory.find(SCOPE)).toEqual([
      {
        arn,
        type: 'elasticloadbalancing:loadbalancer',
        tags: { 'cluster-drill': SCOPE.drillId, 'elbv2.k8s.aws/cluster': 'drill-a1b2c3' },
        reason: `tag cluster-drill=${SCOPE.drillId}`,
        vpcId: 'vpc-1',
        createdAt: '2026-10-05T06:10:00.000Z',
      },
    ]);
  });

  test('what cannot outlive its owner is not counted beside it', async () => {
    remember('elbv2.k8s.aws/cluster', 'drill-a1b2c3', [
      `${ELB}listener/app/x/1/2`,
      `${ELB}listener-rule/app/x/1/2/3`,
      `${EC2}security-group-rule/sgr-1`,
      'arn:aws:eks:eu-central-1:000000000000:addon/drill-a1b2c3/coredns/1',
    ]);
    expect(await found()).toEqual([]);
  });

  test('a type that no service here can confirm is reported as such, not left out', async () => {
    remember('cluster-drill', SCOPE.drillId, [
      'arn:aws:sqs:eu-central-1:000000000000:karpenter',
      `${ELB}loadbalancer/classic`,
    ]);
    const items = await inventory.find(SCOPE);
    expect(items.map(({ type, reason }) => [type, reason])).toEqual([
      ['sqs', `tag cluster-drill=${SCOPE.drillId} (not confirmed by its service)`],
    ]);
    expect(await inventory.remove(items[0]!)).toBe(
      'cluster-drill cannot delete resources of type sqs; delete it by hand',
    );
  });
});

describe('by VPC', () => {
  const inVpc = { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] };

  test('untagged leftovers in the VPC count, but not what goes with something else', async () => {
    const tagged = { Filters: [{ Name: 'tag:cluster-drill', Values: [SCOPE.drillId] }] };
    for (const question of [inVpc, tagged]) {
      ec2.on(DescribeVpcsCommand, question).resolves({ Vpcs: [{ VpcId: 'vpc-1' }] });
    }
    ec2.on(DescribeSubnetsCommand, inVpc).resolves({ Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1' }] });
    ec2.on(DescribeSecurityGroupsCommand, inVpc).resolves({
      SecurityGroups: [
        { GroupId: 'sg-default', GroupName: 'default', VpcId: 'vpc-1' },
        { GroupId: 'sg-1', GroupName: 'k8s-traffic', VpcId: 'vpc-1' },
      ],
    });
    ec2.on(DescribeRouteTablesCommand, inVpc).resolves({
      RouteTables: [
        { RouteTableId: 'rtb-main', VpcId: 'vpc-1', Associations: [{ Main: true }] },
        { RouteTableId: 'rtb-1', VpcId: 'vpc-1', Associations: [{ Main: false }] },
      ],
    });
    ec2.on(DescribeNetworkInterfacesCommand, inVpc).resolves({
      NetworkInterfaces: [
        { NetworkInterfaceId: 'eni-cni', VpcId: 'vpc-1' },
        { NetworkInterfaceId: 'eni-elb', VpcId: 'vpc-1', RequesterManaged: true },
        { NetworkInterfaceId: 'eni-node', VpcId: 'vpc-1', Attachment: { DeleteOnTermination: true } },
      ],
    });
    ec2.on(DescribeInstancesCommand, inVpc).resolves({
      Reservations: [
        {
          Instances: [
            { InstanceId: 'i-1', State: { Name: 'running' }, InstanceType: 'm5.large', VpcId: 'vpc-1' },
            { InstanceId: 'i-2', State: { Name: 'terminated' } },
            { InstanceId: 'i-3', State: { Name: 'shutting-down' } },
          ],
        },
      ],
    });
    ec2.on(DescribeNatGatewaysCommand, { Filter: inVpc.Filters }).resolves({
      NatGateways: [
        { NatGatewayId: 'nat-1', State: 'available', VpcId: 'vpc-1' },
        { NatGatewayId: 'nat-2', State: 'deleted', VpcId: 'vpc-1' },
      ],
    });
    ec2
      .on(DescribeInternetGatewaysCommand, { Filters: [{ Name: 'attachment.vpc-id', Values: ['vpc-1'] }] })
      .resolves({ InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1' }] }] });
    elb.on(DescribeTargetGroupsCommand).resolves({
      TargetGroups: [
        { TargetGroupArn: `${ELB}targetgroup/k8s/1`, VpcId: 'vpc-1' },
        { TargetGroupArn: `${ELB}targetgroup/k8s/2`, VpcId: 'vpc-2' },
      ],
    });
    const items = await inventory.find(SCOPE);
    expect(items.map(({ arn }) => arn.split(':').at(-1))).toEqual([
      'targetgroup/k8s/1',
      'instance/i-1',
      'natgateway/nat-1',
      'network-interface/eni-cni',
      'security-group/sg-1',
      'subnet/subnet-1',
      'route-table/rtb-1',
      'internet-gateway/igw-1',
      'vpc/vpc-1',
    ]);
    expect(new Set(items.map(({ reason, vpcId }) => `${reason} ${vpcId}`))).toEqual(new Set(['VPC vpc-1 vpc-1']));
  });

  test('without a VPC nothing is looked for by VPC', async () => {
    await inventory.find({ drillId: SCOPE.drillId, clusterName: SCOPE.clusterName, volumeIds: [] });
    const asked = ec2
      .calls()
      .map(({ args: [{ input }] }) => (input as { Filters: { Name: string }[] }).Filters[0]?.Name);
    // First its VPCs; volumes, launch templates and addresses stand in none.
    expect(asked.toSorted()).toEqual([
      ...Array<string>(4).fill('tag:cluster-drill'),
      'tag:ebs.csi.aws.com/cluster-name',
      'tag:karpenter.k8s.aws/cluster',
    ]);
  });
});

test('volumes of claims are found by their ids, although no tag ties them to the drill', async () => {
  ec2
    .on(DescribeVolumesCommand, { Filters: [{ Name: 'volume-id', Values: ['vol-7', 'vol-8'] }] })
    .resolves({ Volumes: [{ VolumeId: 'vol-7', State: 'in-use', Size: 8 }] });
  expect(await inventory.find({ ...SCOPE, volumeIds: ['vol-7', 'vol-8'] })).toMatchObject([
    { arn: `${EC2}volume/vol-7`, reason: 'volume of a claim of the drill cluster', size: '8' },
  ]);
});

test('what stands in no VPC is found by its tag, even before the tagging API knows it', async () => {
  const Filters = [{ Name: 'tag:cluster-drill', Values: [SCOPE.drillId] }];
  const Tags = [{ Key: 'cluster-drill', Value: SCOPE.drillId }];
  ec2.on(DescribeAddressesCommand, { Filters }).resolves({ Addresses: [{ AllocationId: 'eipalloc-1', Tags }] });
  ec2.on(DescribeVolumesCommand, { Filters }).resolves({ Volumes: [{ VolumeId: 'vol-1', State: 'available', Tags }] });
  const items = await inventory.find(SCOPE);
  expect(items.map(({ arn, reason }) => [arn, reason])).toEqual([
    [`${EC2}volume/vol-1`, `tag cluster-drill=${SCOPE.drillId}`],
    [`${EC2}elastic-ip/eipalloc-1`, `tag cluster-drill=${SCOPE.drillId}`],
  ]);
});

test('tagged launch templates, addresses and endpoints are confirmed by EC2', async () => {
  const tagged = ['launch-template/lt-1', 'launch-template/lt-gone', 'elastic-ip/eipalloc-1', 'vpc-endpoint/vpce-1'];
  remember(
    'cluster-drill',
    SCOPE.drillId,
    tagged.map((each) => `${EC2}${each}`),
  );
  ec2.on(DescribeLaunchTemplatesCommand, { Filters: [] }).resolves({
    LaunchTemplates: [{ LaunchTemplateId: 'lt-other' }, { LaunchTemplateId: 'lt-1' }],
  });
  ec2.on(DescribeAddressesCommand).resolves({ Addresses: [{ AllocationId: 'eipalloc-1' }] });
  ec2.on(DescribeVpcEndpointsCommand).resolves({ VpcEndpoints: [{ VpcEndpointId: 'vpce-1', State: 'Available' }] });
  expect(await found()).toEqual(
    ['launch-template/lt-1', 'elastic-ip/eipalloc-1', 'vpc-endpoint/vpce-1'].map((each) => `${EC2}${each}`),
  );
});

test('the cluster and its node groups are found by name, without any tag', async () => {
  const arn = 'arn:aws:eks:eu-central-1:000000000000:cluster/drill-a1b2c3';
  const nodegroupArn = 'arn:aws:eks:eu-central-1:000000000000:nodegroup/drill-a1b2c3/default/1';
  eks.on(DescribeClusterCommand, { name: 'drill-a1b2c3' }).resolves({
    cluster: { arn, createdAt: CREATED, tags: { a: 'b' }, resourcesVpcConfig: { vpcId: 'vpc-1' } },
  });
  eks.on(ListNodegroupsCommand).resolves({ nodegroups: ['default', 'gone'] });
  eks.on(DescribeNodegroupCommand, { nodegroupName: 'default' }).resolves({ nodegroup: { nodegroupArn } });
  expect(await inventory.find(SCOPE)).toMatchObject([
    { arn: nodegroupArn, type: 'eks:nodegroup', reason: 'node group of cluster drill-a1b2c3' },
    { arn, type: 'eks:cluster', reason: 'name of the drill cluster', tags: { a: 'b' }, vpcId: 'vpc-1' },
  ]);
});

test('the log group that EKS makes again is found by its exact name', async () => {
  const name = '/aws/eks/drill-a1b2c3/cluster';
  const logGroups: LogGroup[] = [{ logGroupName: `${name}-other` }, { logGroupName: name, creationTime: 0 }];
  logs.on(DescribeLogGroupsCommand, { logGroupNamePrefix: name }).resolves({ logGroups });
  logs.on(DeleteLogGroupCommand).resolves({});
  const [item] = await inventory.find(SCOPE);
  expect(item).toMatchObject({
    arn: `arn:aws:logs:eu-central-1:000000000000:log-group:${name}`,
    type: 'logs:log-group',
    createdAt: '1970-01-01T00:00:00.000Z',
  });
  await inventory.remove(item!);
  expect(logs.commandCalls(DeleteLogGroupCommand)[0]?.args[0].input).toEqual({ logGroupName: name });
});

test('a key whose deletion is scheduled is no leak any more', async () => {
  const arn = 'arn:aws:kms:eu-central-1:000000000000:key/';
  remember('cluster-drill', SCOPE.drillId, [`${arn}1`, `${arn}2`]);
  kms.on(DescribeKeyCommand, { KeyId: `${arn}1` }).resolves({ KeyMetadata: { KeyId: '1', CreationDate: CREATED } });
  kms
    .on(DescribeKeyCommand, { KeyId: `${arn}2` })
    .resolves({ KeyMetadata: { KeyId: '2', CreationDate: CREATED, DeletionDate: new Date() } });
  expect(await found()).toEqual([`${arn}1`]);
});

describe('in IAM', () => {
  test('roles and instance profiles are found by the name of the cluster in theirs, with their tags', async () => {
    iam.on(ListRolesCommand, { Marker: undefined }).resolves({
      Roles: [role('drill-a1b2c3-nodes'), role('admin')],
      IsTruncated: true,
      Marker: 'more',
    });
    iam.on(ListRolesCommand, { Marker: 'more' }).resolves({ Roles: [role('drill-d4e5f6-nodes')] });
    iam
      .on(ListRoleTagsCommand, { RoleName: 'drill-a1b2c3-nodes' })
      .resolves({ Tags: [{ Key: 'cluster-drill', Value: SCOPE.drillId }] });
    const profile = {
      Arn: `${IAM}instance-profile/drill-a1b2c3_1`,
      InstanceProfileName: 'drill-a1b2c3_1',
      Path: '/',
      InstanceProfileId: '1',
      CreateDate: CREATED,
      Roles: [],
    };
    iam.on(ListInstanceProfilesCommand).resolves({ InstanceProfiles: [profile] });
    // Only asking for one of them shows its tags.
    const Tags = [{ Key: 'kubernetes.io/cluster/drill-a1b2c3', Value: 'owned' }];
    iam.on(GetInstanceProfileCommand).resolves({ InstanceProfile: { ...profile, Tags } });
    expect(await inventory.find(SCOPE)).toEqual([
      {
        arn: `${IAM}role/drill-a1b2c3-nodes`,
        type: 'iam:role',
        tags: { 'cluster-drill': SCOPE.drillId },
        reason: `tag cluster-drill=${SCOPE.drillId}`,
        createdAt: '2026-10-05T06:10:00.000Z',
      },
      {
        arn: `${IAM}instance-profile/drill-a1b2c3_1`,
        type: 'iam:instance-profile',
        tags: { 'kubernetes.io/cluster/drill-a1b2c3': 'owned' },
        reason: 'tag kubernetes.io/cluster/drill-a1b2c3',
        createdAt: '2026-10-05T06:10:00.000Z',
      },
    ]);
  });

  test('policies of the account are found by name or tag, with their tags', async () => {
    remember('cluster-drill', SCOPE.drillId, [`${IAM}policy/tagged`, `${IAM}policy/gone`]);
    iam.on(ListPoliciesCommand, { Scope: 'Local' }).resolves({
      Policies: [policy('drill-a1b2c3-dns'), policy('tagged'), policy('other')],
    });
    iam.on(ListPolicyTagsCommand, { PolicyArn: `${IAM}policy/drill-a1b2c3-dns` }).resolves({
      Tags: [{ Key: 'cluster-drill', Value: SCOPE.drillId }],
    });
    expect(await inventory.find(SCOPE)).toMatchObject([
      { arn: `${IAM}policy/drill-a1b2c3-dns`, tags: { 'cluster-drill': SCOPE.drillId } },
      { arn: `${IAM}policy/tagged`, reason: `tag cluster-drill=${SCOPE.drillId}` },
    ]);
  });

  test('OIDC providers are found by the tag of the drill', async () => {
    const arn = `${IAM}oidc-provider/oidc.example.com/id/`;
    iam.on(ListOpenIDConnectProvidersCommand).resolves({
      OpenIDConnectProviderList: [{ Arn: `${arn}1` }, { Arn: `${arn}2` }],
    });
    iam
      .on(ListOpenIDConnectProviderTagsCommand, { OpenIDConnectProviderArn: `${arn}2` })
      .resolves({ Tags: [{ Key: 'cluster-drill', Value: SCOPE.drillId }] });
    expect(await found()).toEqual([`${arn}2`]);
  });
});

function role(RoleName: string) {
  return { Arn: `${IAM}role/${RoleName}`, RoleName, Path: '/', RoleId: RoleName, CreateDate: CREATED };
}

function policy(PolicyName: string) {
  return { Arn: `${IAM}policy/${PolicyName}`, PolicyName, CreateDate: CREATED };
}
