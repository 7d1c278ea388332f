import {
  DeleteInternetGatewayCommand,
  DeleteNatGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteRouteTableCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DeleteVpcEndpointsCommand,
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DetachInternetGatewayCommand,
  paginateDescribeInternetGateways,
  paginateDescribeNatGateways,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcs,
  ReleaseAddressCommand,
  type EC2Client,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { allOf } from '../pages';
import type { Ec2Kind } from './ec2-kind';
import { NETWORK_EXTRA_KINDS } from './ec2-network-extras';
import { securityGroup } from './ec2-security-group';
import { tagsOf } from './tagged-resources';

const natGateway: Ec2Kind = {
  kind: 'natgateway',
  idFilter: 'nat-gateway-id',
  vpcFilter: 'vpc-id',
  async describe(client, Filter) {
    const all = await allOf(paginateDescribeNatGateways({ client }, { Filter }), ({ NatGateways }) => NatGateways);
    return all.map((each) => ({
      id: each.NatGatewayId!,
      counts: !['deleting', 'deleted'].includes(each.State ?? ''),
      tags: tagsOf(each.Tags),
      createdAt: each.CreateTime,
      vpcId: each.VpcId,
    }));
  },
  remove: (client, id) => client.send(new DeleteNatGatewayCommand({ NatGatewayId: id })),
};

const elasticIp: Ec2Kind = {
  kind: 'elastic-ip',
  idFilter: 'allocation-id',
  async describe(client, Filters) {
    const { Addresses } = await client.send(new DescribeAddressesCommand({ Filters }));
    return (Addresses ?? []).map((each) => ({ id: each.AllocationId!, counts: true, tags: tagsOf(each.Tags) }));
  },
  remove: (client, id) => client.send(new ReleaseAddressCommand({ AllocationId: id })),
};

const networkInterface: Ec2Kind = {
  kind: 'network-interface',
  idFilter: 'network-interface-id',
  vpcFilter: 'vpc-id',
  async describe(client, Filters) {
    const all = await allOf(
      paginateDescribeNetworkInterfaces({ client }, { Filters }),
      ({ NetworkInterfaces }) => NetworkInterfaces,
    );
    return all.map((each) => ({
      id: each.NetworkInterfaceId!,
      counts: !goesWithItsOwner(each),
      tags: tagsOf(each.TagSet),
      vpcId: each.VpcId,
    }));
  },
  remove: (client, id) => client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id })),
};

/** Interfaces that AWS made for a load balancer, NAT gateway or control plane, and those of an instance. */
function goesWithItsOwner({ RequesterManaged, Attachment }: NetworkInterface): boolean {
  return RequesterManaged === true || Attachment?.DeleteOnTermination === true;
}

const subnet: Ec2Kind = {
  kind: 'subnet',
  idFilter: 'subnet-id',
  vpcFilter: 'vpc-id',
  async describe(client, Filters) {
    const all = await allOf(paginateDescribeSubnets({ client }, { Filters }), ({ Subnets }) => Subnets);
    return all.map((each) => ({ id: each.SubnetId!, counts: true, tags: tagsOf(each.Tags), vpcId: each.VpcId }));
  },
  remove: (client, id) => client.send(new DeleteSubnetCommand({ SubnetId: id })),
};

const routeTable: Ec2Kind = {
  kind: 'route-table',
  idFilter: 'route-table-id',
  vpcFilter: 'vpc-id',
  async describe(client, Filters) {
    const all = await allOf(paginateDescribeRouteTables({ client }, { Filters }), ({ RouteTables }) => RouteTables);
    return all.map((each) => {
      // The main table cannot be deleted; it goes with its VPC.
      const main = each.Associations?.some(({ Main }) => Main === true) ?? false;
      return { id: each.RouteTableId!, counts: !main, tags: tagsOf(each.Tags), vpcId: each.VpcId };
    });
  },
  remove: (client, id) => client.send(new DeleteRouteTableCommand({ RouteTableId: id })),
};

const internetGateway: Ec2Kind = {
  kind: 'internet-gateway',
  idFilter: 'internet-gateway-id',
  vpcFilter: 'attachment.vpc-id',
  async describe(client, Filters) {
    const all = await allOf(
      paginateDescribeInternetGateways({ client }, { Filters }),
      ({ InternetGateways }) => InternetGateways,
    );
    return all.map((each) => {
      const vpcId = each.Attachments?.[0]?.VpcId;
      return { id: each.InternetGatewayId!, counts: true, tags: tagsOf(each.Tags), vpcId };
    });
  },
  remove: deleteInternetGateway,
};

async function deleteInternetGateway(client: EC2Client, id: string): Promise<void> {
  const Filters = [{ Name: 'internet-gateway-id', Values: [id] }];
  const { InternetGateways } = await client.send(new DescribeInternetGatewaysCommand({ Filters }));
  for (const { VpcId } of InternetGateways?.[0]?.Attachments ?? []) {
    await client.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId }));
  }
  await client.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }));
}

const vpcEndpoint: Ec2Kind = {
  kind: 'vpc-endpoint',
  idFilter: 'vpc-endpoint-id',
  vpcFilter: 'vpc-id',
  async describe(client, Filters) {
    const all = await allOf(paginateDescribeVpcEndpoints({ client }, { Filters }), ({ VpcEndpoints }) => VpcEndpoints);
    return all.map((each) => ({
      id: each.VpcEndpointId!,
      counts: !['deleting', 'deleted'].includes(String(each.State).toLowerCase()),
      tags: tagsOf(each.Tags),
      createdAt: each.CreationTimestamp,
      vpcId: each.VpcId,
    }));
  },
  remove: (client, id) => client.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] })),
};

const vpc: Ec2Kind = {
  kind: 'vpc',
  idFilter: 'vpc-id',
  vpcFilter: 'vpc-id',
  async describe(client, Filters) {
    const all = await allOf(paginateDescribeVpcs({ client }, { Filters }), ({ Vpcs }) => Vpcs);
    return all.map((each) => ({ id: each.VpcId!, counts: true, tags: tagsOf(each.Tags), vpcId: each.VpcId }));
  },
  remove: (client, id) => client.send(new DeleteVpcCommand({ VpcId: id })),
};

/** A VPC and what stands in it. */
export const NETWORK_KINDS: readonly Ec2Kind[] = [
  natGateway,
  elasticIp,
  networkInterface,
  securityGroup,
  subnet,
  routeTable,
  internetGateway,
  vpcEndpoint,
  ...NETWORK_EXTRA_KINDS,
  vpc,
];
