import { AwsError, queryService } from '../service';
import type { Service } from '../service';
import type { AwsResource } from '../world/aws-resources';
import { beginRemoval, isAttached, obstacleTo } from '../world/removal';
import { lifecycleOf, listAttribute, textAttribute } from '../world/simulated-account';
import type { SimulatedAccount } from '../world/simulated-account';

/** How one kind of resource is asked for, shown and deleted. */
interface Kind {
  readonly type: string;
  /** Form field of its ids (`VpcId.1` in descriptions, `VpcId` in deletions). */
  readonly idField: string;
  /** Element that holds the list. */
  readonly list: string;
  readonly notFound: string;
  readonly show: (resource: AwsResource, world: SimulatedAccount) => Record<string, unknown>;
  /** EC2 still shows it for about an hour after its deletion. */
  readonly lingers?: true;
}

const LINGER_MILLISECONDS = 3_600_000;

const VPC: Kind = {
  type: 'ec2:vpc',
  idField: 'VpcId',
  list: 'vpcSet',
  notFound: 'InvalidVpcID.NotFound',
  show: (vpc, { account }) => ({
    vpcId: vpc.id,
    cidrBlock: textAttribute(vpc, 'cidrBlock'),
    state: 'available',
    isDefault: false,
    ownerId: account,
  }),
};

const SUBNET: Kind = {
  type: 'ec2:subnet',
  idField: 'SubnetId',
  list: 'subnetSet',
  notFound: 'InvalidSubnetID.NotFound',
  show: (subnet) => ({
    subnetId: subnet.id,
    subnetArn: subnet.arn,
    state: 'available',
    vpcId: textAttribute(subnet, 'vpcId'),
    cidrBlock: textAttribute(subnet, 'cidrBlock'),
    availabilityZone: textAttribute(subnet, 'availabilityZone'),
  }),
};

const SECURITY_GROUP: Kind = {
  type: 'ec2:security-group',
  idField: 'GroupId',
  list: 'securityGroupInfo',
  notFound: 'InvalidGroup.NotFound',
  show: (group, { account }) => ({
    groupId: group.id,
    groupName: textAttribute(group, 'groupName'),
    groupDescription: textAttribute(group, 'description'),
    vpcId: textAttribute(group, 'vpcId'),
    ownerId: account,
  }),
};

const NETWORK_INTERFACE: Kind = {
  type: 'ec2:network-interface',
  idField: 'NetworkInterfaceId',
  list: 'networkInterfaceSet',
  notFound: 'InvalidNetworkInterfaceID.NotFound',
  show: (eni) => ({
    networkInterfaceId: eni.id,
    vpcId: textAttribute(eni, 'vpcId'),
    subnetId: textAttribute(eni, 'subnetId'),
    description: textAttribute(eni, 'description'),
    interfaceType: 'interface',
    // What EKS and load balancers make for themselves cannot be deleted by anybody else.
    requesterManaged: textAttribute(eni, 'partOf') !== '',
    status: textAttribute(eni, 'partOf') === '' ? textAttribute(eni, 'status') || 'available' : 'in-use',
    groupSet: listAttribute(eni, 'securityGroups').map((groupId) => ({ groupId })),
  }),
};

const VOLUME: Kind = {
  type: 'ec2:volume',
  idField: 'VolumeId',
  list: 'volumeSet',
  notFound: 'InvalidVolume.NotFound',
  show: (volume, world) => ({
    volumeId: volume.id,
    size: volume.attributes['size'] ?? 8,
    status: isAttached(world, volume)
      ? 'in-use'
      : stateOf(volume, world, { CREATING: 'creating', DELETING: 'deleting', ACTIVE: 'available' }),
    createTime: volume.createdAt,
    availabilityZone: textAttribute(volume, 'availabilityZone') || `${volume.region}a`,
    volumeType: textAttribute(volume, 'volumeType') || 'gp3',
    attachmentSet: attachmentsOf(volume),
  }),
};

function attachmentsOf(volume: AwsResource): readonly Record<string, unknown>[] {
  const instanceId = textAttribute(volume, 'instanceId');
  const deleteOnTermination = volume.attributes['deleteOnTermination'] === true;
  return instanceId === '' ? [] : [{ instanceId, status: 'attached', deleteOnTermination }];
}

