import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeCapabilityCommand,
  DescribeClusterCommand,
  DescribeFargateProfileCommand,
  ListFargateProfilesCommand,
  ListNodegroupsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eks';
import { DescribeLoadBalancersCommand, DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListRolesCommand, ListRoleTagsCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, ListAliasesCommand } from '@aws-sdk/client-kms';
import { inventoryMocks } from '../../support/inventory-mocks';

const HEAD = 'eu-central-1:000000000000';
const SCOPE = { drillId: 'example-1-a1b2c3', clusterName: 'drill-a1b2c3', volumeIds: [] };
const CREATED = new Date('2026-10-05T06:10:00Z');
const TAGGED = { Filters: [{ Name: 'tag:cluster-drill', Values: [SCOPE.drillId] }] };
const IN_VPC = { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] };
const mocks = inventoryMocks();
const { inventory, remember, ec2, elb, eks, iam, kms, logs } = mocks;

beforeEach(mocks.reset);

const classicArn = (name: string): string => `arn:aws:elasticloadbalancing:${HEAD}:loadbalancer/${name}`;
const attached = (VolumeId: string, DeleteOnTermination: boolean) => ({
  VolumeId,
  State: 'in-use' as const,
  Attachments: [{ InstanceId: 'i-1', DeleteOnTermination }],
});
const role = (RoleName: string, CreateDate: Date) => ({
  Arn: `arn:aws:iam::000000000000:role/${RoleName}`,
  RoleName,
  Path: '/',
  RoleId: RoleName,
  CreateDate,
});

describe('the VPCs of a drill', () => {
  test('are those with its tag, also when Terraform was killed before it could name one', async () => {
    ec2.on(DescribeVpcsCommand, TAGGED).resolves({ Vpcs: [{ VpcId: 'vpc-1' }] });
    ec2.on(DescribeSubnetsCommand, IN_VPC).resolves({ Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1' }] });
    ec2.on(DescribeNetworkAclsCommand, IN_VPC).resolves({
      NetworkAcls: [
        { NetworkAclId: 'acl-default', VpcId: 'vpc-1', IsDefault: true },
        { NetworkAclId: 'acl-1', VpcId: 'vpc-1' },
      ],
    });
    const items = await inventory.find(SCOPE);
    expect(items.map(({ arn }) => arn.split('/')[1])).toEqual(['subnet-1', 'acl-1']);
  });

  test('are not one that the company uses, though the outputs of Terraform name it', async () => {
    ec2.on(DescribeVpcsCommand, IN_VPC).resolves({ Vpcs: [{ VpcId: 'vpc-1' }] });
    ec2.on(DescribeSubnetsCommand).resolves({ Subnets: [{ SubnetId: 'subnet-company', VpcId: 'vpc-1' }] });
    elb.on(DescribeLoadBalancersCommand).resolves({
      LoadBalancers: [
        { LoadBalancerArn: `arn:aws:elasticloadbalancing:${HEAD}:loadbalancer/net/shop/1`, VpcId: 'vpc-1' },
      ],
    });
    expect(await inventory.find({ ...SCOPE, vpcId: 'vpc-1' })).toEqual([]);
  });

  test('may be gone already: a target group outlives its VPC', async () => {
    const arn = `arn:aws:elasticloadbalancing:${HEAD}:loadbalancer/net/k8s/1`;
    elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ LoadBalancerArn: arn, VpcId: 'vpc-1' }] });
    expect(await inventory.find({ ...SCOPE, vpcId: 'vpc-1' })).toMatchObject([{ arn }]);
  });
});

test('load balancers that only their VPC gives away show their own tags', async () => {
  const arn = `arn:aws:elasticloadbalancing:${HEAD}:loadbalancer/net/k8s/1`;
  const Tags = [{ Key: 'cluster-drill', Value: 'another' }];
  elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ LoadBalancerArn: arn, VpcId: 'vpc-1' }] });
  elb.on(DescribeTagsCommand, { ResourceArns: [arn] }).resolves({ TagDescriptions: [{ ResourceArn: arn, Tags }] });
  expect(await inventory.find({ ...SCOPE, vpcId: 'vpc-1' })).toMatchObject([
    { arn, tags: { 'cluster-drill': 'another' } },
  ]);
});

test('Classic Load Balancers are confirmed by their own API, and found by VPC', async () => {
  remember('kubernetes.io/cluster/drill-a1b2c3', 'owned', [classicArn('a1'), classicArn('gone')]);
  mocks.classic.push({ name: 'a1' }, { name: 'a2', vpcId: 'vpc-1', createdAt: CREATED.toISOString() }, { name: 'a3' });
  const items = await inventory.find({ ...SCOPE, vpcId: 'vpc-1' });
  expect(items.map((item) => [item.arn, item.type, item.reason])).toEqual([
    [classicArn('a1'), 'elasticloadbalancing:classic-loadbalancer', 'tag kubernetes.io/cluster/drill-a1b2c3=owned'],
    [classicArn('a2'), 'elasticloadbalancing:classic-loadbalancer', 'VPC vpc-1'],
  ]);
  await inventory.remove(items[0]!);
  expect(mocks.removedClassic).toEqual(['a1']);
});

