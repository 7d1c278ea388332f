import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DescribeAddonCommand,
  DescribeCapabilityCommand,
  DescribeClusterCommand,
  DescribeClusterVersionsCommand,
  DescribeNodegroupCommand,
  EKSClient,
  ListAddonsCommand,
  ListCapabilitiesCommand,
  ListNodegroupsCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateClusterConfigCommand,
} from '@aws-sdk/client-eks';
import { mockClient } from 'aws-sdk-client-mock';
import { AwsEks } from '../../adapters/aws-eks';
import { apiServer } from '../support/api-server';

const mock = mockClient(EKSClient);
const client = new EKSClient();
const eks = new AwsEks(client);
const MISSING = new ResourceNotFoundException({ message: 'none', $metadata: {} });
const CREATED = new Date('2026-10-05T06:10:00Z');
const ARN = 'arn:aws:eks:eu-central-1:000000000000:cluster/drill-a1b2c3';

beforeEach(() => {
  mock.reset();
});

test('a cluster is given with its way in and its health in words', async () => {
  mock.on(DescribeClusterCommand, { name: 'drill-a1b2c3' }).resolves({
    cluster: {
      name: 'drill-a1b2c3',
      arn: ARN,
      status: 'ACTIVE',
      version: '1.35',
      createdAt: CREATED,
      endpoint: 'https://eks.example.com',
      certificateAuthority: { data: 'Q0E=' },
      resourcesVpcConfig: { vpcId: 'vpc-1' },
      health: { issues: [{ code: 'InsufficientFreeAddresses', message: 'one subnet is full', resourceIds: [] }] },
    },
  });
  expect(await eks.cluster('drill-a1b2c3')).toEqual({
    name: 'drill-a1b2c3',
    arn: ARN,
    status: 'ACTIVE',
    version: '1.35',
    createdAt: '2026-10-05T06:10:00.000Z',
    endpoint: 'https://eks.example.com',
    certificateAuthority: 'Q0E=',
    vpcId: 'vpc-1',
    health: ['InsufficientFreeAddresses: one subnet is full'],
  });
});

test('a protected cluster says so with its tags, and is freed by one change of its configuration', async () => {
  const given = { name: 'drill-a1b2c3', arn: ARN, status: 'ACTIVE', createdAt: CREATED } as const;
  mock
    .on(DescribeClusterCommand)
    .resolves({ cluster: { ...given, deletionProtection: true, tags: { 'cluster-drill': 'd' } } });
  mock.on(UpdateClusterConfigCommand).resolves({});
  expect(await eks.cluster('drill-a1b2c3')).toMatchObject({ deletionProtection: true, tags: { 'cluster-drill': 'd' } });
  await eks.allowDeletion('drill-a1b2c3');
  expect(mock.commandCalls(UpdateClusterConfigCommand).map(({ args }) => args[0].input)).toEqual([
    { name: 'drill-a1b2c3', deletionProtection: false },
  ]);
});

test('a cluster that is not there is undefined and has no parts', async () => {
  mock.on(DescribeClusterCommand).rejects(MISSING);
  mock.on(ListNodegroupsCommand).rejects(MISSING);
  expect(await eks.cluster('drill-a1b2c3')).toBeUndefined();
  expect(await eks.parts('drill-a1b2c3')).toEqual([]);
});

test('a managed Argo CD is a capability with its role, its namespace and its health in words', async () => {
  mock.on(ListCapabilitiesCommand, { clusterName: 'drill-a1b2c3' }).resolves({
    capabilities: [
      { capabilityName: 'argocd', type: 'ARGOCD' },
      { capabilityName: 'gone', type: 'KRO' },
    ],
  });
  mock.on(DescribeCapabilityCommand, { capabilityName: 'gone' }).rejects(MISSING);
  mock.on(DescribeCapabilityCommand, { clusterName: 'drill-a1b2c3', capabilityName: 'argocd' }).resolves({
    capability: {
      capabilityName: 'argocd',
      type: 'ARGOCD',
      status: 'DEGRADED',
      roleArn: 'arn:aws:iam::000000000000:role/argocd',
      createdAt: CREATED,
      configuration: { argoCd: { namespace: 'argocd', serverUrl: 'https://argocd.example.com' } },
      health: { issues: [{ code: 'ClusterUnreachable', message: 'no access entry' }] },
    },
  });
  expect(await eks.capabilities('drill-a1b2c3')).toEqual([
    {
      kind: 'capability',
      name: 'argocd',
      type: 'ARGOCD',
      status: 'DEGRADED',
      roleArn: 'arn:aws:iam::000000000000:role/argocd',
      createdAt: '2026-10-05T06:10:00.000Z',
      namespace: 'argocd',
      health: ['ClusterUnreachable: no access entry'],
    },
  ]);
});