const INSTANCE: Kind = {
  type: 'ec2:instance',
  idField: 'InstanceId',
  list: 'reservationSet',
  notFound: 'InvalidInstanceID.NotFound',
  lingers: true,
  show: (instance, world) => ({
    instanceId: instance.id,
    instanceState: {
      name: isGone(instance, world)
        ? 'terminated'
        : stateOf(instance, world, { CREATING: 'pending', DELETING: 'shutting-down', ACTIVE: 'running' }),
    },
    instanceType: textAttribute(instance, 'instanceType'),
    launchTime: instance.createdAt,
    vpcId: textAttribute(instance, 'vpcId'),
    subnetId: textAttribute(instance, 'subnetId'),
  }),
};

const NAT_GATEWAY: Kind = {
  type: 'ec2:natgateway',
  idField: 'NatGatewayId',
  list: 'natGatewaySet',
  notFound: 'NatGatewayNotFound',
  lingers: true,
  show: (gateway, world) => ({
    natGatewayId: gateway.id,
    vpcId: textAttribute(gateway, 'vpcId'),
    subnetId: textAttribute(gateway, 'subnetId'),
    createTime: gateway.createdAt,
    state: isGone(gateway, world)
      ? 'deleted'
      : stateOf(gateway, world, { CREATING: 'pending', DELETING: 'deleting', ACTIVE: 'available' }),
    natGatewayAddressSet: [{ allocationId: textAttribute(gateway, 'allocationId') }],
  }),
};

const ADDRESS: Kind = {
  type: 'ec2:elastic-ip',
  idField: 'AllocationId',
  list: 'addressesSet',
  notFound: 'InvalidAllocationID.NotFound',
  show: (address) => ({ allocationId: address.id, publicIp: textAttribute(address, 'publicIp'), domain: 'vpc' }),
};

const INTERNET_GATEWAY: Kind = {
  type: 'ec2:internet-gateway',
  idField: 'InternetGatewayId',
  list: 'internetGatewaySet',
  notFound: 'InvalidInternetGatewayID.NotFound',
  show: (gateway) => {
    const vpcId = textAttribute(gateway, 'vpcId');
    return { internetGatewayId: gateway.id, attachmentSet: vpcId === '' ? [] : [{ vpcId, state: 'available' }] };
  },
};

const ROUTE_TABLE: Kind = {
  type: 'ec2:route-table',
  idField: 'RouteTableId',
  list: 'routeTableSet',
  notFound: 'InvalidRouteTableID.NotFound',
  show: (table) => ({ routeTableId: table.id, vpcId: textAttribute(table, 'vpcId'), associationSet: [] }),
};

const LAUNCH_TEMPLATE: Kind = {
  type: 'ec2:launch-template',
  idField: 'LaunchTemplateId',
  list: 'launchTemplates',
  notFound: 'InvalidLaunchTemplateId.NotFound',
  show: (template) => ({
    launchTemplateId: template.id,
    launchTemplateName: textAttribute(template, 'name'),
    createTime: template.createdAt,
  }),
};

const VPC_ENDPOINT: Kind = {
  type: 'ec2:vpc-endpoint',
  idField: 'VpcEndpointId',
  list: 'vpcEndpointSet',
  notFound: 'InvalidVpcEndpointId.NotFound',
  show: (endpoint, world) => ({
    vpcEndpointId: endpoint.id,
    vpcId: textAttribute(endpoint, 'vpcId'),
    state: stateOf(endpoint, world, { CREATING: 'pending', DELETING: 'deleting', ACTIVE: 'available' }),
  }),
};

const NETWORK_ACL: Kind = {
  type: 'ec2:network-acl',
  idField: 'NetworkAclId',
  list: 'networkAclSet',
  notFound: 'InvalidNetworkAclID.NotFound',
  show: (acl) => ({ networkAclId: acl.id, vpcId: textAttribute(acl, 'vpcId'), default: false }),
};

const EGRESS_ONLY_GATEWAY: Kind = {
  type: 'ec2:egress-only-internet-gateway',
  idField: 'EgressOnlyInternetGatewayId',
  list: 'egressOnlyInternetGatewaySet',
  notFound: 'InvalidGatewayID.NotFound',
  show: (gateway) => ({
    egressOnlyInternetGatewayId: gateway.id,
    attachmentSet: [{ vpcId: textAttribute(gateway, 'vpcId'), state: 'attached' }],
  }),
};