test('volumes that would outlive the instance of the drill they hang on are found by it', async () => {
  remember('eks:eks-cluster-name', 'drill-a1b2c3', [`arn:aws:ec2:${HEAD}:instance/i-1`]);
  ec2.on(DescribeInstancesCommand, { Filters: [{ Name: 'instance-id', Values: ['i-1'] }] }).resolves({
    Reservations: [{ Instances: [{ InstanceId: 'i-1', State: { Name: 'running' } }] }],
  });
  ec2
    .on(DescribeVolumesCommand, { Filters: [{ Name: 'attachment.instance-id', Values: ['i-1'] }] })
    .resolves({ Volumes: [attached('vol-root', true), attached('vol-claim', false)] });
  const [, volume, ...more] = await inventory.find(SCOPE);
  expect(volume).toMatchObject({ instanceId: 'i-1', reason: 'attached to an instance of the drill' });
  expect([volume?.arn.split('/')[1], more]).toEqual(['vol-claim', []]);
});

test('what is older than the drill existed before it, and is not counted', async () => {
  const arn = `arn:aws:kms:${HEAD}:key/`;
  remember('cluster-drill', SCOPE.drillId, [`${arn}old`, `${arn}new`]);
  const made = (KeyId: string, CreationDate: Date) =>
    kms.on(DescribeKeyCommand, { KeyId: `${arn}${KeyId}` }).resolves({ KeyMetadata: { KeyId, CreationDate } });
  made('old', new Date('2025-01-01T00:00:00Z'));
  made('new', CREATED);
  const items = await inventory.find({ ...SCOPE, since: '2026-10-05T06:00:00.000Z' });
  expect(items.map((item) => item.arn)).toEqual([`${arn}new`]);
});

test('an alias is whose its key is, and goes before it', async () => {
  const key = `arn:aws:kms:${HEAD}:key/1`;
  remember('cluster-drill', SCOPE.drillId, [key]);
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: '1', CreationDate: CREATED } });
  const AliasArn = `arn:aws:kms:${HEAD}:alias/eks/drill-a1b2c3`;
  kms.on(ListAliasesCommand, { KeyId: '1' }).resolves({ Aliases: [{ AliasArn, CreationDate: CREATED }] });
  expect(await inventory.find(SCOPE)).toMatchObject([
    { arn: key, type: 'kms:key' },
    { arn: AliasArn, type: 'kms:alias', tags: { 'cluster-drill': SCOPE.drillId } },
  ]);
});

test('one log group under two ARNs is one leak', async () => {
  const name = '/aws/eks/drill-a1b2c3/cluster';
  remember('cluster-drill', SCOPE.drillId, [`arn:aws:logs:${HEAD}:log-group:${name}:*`]);
  logs.on(DescribeLogGroupsCommand, { logGroupNamePrefix: name }).resolves({ logGroups: [{ logGroupName: name }] });
  expect((await inventory.find(SCOPE)).map(({ arn }) => arn)).toEqual([`arn:aws:logs:${HEAD}:log-group:${name}`]);
});

test('a role of any name is found by its tags when it was made since the drill was opened', async () => {
  iam.on(ListRolesCommand).resolves({
    Roles: [role('karpenter', CREATED), role('somebody', CREATED), role('admin', new Date('2020-01-01T00:00:00Z'))],
  });
  const Tags = [{ Key: 'cluster-drill', Value: SCOPE.drillId }];
  iam.on(ListRoleTagsCommand, { RoleName: 'karpenter' }).resolves({ Tags });
  const items = await inventory.find({ ...SCOPE, since: '2026-10-05T06:00:00.000Z' });
  expect(items.map(({ arn, reason }) => [arn.split('/')[1], reason])).toEqual([
    ['karpenter', `tag cluster-drill=${SCOPE.drillId}`],
  ]);
  expect(iam.commandCalls(ListRoleTagsCommand)).toHaveLength(2);
});

test('a tagged capability is confirmed by EKS, and stays listed when its cluster is gone', async () => {
  const arn = `arn:aws:eks:${HEAD}:capability/other/argocd/1`;
  remember('cluster-drill', SCOPE.drillId, [arn]);
  const reason = `tag cluster-drill=${SCOPE.drillId}`;
  expect(await inventory.find(SCOPE)).toMatchObject([
    { arn, reason: `${reason} (not confirmed: its cluster is gone)` },
  ]);
  eks.on(DescribeClusterCommand, { name: 'other' }).resolves({ cluster: { arn: `arn:aws:eks:${HEAD}:cluster/other` } });
  expect(await inventory.find(SCOPE)).toEqual([]);
  eks
    .on(DescribeCapabilityCommand, { clusterName: 'other', capabilityName: 'argocd' })
    .resolves({ capability: { arn, createdAt: new Date('2026-10-05T07:00:00.000Z') } });
  expect(await inventory.find(SCOPE)).toMatchObject([{ arn, reason, createdAt: '2026-10-05T07:00:00.000Z' }]);
});

test('Fargate profiles hold a cluster, and one that vanishes meanwhile has taken its parts along', async () => {
  const arn = `arn:aws:eks:${HEAD}:cluster/drill-a1b2c3`;
  const fargateProfileArn = `arn:aws:eks:${HEAD}:fargateprofile/drill-a1b2c3/core/1`;
  eks.on(DescribeClusterCommand).resolves({ cluster: { arn } });
  eks.on(ListNodegroupsCommand).resolves({ nodegroups: [] });
  eks.on(ListFargateProfilesCommand).resolves({ fargateProfileNames: ['core'] });
  eks.on(DescribeFargateProfileCommand).resolves({ fargateProfile: { fargateProfileArn } });
  expect((await inventory.find(SCOPE)).map((item) => item.arn)).toEqual([fargateProfileArn, arn]);
  eks.on(ListNodegroupsCommand).rejects(new ResourceNotFoundException({ message: 'none', $metadata: {} }));
  eks.on(ListFargateProfilesCommand).rejects(new ResourceNotFoundException({ message: 'none', $metadata: {} }));
  expect((await inventory.find(SCOPE)).map((item) => item.arn)).toEqual([arn]);
});
