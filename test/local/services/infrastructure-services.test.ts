import { CloudWatchLogsClient, DeleteLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteInternetGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSubnetCommand,
  DeleteVolumeCommand,
  DeleteVpcCommand,
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
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteClusterCommand,
  DeleteNodegroupCommand,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeClusterVersionsCommand,
  DescribeNodegroupCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListAddonsCommand,
  ListAssociatedAccessPoliciesCommand,
  ListClustersCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import {
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListInstanceProfilesCommand,
  ListOpenIDConnectProvidersCommand,
  ListRoleTagsCommand,
  paginateListRoles,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { paginateGetResources, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { createEndpoint, type Endpoint } from '../../../local/endpoint';
import { infrastructureServices } from '../../../local/services/infrastructure';
import type { SimulatedAccount } from '../../../local/world/simulated-account';
import { simulatedAccount, TestClock } from '../world/terraform/stand-in';
import { put } from './put-resource';

let clock: TestClock;
let world: SimulatedAccount;
let endpoint: Endpoint;

beforeEach(async () => {
  clock = new TestClock();
  world = simulatedAccount(clock);
  endpoint = await createEndpoint({ services: infrastructureServices(world) });
});
afterEach(() => endpoint.close());

function eks(): EKSClient {
  return new EKSClient({ endpoint: endpoint.url });
}

function ec2(): EC2Client {
  return new EC2Client({ endpoint: endpoint.url });
}

function iam(): IAMClient {
  return new IAMClient({ endpoint: endpoint.url });
}

function inMinutes(minutes: number): string {
  return new Date(clock.now().getTime() + minutes * 60_000).toISOString();
}

describe('EKS', () => {
  const attributes = {
    name: 'drill-abc123',
    version: '1.35',
    endpoint: 'https://example.com',
    certificateAuthority: 'Q0E=',
    vpcId: 'vpc-1',
    subnetIds: ['subnet-1'],
    oidcIssuer: 'https://oidc.example.com',
    authenticationMode: 'API',
  };

  test('a cluster is CREATING without an address, then ACTIVE with one, then DELETING', async () => {
    put(world, 'eks:cluster', 'drill-abc123', { attributes, activeAt: inMinutes(9) });
    const describe = new DescribeClusterCommand({ name: 'drill-abc123' });
    const creating = (await eks().send(describe)).cluster;
    expect(creating?.status).toBe('CREATING');
    expect(creating?.endpoint).toBeUndefined();
    await clock.sleep(9 * 60_000);
    expect((await eks().send(describe)).cluster).toMatchObject({
      status: 'ACTIVE',
      endpoint: 'https://example.com',
      certificateAuthority: { data: 'Q0E=' },
      createdAt: new Date('2026-10-05T06:00:00.000Z'),
      resourcesVpcConfig: { vpcId: 'vpc-1', subnetIds: ['subnet-1'] },
      accessConfig: { authenticationMode: 'API' },
      tags: { 'cluster-drill': 'd1' },
    });
    await eks().send(new DeleteClusterCommand({ name: 'drill-abc123' }));
    expect((await eks().send(describe)).cluster?.status).toBe('DELETING');
    await clock.sleep(600_000);
    await expect(eks().send(describe)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect((await eks().send(new ListClustersCommand({}))).clusters).toEqual([]);
  });

  test('node groups and add-ons are listed and described, and hold their cluster', async () => {
    put(world, 'eks:cluster', 'drill-abc123', { attributes });
    const group = {
      clusterName: 'drill-abc123',
      nodegroupName: 'default',
      desiredSize: 3,
      instanceTypes: ['m7g.large'],
    };
    put(world, 'eks:nodegroup', 'drill-abc123:default', {
      attributes: { ...group, minSize: 3, maxSize: 4 },
      activeAt: inMinutes(2),
    });
    put(world, 'eks:addon', 'drill-abc123:coredns', {
      attributes: { clusterName: 'drill-abc123', addonName: 'coredns' },
    });
    const { nodegroups } = await eks().send(new ListNodegroupsCommand({ clusterName: 'drill-abc123' }));
    expect(nodegroups).toEqual(['default']);
    const describe = new DescribeNodegroupCommand({ clusterName: 'drill-abc123', nodegroupName: 'default' });
    expect((await eks().send(describe)).nodegroup).toMatchObject({
      status: 'CREATING',
      scalingConfig: { desiredSize: 3, minSize: 3, maxSize: 4 },
      instanceTypes: ['m7g.large'],
    });
    expect((await eks().send(new ListAddonsCommand({ clusterName: 'drill-abc123' }))).addons).toEqual(['coredns']);
    const addon = await eks().send(new DescribeAddonCommand({ clusterName: 'drill-abc123', addonName: 'coredns' }));
    expect(addon.addon).toMatchObject({ status: 'ACTIVE', health: { issues: [] } });
    await expect(eks().send(new DeleteClusterCommand({ name: 'drill-abc123' }))).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    await eks().send(new DeleteNodegroupCommand({ clusterName: 'drill-abc123', nodegroupName: 'default' }));
    expect((await eks().send(describe)).nodegroup?.status).toBe('DELETING');
  });

  test('a node group that could not be made says why', async () => {
    put(world, 'eks:cluster', 'drill-abc123', { attributes });
    put(world, 'eks:nodegroup', 'drill-abc123:default', {
      attributes: { clusterName: 'drill-abc123', nodegroupName: 'default', status: 'CREATE_FAILED' },
    });
    const describe = new DescribeNodegroupCommand({ clusterName: 'drill-abc123', nodegroupName: 'default' });
    expect((await eks().send(describe)).nodegroup).toMatchObject({
      status: 'CREATE_FAILED',
      health: { issues: [{ code: 'NodeCreationFailure' }] },
    });
  });

  test('access entries are made once, for roles only, and kept in the cluster with their policies', async () => {
    const cluster = put(world, 'eks:cluster', 'drill-abc123', { attributes: { ...attributes } });
    const principalArn = 'arn:aws:iam::000000000000:role/team/viewer';
    const entry = new CreateAccessEntryCommand({ clusterName: 'drill-abc123', principalArn });
    await eks().send(entry);
    await expect(eks().send(entry)).rejects.toMatchObject({ name: 'ResourceInUseException' });
    const session = 'arn:aws:sts::000000000000:assumed-role/viewer/session';
    await expect(
      eks().send(new CreateAccessEntryCommand({ clusterName: 'drill-abc123', principalArn: session })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const policyArn = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy';
    await eks().send(
      new AssociateAccessPolicyCommand({
        clusterName: 'drill-abc123',
        principalArn,
        policyArn,
        accessScope: { type: 'cluster' },
      }),
    );
    expect(cluster.attributes['accessEntries']).toEqual({ [principalArn]: ['AmazonEKSAdminViewPolicy'] });
    const { accessEntries } = await eks().send(new ListAccessEntriesCommand({ clusterName: 'drill-abc123' }));
    expect(accessEntries).toEqual([principalArn]);
    const policies = await eks().send(
      new ListAssociatedAccessPoliciesCommand({ clusterName: 'drill-abc123', principalArn }),
    );
    expect(policies.associatedAccessPolicies?.map((policy) => policy.policyArn)).toEqual([policyArn]);
  });

  test('a cluster of authentication mode CONFIG_MAP has no access entries', async () => {
    put(world, 'eks:cluster', 'old', { attributes: { ...attributes, authenticationMode: 'CONFIG_MAP' } });
    const principalArn = 'arn:aws:iam::000000000000:role/viewer';
    await expect(eks().send(new CreateAccessEntryCommand({ clusterName: 'old', principalArn }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  test('versions tell whether they are still in standard support', async () => {
    const { clusterVersions } = await eks().send(new DescribeClusterVersionsCommand({}));
    const statuses = Object.fromEntries((clusterVersions ?? []).map((one) => [one.clusterVersion, one.versionStatus]));
    expect(statuses).toMatchObject({ '1.35': 'STANDARD_SUPPORT', '1.33': 'EXTENDED_SUPPORT' });
    expect(clusterVersions?.[0]?.endOfStandardSupportDate).toEqual(new Date('2027-03-27'));
  });
});

describe('EC2', () => {
  const byVpc = [{ Name: 'vpc-id', Values: ['vpc-1'] }];
  const byTag = [{ Name: 'tag:cluster-drill', Values: ['d1'] }];

  beforeEach(() => {
    put(world, 'ec2:vpc', 'vpc-1', { attributes: { cidrBlock: '10.0.0.0/16' } });
    put(world, 'ec2:vpc', 'vpc-2', { tags: {} });
  });

  test('every kind is found by VPC or tag, with its fields', async () => {
    const inVpc = { attributes: { vpcId: 'vpc-1', subnetId: 'subnet-1', groupName: 'nodes', size: 20, name: 'nodes' } };
    for (const [type, id] of [
      ['ec2:subnet', 'subnet-1'],
      ['ec2:security-group', 'sg-1'],
      ['ec2:network-interface', 'eni-1'],
      ['ec2:volume', 'vol-1'],
      ['ec2:instance', 'i-1'],
      ['ec2:natgateway', 'nat-1'],
      ['ec2:elastic-ip', 'eipalloc-1'],
      ['ec2:internet-gateway', 'igw-1'],
      ['ec2:route-table', 'rtb-1'],
      ['ec2:launch-template', 'lt-1'],
    ] as const) {
      put(world, type, id, inVpc);
    }
    const client = ec2();
    const tags = [{ Key: 'cluster-drill', Value: 'd1' }];
    const [vpc] = (await client.send(new DescribeVpcsCommand({ Filters: byVpc }))).Vpcs ?? [];
    expect(vpc).toMatchObject({ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', Tags: tags });
    const [subnet] = (await client.send(new DescribeSubnetsCommand({ Filters: byVpc }))).Subnets ?? [];
    expect(subnet).toMatchObject({ SubnetId: 'subnet-1', VpcId: 'vpc-1', Tags: tags });
    const [group] = (await client.send(new DescribeSecurityGroupsCommand({ Filters: byVpc }))).SecurityGroups ?? [];
    expect(group).toMatchObject({ GroupId: 'sg-1', GroupName: 'nodes' });
    const [eni] = (await client.send(new DescribeNetworkInterfacesCommand({ Filters: byVpc }))).NetworkInterfaces ?? [];
    expect(eni).toMatchObject({ NetworkInterfaceId: 'eni-1', Status: 'available', TagSet: tags });
    const [volume] = (await client.send(new DescribeVolumesCommand({ Filters: byTag }))).Volumes ?? [];
    expect(volume).toMatchObject({ VolumeId: 'vol-1', Size: 20, State: 'available', CreateTime: clock.now() });
    const { Reservations } = await client.send(new DescribeInstancesCommand({ Filters: byVpc }));
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({ InstanceId: 'i-1', State: { Name: 'running' } });
    const [nat] = (await client.send(new DescribeNatGatewaysCommand({ Filter: byVpc }))).NatGateways ?? [];
    expect(nat).toMatchObject({ NatGatewayId: 'nat-1', State: 'available' });
    const [address] = (await client.send(new DescribeAddressesCommand({ Filters: byTag }))).Addresses ?? [];
    expect(address).toMatchObject({ AllocationId: 'eipalloc-1' });
    const byAttachment = [{ Name: 'attachment.vpc-id', Values: ['vpc-1'] }];
    const gateways = await client.send(new DescribeInternetGatewaysCommand({ Filters: byAttachment }));
    expect(gateways.InternetGateways?.[0]?.Attachments).toEqual([{ VpcId: 'vpc-1', State: 'available' }]);
    const [table] = (await client.send(new DescribeRouteTablesCommand({ Filters: byVpc }))).RouteTables ?? [];
    expect(table?.RouteTableId).toBe('rtb-1');
    const [template] =
      (await client.send(new DescribeLaunchTemplatesCommand({ Filters: byTag }))).LaunchTemplates ?? [];
    expect(template).toMatchObject({ LaunchTemplateId: 'lt-1', LaunchTemplateName: 'nodes' });
  });

  test('an id that does not exist is an error, a filter that finds nothing is not', async () => {
    await expect(ec2().send(new DescribeVpcsCommand({ VpcIds: ['vpc-9'] }))).rejects.toMatchObject({
      name: 'InvalidVpcID.NotFound',
    });
    const Filters = [{ Name: 'vpc-id', Values: ['vpc-9'] }];
    expect((await ec2().send(new DescribeVpcsCommand({ Filters }))).Vpcs).toEqual([]);
    await expect(
      ec2().send(new DescribeVpcsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  test('a VPC goes last, after what stands in it', async () => {
    put(world, 'ec2:subnet', 'subnet-1', { attributes: { vpcId: 'vpc-1' } });
    put(world, 'ec2:network-interface', 'eni-1', { attributes: { vpcId: 'vpc-1', subnetId: 'subnet-1' } });
    const client = ec2();
    const refused = { name: 'DependencyViolation' };
    await expect(client.send(new DeleteVpcCommand({ VpcId: 'vpc-1' }))).rejects.toMatchObject(refused);
    await expect(client.send(new DeleteSubnetCommand({ SubnetId: 'subnet-1' }))).rejects.toMatchObject(refused);
    await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: 'eni-1' }));
    await clock.sleep(10_000);
    await client.send(new DeleteSubnetCommand({ SubnetId: 'subnet-1' }));
    await clock.sleep(10_000);
    await client.send(new DeleteVpcCommand({ VpcId: 'vpc-1' }));
    await clock.sleep(10_000);
    expect(world.aws.list().map(({ id }) => id)).toEqual(['vpc-2']);
  });

  test('an internet gateway is detached before it is deleted, and held by public addresses', async () => {
    put(world, 'ec2:internet-gateway', 'igw-1', { attributes: { vpcId: 'vpc-1' } });
    const nat = put(world, 'ec2:natgateway', 'nat-1', { attributes: { vpcId: 'vpc-1' } });
    const client = ec2();
    const detach = new DetachInternetGatewayCommand({ InternetGatewayId: 'igw-1', VpcId: 'vpc-1' });
    const remove = new DeleteInternetGatewayCommand({ InternetGatewayId: 'igw-1' });
    await expect(client.send(detach)).rejects.toMatchObject({ name: 'DependencyViolation' });
    world.aws.remove(nat.arn, 0);
    await expect(client.send(remove)).rejects.toMatchObject({ name: 'DependencyViolation' });
    await client.send(detach);
    await client.send(remove);
    await clock.sleep(20_000);
    expect(world.aws.get('arn:aws:ec2:eu-central-1:000000000000:internet-gateway/igw-1')).toBeUndefined();
  });

  test('a terminated instance is still shown for an hour', async () => {
    put(world, 'ec2:instance', 'i-1');
    const client = ec2();
    const terminated = await client.send(new TerminateInstancesCommand({ InstanceIds: ['i-1'] }));
    expect(terminated.TerminatingInstances).toHaveLength(1);
    const state = async (): Promise<string | undefined> =>
      (await client.send(new DescribeInstancesCommand({}))).Reservations?.[0]?.Instances?.[0]?.State?.Name;
    expect(await state()).toBe('shutting-down');
    await clock.sleep(120_000);
    expect(await state()).toBe('terminated');
    await clock.sleep(3_700_000);
    expect(await state()).toBeUndefined();
  });

  test('a volume is in use while an instance that may hold it runs', async () => {
    put(world, 'ec2:volume', 'vol-1', { attributes: { state: 'in-use' } });
    const instance = put(world, 'ec2:instance', 'i-1');
    const remove = new DeleteVolumeCommand({ VolumeId: 'vol-1' });
    await expect(ec2().send(remove)).rejects.toMatchObject({ name: 'VolumeInUse' });
    world.aws.remove(instance.arn, 0);
    await ec2().send(remove);
    const [volume] = (await ec2().send(new DescribeVolumesCommand({ VolumeIds: ['vol-1'] }))).Volumes ?? [];
    expect(volume?.State).toBe('deleting');
  });

  test('what a scenario makes undeletable is refused in its words', async () => {
    const undeletable = { code: 'UnauthorizedOperation', message: 'You are not authorized to perform this operation.' };
    put(world, 'ec2:volume', 'vol-1', { undeletable });
    await expect(ec2().send(new DeleteVolumeCommand({ VolumeId: 'vol-1' }))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: undeletable.message,
    });
  });
});

describe('Elastic Load Balancing', () => {
  test('load balancers and their target groups are found with tags, and deleting twice succeeds', async () => {
    const client = new ElasticLoadBalancingV2Client({ endpoint: endpoint.url });
    const arn = 'arn:aws:elasticloadbalancing:eu-central-1:000000000000:loadbalancer/net/web/0123456789abcdef';
    put(world, 'elasticloadbalancing:loadbalancer', 'web', { arn, attributes: { vpcId: 'vpc-1', type: 'network' } });
    put(world, 'elasticloadbalancing:targetgroup', 'web', {
      arn: 'arn:aws:elasticloadbalancing:eu-central-1:000000000000:targetgroup/web/0123456789abcdef',
      attributes: { vpcId: 'vpc-1', loadBalancerArns: [arn] },
    });
    const { LoadBalancers } = await client.send(new DescribeLoadBalancersCommand({}));
    expect(LoadBalancers).toMatchObject([
      { LoadBalancerArn: arn, LoadBalancerName: 'web', VpcId: 'vpc-1', Type: 'network' },
    ]);
    const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: arn }));
    expect(TargetGroups).toMatchObject([{ TargetGroupName: 'web', LoadBalancerArns: [arn] }]);
    const { TagDescriptions } = await client.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
    expect(TagDescriptions).toEqual([{ ResourceArn: arn, Tags: [{ Key: 'cluster-drill', Value: 'd1' }] }]);
    await client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    await clock.sleep(60_000);
    await client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    await expect(client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }))).rejects.toMatchObject({
      name: 'LoadBalancerNotFoundException',
    });
  });
});

describe('IAM', () => {
  test('roles come in pages of a hundred, with their tags on request', async () => {
    for (let index = 0; index < 120; index += 1) put(world, 'iam:role', `role-${index}`);
    let count = 0;
    for await (const { Roles } of paginateListRoles({ client: iam() }, {})) count += Roles?.length ?? 0;
    expect(count).toBe(120);
    const { Role } = await iam().send(new GetRoleCommand({ RoleName: 'role-7' }));
    expect(Role).toMatchObject({ Arn: 'arn:aws:iam::000000000000:role/role-7', CreateDate: clock.now() });
    const { Tags } = await iam().send(new ListRoleTagsCommand({ RoleName: 'role-7' }));
    expect(Tags).toEqual([{ Key: 'cluster-drill', Value: 'd1' }]);
    await expect(iam().send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  test('a role goes without its policies, an instance profile without its role', async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonEKSClusterPolicy';
    put(world, 'iam:role', 'nodes', { attributes: { attachedPolicies: [PolicyArn], inlinePolicies: ['own'] } });
    put(world, 'iam:instance-profile', 'nodes', { attributes: { roles: ['nodes'] } });
    const client = iam();
    const conflict = { name: 'DeleteConflictException' };
    await expect(client.send(new DeleteRoleCommand({ RoleName: 'nodes' }))).rejects.toMatchObject(conflict);
    await client.send(new DetachRolePolicyCommand({ RoleName: 'nodes', PolicyArn }));
    await client.send(new DeleteRolePolicyCommand({ RoleName: 'nodes', PolicyName: 'own' }));
    const remove = new DeleteInstanceProfileCommand({ InstanceProfileName: 'nodes' });
    await expect(client.send(remove)).rejects.toMatchObject(conflict);
    const { InstanceProfiles } = await client.send(new ListInstanceProfilesCommand({}));
    expect(InstanceProfiles).toMatchObject([{ InstanceProfileName: 'nodes', Roles: [{ RoleName: 'nodes' }] }]);
    await client.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: 'nodes', RoleName: 'nodes' }));
    await client.send(remove);
    await client.send(new DeleteRoleCommand({ RoleName: 'nodes' }));
    await clock.sleep(10_000);
    expect(world.aws.list()).toEqual([]);
  });

  test('OIDC providers are listed by ARN', async () => {
    const { arn } = put(world, 'iam:oidc-provider', 'oidc.example.com');
    const { OpenIDConnectProviderList } = await iam().send(new ListOpenIDConnectProvidersCommand({}));
    expect(OpenIDConnectProviderList).toEqual([{ Arn: arn }]);
  });
});

describe('CloudWatch Logs', () => {
  test('log groups are found by prefix and deleted', async () => {
    const client = new CloudWatchLogsClient({ endpoint: endpoint.url });
    put(world, 'logs:log-group', '/aws/eks/drill-abc123/cluster');
    put(world, 'logs:log-group', '/aws/lambda/other');
    const describe = new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/eks/' });
    const { logGroups } = await client.send(describe);
    expect(logGroups).toMatchObject([
      { logGroupName: '/aws/eks/drill-abc123/cluster', creationTime: clock.now().getTime() },
    ]);
    const remove = new DeleteLogGroupCommand({ logGroupName: '/aws/eks/drill-abc123/cluster' });
    await client.send(remove);
    await clock.sleep(5000);
    await expect(client.send(remove)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('KMS', () => {
  test('a key is only scheduled to be deleted', async () => {
    const client = new KMSClient({ endpoint: endpoint.url });
    const { arn } = put(world, 'kms:key', '11111111-2222-3333-4444-555555555555');
    const scheduled = await client.send(new ScheduleKeyDeletionCommand({ KeyId: arn, PendingWindowInDays: 7 }));
    expect(scheduled.DeletionDate).toEqual(new Date('2026-10-12T06:00:00.000Z'));
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: arn }));
    expect(KeyMetadata?.KeyState).toBe('PendingDeletion');
    await expect(client.send(new ScheduleKeyDeletionCommand({ KeyId: arn }))).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
  });
});

async function found(
  region: string,
  Key = 'cluster-drill',
  types: string[] = [],
): Promise<readonly (string | undefined)[]> {
  const client = new ResourceGroupsTaggingAPIClient({ endpoint: endpoint.url, region });
  const input = { TagFilters: [{ Key, Values: ['d1'] }], ResourceTypeFilters: types };
  const arns: (string | undefined)[] = [];
  for await (const { ResourceTagMappingList } of paginateGetResources({ client, pageSize: 50 }, input)) {
    arns.push(...(ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN));
  }
  return arns;
}

describe('the tagging API', () => {
  test('finds tagged resources of all types in pages, and never an untagged one', async () => {
    for (let index = 0; index < 120; index += 1) put(world, 'ec2:volume', `vol-${index}`);
    put(world, 'ec2:vpc', 'vpc-1');
    put(world, 'ec2:vpc', 'vpc-2', { tags: {} });
    expect(await found('eu-central-1')).toHaveLength(121);
    expect(await found('eu-central-1', 'cluster-drill', ['ec2:vpc'])).toHaveLength(1);
    expect(await found('eu-central-1', 'other')).toEqual([]);
    expect(await found('eu-west-1')).toEqual([]);
  });

  test('remembers what was deleted for an hour', async () => {
    const { arn } = put(world, 'ec2:volume', 'vol-1');
    world.aws.remove(arn, 0);
    expect(await found('eu-central-1')).toEqual([arn]);
    await clock.sleep(3_700_000);
    expect(await found('eu-central-1')).toEqual([]);
  });

  test('lists IAM in us-east-1 only, and roles nowhere', async () => {
    put(world, 'iam:role', 'nodes');
    const { arn } = put(world, 'iam:instance-profile', 'nodes');
    expect(await found('eu-central-1')).toEqual([]);
    expect(await found('us-east-1')).toEqual([arn]);
  });
});