/** The EC2 API over the simulated account, as far as networks, instances and volumes are found and deleted. */
export function createEc2(world: SimulatedAccount): Service {
  const describe = (kind: Kind) => (form: URLSearchParams) => ({ [kind.list]: shown(world, kind, form) });
  const remove = (kind: Kind) => (form: URLSearchParams) => removed(world, kind, form.get(kind.idField) ?? '');
  return queryService(
    'EC2',
    {
      DescribeVpcs: describe(VPC),
      DescribeSubnets: describe(SUBNET),
      DescribeSecurityGroups: describe(SECURITY_GROUP),
      DescribeNetworkInterfaces: describe(NETWORK_INTERFACE),
      DescribeVolumes: describe(VOLUME),
      DescribeInstances: (form) => ({
        reservationSet: shown(world, INSTANCE, form).map((instance) => ({ instancesSet: [instance] })),
      }),
      DescribeNatGateways: describe(NAT_GATEWAY),
      DescribeAddresses: describe(ADDRESS),
      DescribeInternetGateways: describe(INTERNET_GATEWAY),
      DescribeRouteTables: describe(ROUTE_TABLE),
      DescribeLaunchTemplates: describe(LAUNCH_TEMPLATE),
      DescribeVpcEndpoints: describe(VPC_ENDPOINT),
      DescribeNetworkAcls: describe(NETWORK_ACL),
      DescribeEgressOnlyInternetGateways: describe(EGRESS_ONLY_GATEWAY),
      DeleteVpc: remove(VPC),
      DeleteSubnet: remove(SUBNET),
      DeleteSecurityGroup: remove(SECURITY_GROUP),
      DeleteNetworkInterface: remove(NETWORK_INTERFACE),
      DeleteVolume: remove(VOLUME),
      DeleteNatGateway: remove(NAT_GATEWAY),
      ReleaseAddress: remove(ADDRESS),
      DeleteRouteTable: remove(ROUTE_TABLE),
      DeleteNetworkAcl: remove(NETWORK_ACL),
      DeleteEgressOnlyInternetGateway: remove(EGRESS_ONLY_GATEWAY),
      DeleteLaunchTemplate: remove(LAUNCH_TEMPLATE),
      DeleteVpcEndpoints: (form) => {
        for (const id of values(form, 'VpcEndpointId')) removed(world, VPC_ENDPOINT, id);
        return { unsuccessful: [] };
      },
      TerminateInstances: (form) => {
        for (const id of values(form, 'InstanceId')) removed(world, INSTANCE, id);
        return { instancesSet: shown(world, INSTANCE, form) };
      },
      DetachInternetGateway: (form) => detachInternetGateway(world, form),
      DeleteInternetGateway: (form) => deleteInternetGateway(world, form),
    },
    'ec2',
  );
}

function shown(world: SimulatedAccount, kind: Kind, form: URLSearchParams): Record<string, unknown>[] {
  const wanted = values(form, kind.idField);
  const known = all(world, kind);
  const missing = wanted.find((id) => !known.some((resource) => resource.id === id));
  if (missing !== undefined) throw notFound(kind, missing);
  const filters = filtersOf(form);
  return known
    .filter((resource) => wanted.length === 0 || wanted.includes(resource.id))
    .map((resource) => ({ resource, item: kind.show(resource, world) }))
    .filter(({ resource, item }) => filters.every((filter) => matches(resource, item, filter)))
    .map(({ resource, item }) => Object.assign(item, { tagSet: tagSet(resource) }));
}

function all(world: SimulatedAccount, kind: Kind): readonly AwsResource[] {
  if (!kind.lingers) return world.aws.list(kind.type);
  const now = world.clock.now().getTime();
  return world.aws
    .remembered()
    .filter(
      ({ type, createdAt, goneAt }) =>
        type === kind.type &&
        Date.parse(createdAt) <= now &&
        (goneAt === undefined || Date.parse(goneAt) + LINGER_MILLISECONDS > now),
    );
}

