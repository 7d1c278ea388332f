import {
  DeleteInternetGatewayCommand,
  DeleteSecurityGroupCommand,
  DeleteVolumeCommand,
  DescribeInternetGatewaysCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import {
  GetInstanceProfileCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { DeleteClusterCommand, ListCapabilitiesCommand, UpdateClusterConfigCommand } from '@aws-sdk/client-eks';
import { typeOf } from '../../../adapters/inventory/arn';
import type { InventoryItem } from '../../../domain/ports/inventory';
import { inventoryMocks } from '../../support/inventory-mocks';

const mocks = inventoryMocks();
const { inventory, ec2, eks, iam } = mocks;

beforeEach(mocks.reset);

function item(resource: string, service = 'ec2'): InventoryItem {
  const arn = `arn:aws:${service}:eu-central-1:000000000000:${resource}`;
  return { arn, type: typeOf(arn), tags: {}, reason: 'test' };
}

function refusal(name: string, message = 'in use'): Error {
  return Object.assign(new Error(message), { name });
}

/** Every command that the mocked services got, in order within each service. */
function sent(): string[] {
  return [mocks.eks, mocks.elb, mocks.ec2, mocks.logs, mocks.iam, mocks.kms].flatMap((mock) =>
    mock.calls().map(({ args: [command] }) => `${command.constructor.name} ${JSON.stringify(command.input)}`),
  );
}

test.each([
  ['instance/i-1', 'ec2', 'TerminateInstancesCommand {"InstanceIds":["i-1"]}'],
  ['volume/vol-1', 'ec2', 'DeleteVolumeCommand {"VolumeId":"vol-1"}'],
  ['launch-template/lt-1', 'ec2', 'DeleteLaunchTemplateCommand {"LaunchTemplateId":"lt-1"}'],
  ['natgateway/nat-1', 'ec2', 'DeleteNatGatewayCommand {"NatGatewayId":"nat-1"}'],
  ['elastic-ip/eipalloc-1', 'ec2', 'ReleaseAddressCommand {"AllocationId":"eipalloc-1"}'],
  ['network-interface/eni-1', 'ec2', 'DeleteNetworkInterfaceCommand {"NetworkInterfaceId":"eni-1"}'],
  ['security-group/sg-1', 'ec2', 'DeleteSecurityGroupCommand {"GroupId":"sg-1"}'],
  ['subnet/subnet-1', 'ec2', 'DeleteSubnetCommand {"SubnetId":"subnet-1"}'],
  ['route-table/rtb-1', 'ec2', 'DeleteRouteTableCommand {"RouteTableId":"rtb-1"}'],
  ['vpc-endpoint/vpce-1', 'ec2', 'DeleteVpcEndpointsCommand {"VpcEndpointIds":["vpce-1"]}'],
  ['network-acl/acl-1', 'ec2', 'DeleteNetworkAclCommand {"NetworkAclId":"acl-1"}'],
  ['alias/eks/drill-a1b2c3', 'kms', 'DeleteAliasCommand {"AliasName":"alias/eks/drill-a1b2c3"}'],
  [
    'egress-only-internet-gateway/eigw-1',
    'ec2',
    'DeleteEgressOnlyInternetGatewayCommand {"EgressOnlyInternetGatewayId":"eigw-1"}',
  ],
  ['vpc/vpc-1', 'ec2', 'DeleteVpcCommand {"VpcId":"vpc-1"}'],
  [
    'loadbalancer/net/k8s/1',
    'elasticloadbalancing',
    'DeleteLoadBalancerCommand {"LoadBalancerArn":"arn:aws:elasticloadbalancing:eu-central-1:000000000000:loadbalancer/net/k8s/1"}',
  ],
  [
    'targetgroup/k8s/1',
    'elasticloadbalancing',
    'DeleteTargetGroupCommand {"TargetGroupArn":"arn:aws:elasticloadbalancing:eu-central-1:000000000000:targetgroup/k8s/1"}',
  ],
  ['key/1', 'kms', 'ScheduleKeyDeletionCommand {"KeyId":"1","PendingWindowInDays":7}'],
  [
    'oidc-provider/oidc.example.com/id/1',
    'iam',
    'DeleteOpenIDConnectProviderCommand {"OpenIDConnectProviderArn":"arn:aws:iam:eu-central-1:000000000000:oidc-provider/oidc.example.com/id/1"}',
  ],
])('%s of %s is deleted by one call', async (resource, service, command) => {
  expect(await inventory.remove(item(resource, service))).toBeUndefined();
  expect(sent()).toEqual([command]);
});

test('a cluster is deleted by its name, a node group by its own and its cluster', async () => {
  eks.onAnyCommand().resolves({});
  await inventory.remove(item('cluster/drill-a1b2c3', 'eks'));
  await inventory.remove(item('nodegroup/drill-a1b2c3/default/12ab', 'eks'));
  expect(sent()).toEqual([
    'ListCapabilitiesCommand {"clusterName":"drill-a1b2c3"}',
    'DeleteClusterCommand {"name":"drill-a1b2c3"}',
    'DeleteNodegroupCommand {"clusterName":"drill-a1b2c3","nodegroupName":"default"}',
  ]);
});

test('a cluster that is protected from deletion is freed first', async () => {
  eks.on(UpdateClusterConfigCommand).resolves({});
  eks
    .on(DeleteClusterCommand)
    .rejectsOnce(refusal('InvalidRequestException', 'Cannot delete cluster with deletion protection enabled.'))
    .resolves({});
  expect(await inventory.remove(item('cluster/drill-a1b2c3', 'eks'))).toBeUndefined();
  expect(sent()).toEqual([
    'ListCapabilitiesCommand {"clusterName":"drill-a1b2c3"}',
    'DeleteClusterCommand {"name":"drill-a1b2c3"}',
    'UpdateClusterConfigCommand {"name":"drill-a1b2c3","deletionProtection":false}',
    'DeleteClusterCommand {"name":"drill-a1b2c3"}',
  ]);
});

test('a cluster with capabilities is asked to go when they have gone', async () => {
  eks.onAnyCommand().resolves({});
  eks
    .on(ListCapabilitiesCommand)
    .resolvesOnce({ capabilities: [{ capabilityName: 'argocd', status: 'ACTIVE' }] })
    .resolvesOnce({ capabilities: [{ capabilityName: 'argocd', status: 'DELETING' }] })
    .resolves({ capabilities: [] });
  const cluster = item('cluster/drill-a1b2c3', 'eks');
  expect(await inventory.remove(cluster)).toBe('its capabilities go first: argocd');
  expect(await inventory.remove(cluster)).toBe('its capabilities go first: argocd');
  expect(await inventory.remove(cluster)).toBeUndefined();
  const list = 'ListCapabilitiesCommand {"clusterName":"drill-a1b2c3"}';
  expect(sent()).toEqual([
    list,
    'DeleteCapabilityCommand {"clusterName":"drill-a1b2c3","capabilityName":"argocd"}',
    list,
    list,
    'DeleteClusterCommand {"name":"drill-a1b2c3"}',
  ]);
});

test('capabilities that cannot be listed do not keep a cluster', async () => {
  eks.onAnyCommand().resolves({});
  eks.on(ListCapabilitiesCommand).rejects(refusal('AccessDeniedException', 'not authorized'));
  expect(await inventory.remove(item('cluster/drill-a1b2c3', 'eks'))).toBeUndefined();
  expect(sent().at(-1)).toBe('DeleteClusterCommand {"name":"drill-a1b2c3"}');
});

test.each(['capability/drill-a1b2c3/argocd/12ab', 'capability/drill-a1b2c3/ARGOCD/argocd/12ab'])(
  '%s is deleted by its name and its cluster',
  async (resource) => {
    eks.onAnyCommand().resolves({});
    expect(await inventory.remove(item(resource, 'eks'))).toBeUndefined();
    expect(sent()).toEqual(['DeleteCapabilityCommand {"clusterName":"drill-a1b2c3","capabilityName":"argocd"}']);
  },
);

test('an internet gateway is detached first', async () => {
  ec2.on(DescribeInternetGatewaysCommand).resolves({
    InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1' }] }],
  });
  await inventory.remove(item('internet-gateway/igw-1'));
  expect(sent().slice(1)).toEqual([
    'DetachInternetGatewayCommand {"InternetGatewayId":"igw-1","VpcId":"vpc-1"}',
    'DeleteInternetGatewayCommand {"InternetGatewayId":"igw-1"}',
  ]);
  expect(ec2.commandCalls(DeleteInternetGatewayCommand)).toHaveLength(1);
});

test('a security group that others refer to loses its rules, so that the next round finds fewer references', async () => {
  const rule = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-2' }] };
  ec2.on(DeleteSecurityGroupCommand).rejects(refusal('DependencyViolation', 'resource sg-1 has a dependent object'));
  ec2.on(DescribeSecurityGroupsCommand).resolves({
    SecurityGroups: [{ GroupId: 'sg-1', IpPermissions: [rule], IpPermissionsEgress: [] }],
  });
  expect(await inventory.remove(item('security-group/sg-1'))).toBe(
    'AWS refuses to delete it: DependencyViolation: resource sg-1 has a dependent object',
  );
  expect(sent().map((line) => line.split(' ')[0])).toEqual([
    'DeleteSecurityGroupCommand',
    'DescribeSecurityGroupsCommand',
    'RevokeSecurityGroupIngressCommand',
    'DeleteSecurityGroupCommand',
  ]);
});

test('a role goes after its policies', async () => {
  iam.on(ListAttachedRolePoliciesCommand).resolves({ AttachedPolicies: [{ PolicyArn: 'arn:policy' }] });
  iam.on(ListRolePoliciesCommand).resolves({ PolicyNames: ['inline'] });
  await inventory.remove(item('role/team/drill-a1b2c3-nodes', 'iam'));
  expect(sent().filter((line) => !line.startsWith('List'))).toEqual([
    'DetachRolePolicyCommand {"RoleName":"drill-a1b2c3-nodes","PolicyArn":"arn:policy"}',
    'DeleteRolePolicyCommand {"RoleName":"drill-a1b2c3-nodes","PolicyName":"inline"}',
    'DeleteRoleCommand {"RoleName":"drill-a1b2c3-nodes"}',
  ]);
});

test('an instance profile goes after its role was taken out', async () => {
  iam.on(GetInstanceProfileCommand).resolves({
    InstanceProfile: {
      Path: '/',
      InstanceProfileName: 'p',
      InstanceProfileId: '1',
      Arn: 'a',
      CreateDate: new Date(0),
      Roles: [{ RoleName: 'r', Path: '/', RoleId: '1', Arn: 'a', CreateDate: new Date(0) }],
    },
  });
  await inventory.remove(item('instance-profile/p', 'iam'));
  expect(sent().slice(1)).toEqual([
    'RemoveRoleFromInstanceProfileCommand {"InstanceProfileName":"p","RoleName":"r"}',
    'DeleteInstanceProfileCommand {"InstanceProfileName":"p"}',
  ]);
});

test('a policy goes after its roles and older versions', async () => {
  iam.on(ListEntitiesForPolicyCommand).resolves({ PolicyRoles: [{ RoleName: 'r' }] });
  iam.on(ListPolicyVersionsCommand).resolves({
    Versions: [
      { VersionId: 'v2', IsDefaultVersion: true },
      { VersionId: 'v1', IsDefaultVersion: false },
    ],
  });
  await inventory.remove(item('policy/p', 'iam'));
  expect(sent().map((line) => line.split(' ')[0])).toEqual([
    'ListEntitiesForPolicyCommand',
    'DetachRolePolicyCommand',
    'ListPolicyVersionsCommand',
    'DeletePolicyVersionCommand',
    'DeletePolicyCommand',
  ]);
});

test.each(['InvalidVolume.NotFound', 'NatGatewayNotFound', 'ResourceNotFoundException', 'NoSuchEntityException'])(
  '%s means that it is gone',
  async (name) => {
    ec2.on(DeleteVolumeCommand).rejects(refusal(name));
    expect(await inventory.remove(item('volume/vol-1'))).toBeUndefined();
  },
);

test('a refusal is a sentence with the code and the words of AWS', async () => {
  eks.on(DeleteClusterCommand).rejects(refusal('ResourceInUseException', 'Cluster has nodegroups attached'));
  expect(await inventory.remove(item('cluster/drill-a1b2c3', 'eks'))).toBe(
    'AWS refuses to delete it: ResourceInUseException: Cluster has nodegroups attached',
  );
});

test('throttling is thrown, so that the round is tried again', async () => {
  ec2.on(DeleteVolumeCommand).rejects(refusal('RequestLimitExceeded'));
  await expect(inventory.remove(item('volume/vol-1'))).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
});
