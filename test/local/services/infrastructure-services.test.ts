import { CloudWatchLogsClient, DeleteLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
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
import { InfrastructureUnderTest, put } from './infrastructure-under-test';

const under = new InfrastructureUnderTest();

function iam(): IAMClient {
  return new IAMClient({ endpoint: under.endpoint.url });
}

describe('Elastic Load Balancing', () => {
  test('load balancers and their target groups are found with tags, and deleting twice succeeds', async () => {
    const client = new ElasticLoadBalancingV2Client({ endpoint: under.endpoint.url });
    const arn = 'arn:aws:elasticloadbalancing:eu-central-1:000000000000:loadbalancer/net/web/0123456789abcdef';
    put(under.world, 'elasticloadbalancing:loadbalancer', 'web', {
      arn,
      attributes: { vpcId: 'vpc-1', type: 'network' },
    });
    put(under.world, 'elasticloadbalancing:targetgroup', 'web', {
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
    await under.clock.sleep(60_000);
    await client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    await expect(client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }))).rejects.toMatchObject({
      name: 'LoadBalancerNotFoundException',
    });
  });
});

describe('IAM', () => {
  test('roles come in pages of a hundred, with their tags on request', async () => {
    for (let index = 0; index < 120; index += 1) put(under.world, 'iam:role', `role-${index}`);
    let count = 0;
    for await (const { Roles } of paginateListRoles({ client: iam() }, {})) count += Roles?.length ?? 0;
    expect(count).toBe(120);
    const { Role } = await iam().send(new GetRoleCommand({ RoleName: 'role-7' }));
    expect(Role).toMatchObject({ Arn: 'arn:aws:iam::000000000000:role/role-7', CreateDate: under.clock.now() });
    const { Tags } = await iam().send(new ListRoleTagsCommand({ RoleName: 'role-7' }));
    expect(Tags).toEqual([{ Key: 'cluster-drill', Value: 'd1' }]);
    await expect(iam().send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  test('a role goes without its policies, an instance profile without its role', async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonEKSClusterPolicy';
    put(under.world, 'iam:role', 'nodes', { attributes: { attachedPolicies: [PolicyArn], inlinePolicies: ['own'] } });
    put(under.world, 'iam:instance-profile', 'nodes', { attributes: { roles: ['nodes'] } });
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
    await under.clock.sleep(10_000);
    expect(under.world.aws.list()).toEqual([]);
  });

  test('OIDC providers are listed by ARN', async () => {
    const { arn } = put(under.world, 'iam:oidc-provider', 'oidc.example.com');
    const { OpenIDConnectProviderList } = await iam().send(new ListOpenIDConnectProvidersCommand({}));
    expect(OpenIDConnectProviderList).toEqual([{ Arn: arn }]);
  });
});

describe('CloudWatch Logs', () => {
  test('log groups are found by prefix and deleted', async () => {
    const client = new CloudWatchLogsClient({ endpoint: under.endpoint.url });
    put(under.world, 'logs:log-group', '/aws/eks/drill-abc123/cluster');
    put(under.world, 'logs:log-group', '/aws/lambda/other');
    const describe = new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/eks/' });
    const { logGroups } = await client.send(describe);
    expect(logGroups).toMatchObject([
      { logGroupName: '/aws/eks/drill-abc123/cluster', creationTime: under.clock.now().getTime() },
    ]);
    const remove = new DeleteLogGroupCommand({ logGroupName: '/aws/eks/drill-abc123/cluster' });
    await client.send(remove);
    await under.clock.sleep(5000);
    await expect(client.send(remove)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('KMS', () => {
  test('a key is only scheduled to be deleted', async () => {
    const client = new KMSClient({ endpoint: under.endpoint.url });
    const { arn } = put(under.world, 'kms:key', '11111111-2222-3333-4444-555555555555');
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
  const client = new ResourceGroupsTaggingAPIClient({ endpoint: under.endpoint.url, region });
  const input = { TagFilters: [{ Key, Values: ['d1'] }], ResourceTypeFilters: types };
  const arns: (string | undefined)[] = [];
  for await (const { ResourceTagMappingList } of paginateGetResources({ client, pageSize: 50 }, input)) {
    arns.push(...(ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN));
  }
  return arns;
}

describe('the tagging API', () => {
  test('finds tagged resources of all types in pages, and never an untagged one', async () => {
    for (let index = 0; index < 120; index += 1) put(under.world, 'ec2:volume', `vol-${index}`);
    put(under.world, 'ec2:vpc', 'vpc-1');
    put(under.world, 'ec2:vpc', 'vpc-2', { tags: {} });
    expect(await found('eu-central-1')).toHaveLength(121);
    expect(await found('eu-central-1', 'cluster-drill', ['ec2:vpc'])).toHaveLength(1);
    expect(await found('eu-central-1', 'other')).toEqual([]);
    expect(await found('eu-west-1')).toEqual([]);
  });

  test('remembers what was deleted for an hour', async () => {
    const { arn } = put(under.world, 'ec2:volume', 'vol-1');
    under.world.aws.remove(arn, 0);
    expect(await found('eu-central-1')).toEqual([arn]);
    await under.clock.sleep(3_700_000);
    expect(await found('eu-central-1')).toEqual([]);
  });

  test('lists IAM in us-east-1 only, and roles nowhere', async () => {
    put(under.world, 'iam:role', 'nodes');
    const { arn } = put(under.world, 'iam:instance-profile', 'nodes');
    expect(await found('eu-central-1')).toEqual([]);
    expect(await found('us-east-1')).toEqual([arn]);
  });
});