function removed(world: SimulatedAccount, kind: Kind, id: string): { return: true } {
  const resource = all(world, kind).find((one) => one.id === id);
  if (!resource) throw notFound(kind, id);
  const obstacle = obstacleTo(world, resource);
  if (obstacle) throw new AwsError(obstacle.code, obstacle.message);
  if (!resource.goneAt) beginRemoval(world, resource);
  return { return: true };
}

function detachInternetGateway(world: SimulatedAccount, form: URLSearchParams): { return: true } {
  const gateway = internetGateway(world, form);
  const obstacle = obstacleTo(world, gateway);
  if (obstacle) throw new AwsError(obstacle.code, obstacle.message);
  delete gateway.attributes['vpcId'];
  world.aws.changed();
  return { return: true };
}

function deleteInternetGateway(world: SimulatedAccount, form: URLSearchParams): { return: true } {
  const gateway = internetGateway(world, form);
  if (textAttribute(gateway, 'vpcId') !== '') {
    const message = `The internetGateway '${gateway.id}' has dependencies and cannot be deleted.`;
    throw new AwsError('DependencyViolation', message);
  }
  return removed(world, INTERNET_GATEWAY, gateway.id);
}

function internetGateway(world: SimulatedAccount, form: URLSearchParams): AwsResource {
  const id = form.get('InternetGatewayId') ?? '';
  const gateway = world.aws.find(INTERNET_GATEWAY.type, id);
  if (!gateway) throw notFound(INTERNET_GATEWAY, id);
  return gateway;
}

function notFound(kind: Kind, id: string): AwsError {
  return new AwsError(kind.notFound, `The ID '${id}' does not exist`);
}

/** `Name.1`, `Name.2`, … */
function values(form: URLSearchParams, name: string): readonly string[] {
  const found: string[] = [];
  for (let index = 1; form.has(`${name}.${index}`); index += 1) found.push(form.get(`${name}.${index}`)!);
  return found;
}

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

function filtersOf(form: URLSearchParams): readonly Filter[] {
  const filters: Filter[] = [];
  for (let index = 1; form.has(`Filter.${index}.Name`); index += 1) {
    filters.push({ name: form.get(`Filter.${index}.Name`)!, values: values(form, `Filter.${index}.Value`) });
  }
  return filters;
}

/** Filters that say the same of every kind, by the attribute (or the element of the answer) that they look at. */
const ATTRIBUTE_FILTERS: Readonly<Record<string, string>> = {
  'vpc-id': 'vpcId',
  'attachment.vpc-id': 'vpcId',
  'attachment.instance-id': 'instanceId',
  'subnet-id': 'subnetId',
  'group-name': 'groupName',
  description: 'description',
};

function matches(resource: AwsResource, item: Record<string, unknown>, { name, values: wanted }: Filter): boolean {
  const among = (text: unknown): boolean => wanted.some((pattern) => likes(pattern, String(text)));
  if (name.startsWith('tag:')) {
    const value = resource.tags[name.slice('tag:'.length)];
    return value !== undefined && among(value);
  }
  if (name === 'tag-key') return Object.keys(resource.tags).some(among);
  const attribute = ATTRIBUTE_FILTERS[name];
  if (attribute !== undefined) return among(item[attribute] ?? textAttribute(resource, attribute));
  if (name === 'instance-state-name') return among((item['instanceState'] as { name: string }).name);
  if (name === 'state' || name === 'status') return among(item[name]);
  if (name === 'group-id') return listAttribute(resource, 'securityGroups').some(among) || among(resource.id);
  if (Object.values(item).includes(resource.id) && name.endsWith('-id')) return among(resource.id);
  throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
}

/** `*` stands for anything in a filter's value. */
function likes(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

function tagSet(resource: AwsResource): readonly { key: string; value: string }[] {
  return Object.entries(resource.tags).map(([key, value]) => ({ key, value }));
}

function isGone({ goneAt }: AwsResource, { clock }: SimulatedAccount): boolean {
  return goneAt !== undefined && Date.parse(goneAt) <= clock.now().getTime();
}

function stateOf(
  resource: AwsResource,
  { clock }: SimulatedAccount,
  words: Readonly<Record<'CREATING' | 'DELETING' | 'ACTIVE', string>>,
): string {
  const lifecycle = lifecycleOf(resource, clock.now());
  return words[lifecycle as keyof typeof words] ?? lifecycle;
}
