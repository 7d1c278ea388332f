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
import { InfrastructureUnderTest, put } from './infrastructure-under-test';

const under = new InfrastructureUnderTest();

function eks(): EKSClient {
  return new EKSClient({ endpoint: under.endpoint.url });
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
    put(under.world, 'eks:cluster', 'drill-abc123', { attributes, activeAt: under.inMinutes(9) });
    const describe = new DescribeClusterCommand({ name: 'drill-abc123' });
    const creating = (await eks().send(describe)).cluster;
    expect(creating?.status).toBe('CREATING');
    expect(creating?.endpoint).toBeUndefined();
    await under.clock.sleep(9 * 60_000);
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
    await under.clock.sleep(600_000);
    await expect(eks().send(describe)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect((await eks().send(new ListClustersCommand({}))).clusters).toEqual([]);
  });

  test('node groups and add-ons are listed and described, and hold their cluster', async () => {
    put(under.world, 'eks:cluster', 'drill-abc123', { attributes });
    const group = {
      clusterName: 'drill-abc123',
      nodegroupName: 'default',
      desiredSize: 3,
      instanceTypes: ['m7g.large'],
    };
    put(under.world, 'eks:nodegroup', 'drill-abc123:default', {
      attributes: { ...group, minSize: 3, maxSize: 4 },
      activeAt: under.inMinutes(2),
    });
    put(under.world, 'eks:addon', 'drill-abc123:coredns', {
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
    put(under.world, 'eks:cluster', 'drill-abc123', { attributes });
    put(under.world, 'eks:nodegroup', 'drill-abc123:default', {
      attributes: { clusterName: 'drill-abc123', nodegroupName: 'default', status: 'CREATE_FAILED' },
    });
    const describe = new DescribeNodegroupCommand({ clusterName: 'drill-abc123', nodegroupName: 'default' });
    expect((await eks().send(describe)).nodegroup).toMatchObject({
      status: 'CREATE_FAILED',
      health: { issues: [{ code: 'NodeCreationFailure' }] },
    });
  });

  test('access entries are made once, for roles only, and kept in the cluster with their policies', async () => {
    const cluster = put(under.world, 'eks:cluster', 'drill-abc123', { attributes: { ...attributes } });
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
    put(under.world, 'eks:cluster', 'old', { attributes: { ...attributes, authenticationMode: 'CONFIG_MAP' } });
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