test('a cluster that is not there has no capabilities', async () => {
  mock.on(ListCapabilitiesCommand).rejects(MISSING);
  expect(await eks.capabilities('drill-a1b2c3')).toEqual([]);
});

test('node groups and add-ons are parts, but not one that vanished after it was listed', async () => {
  mock.on(ListNodegroupsCommand).resolves({ nodegroups: ['default', 'gone'] });
  mock.on(DescribeNodegroupCommand, { nodegroupName: 'gone' }).rejects(MISSING);
  mock.on(DescribeNodegroupCommand, { nodegroupName: 'default' }).resolves({
    nodegroup: {
      status: 'DEGRADED',
      createdAt: CREATED,
      scalingConfig: { desiredSize: 3 },
      health: { issues: [{ code: 'AsgInstanceLaunchFailures', message: 'quota' }] },
    },
  });
  mock.on(ListAddonsCommand).resolves({ addons: ['coredns'] });
  mock.on(DescribeAddonCommand, { addonName: 'coredns' }).resolves({ addon: { status: 'ACTIVE', createdAt: CREATED } });
  expect(await eks.parts('drill-a1b2c3')).toEqual([
    {
      kind: 'nodegroup',
      name: 'default',
      status: 'DEGRADED',
      createdAt: '2026-10-05T06:10:00.000Z',
      health: ['AsgInstanceLaunchFailures: quota'],
      desiredNodes: 3,
    },
    { kind: 'addon', name: 'coredns', status: 'ACTIVE', createdAt: '2026-10-05T06:10:00.000Z', health: [] },
  ]);
});

test('granting access makes an entry and its policy for the whole cluster, in the partition of the role', async () => {
  mock.on(CreateAccessEntryCommand).resolves({});
  mock.on(AssociateAccessPolicyCommand).resolves({});
  const roleArn = 'arn:aws-cn:iam::000000000000:role/health';
  await eks.grantAccess('drill-a1b2c3', [{ roleArn, policy: 'AmazonEKSAdminViewPolicy' }]);
  expect(mock.calls().map(({ args: [command] }) => command.input)).toEqual([
    { clusterName: 'drill-a1b2c3', principalArn: roleArn },
    {
      clusterName: 'drill-a1b2c3',
      principalArn: roleArn,
      policyArn: 'arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy',
      accessScope: { type: 'cluster' },
    },
  ]);
});

test('an access entry that exists stays and still gets its policy', async () => {
  mock.on(CreateAccessEntryCommand).rejects(new ResourceInUseException({ message: 'exists', $metadata: {} }));
  mock.on(AssociateAccessPolicyCommand).resolves({});
  await eks.grantAccess('drill-a1b2c3', [{ roleArn: 'arn:aws:iam::000000000000:role/a', policy: 'P' }]);
  expect(mock.commandCalls(AssociateAccessPolicyCommand)).toHaveLength(1);
});

test('versions carry the end of standard support', async () => {
  mock.on(DescribeClusterVersionsCommand).resolves({
    clusterVersions: [
      {
        clusterVersion: '1.35',
        versionStatus: 'STANDARD_SUPPORT',
        endOfStandardSupportDate: new Date('2027-03-27T00:00:00Z'),
      },
      { clusterVersion: '1.30', versionStatus: 'EXTENDED_SUPPORT' },
    ],
  });
  expect(await eks.versions()).toEqual([
    { version: '1.35', status: 'STANDARD_SUPPORT', endOfStandardSupport: '2027-03-27T00:00:00.000Z' },
    { version: '1.30', status: 'EXTENDED_SUPPORT' },
  ]);
});

describe('the Kubernetes API of a cluster', () => {
  const cluster = { name: 'drill-a1b2c3', arn: ARN, status: 'ACTIVE', version: '1.35', createdAt: '', health: [] };

  test('is asked with an EKS token, over a connection that the next host finds open', async () => {
    const server = await apiServer(() => ({ status: 200, body: { items: [] } }));
    const { endpoint, certificateAuthority } = server;
    const nodes = { apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false };
    for (const each of [eks, new AwsEks(client)]) {
      expect(await each.kubernetes({ ...cluster, endpoint, certificateAuthority }).list(nodes)).toEqual([]);
    }
    const [first, second] = server.requests;
    expect(first?.authorization).toMatch(/^Bearer k8s-aws-v1\./);
    expect(second?.port).toBe(first?.port);
    await server.close();
  });

  test('is not there before the cluster has an endpoint', () => {
    expect(() => eks.kubernetes({ ...cluster, status: 'CREATING' })).toThrow(
      'cluster drill-a1b2c3 has no endpoint yet (status CREATING); wait until EKS reports it ACTIVE',
    );
  });
});
