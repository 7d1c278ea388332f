import {
  DeleteEgressOnlyInternetGatewayCommand,
  DeleteNetworkAclCommand,
  paginateDescribeEgressOnlyInternetGateways,
  paginateDescribeNetworkAcls,
} from '@aws-sdk/client-ec2';
import { allOf } from '../pages';
import type { Ec2Kind } from './ec2-kind';
import { tagsOf } from './tagged-resources';

const networkAcl: Ec2Kind = {
  kind: 'network-acl',
  idFilter: 'network-acl-id',
  vpcFilter: 'vpc-id',
  async describe(client, Filters) {
    const all = await allOf(paginateDescribeNetworkAcls({ client }, { Filters }), ({ NetworkAcls }) => NetworkAcls);
    return all.map((each) => {
      // The default one cannot be deleted; it goes with its VPC.
      const counts = each.IsDefault !== true;
      return { id: each.NetworkAclId!, counts, tags: tagsOf(each.Tags), vpcId: each.VpcId };
    });
  },
  remove: (client, id) => client.send(new DeleteNetworkAclCommand({ NetworkAclId: id })),
};

/** The way out of a VPC with IPv6. EC2 filters them by tag only, so the rest is compared here. */
const egressOnlyGateway: Ec2Kind = {
  kind: 'egress-only-internet-gateway',
  idFilter: 'egress-only-internet-gateway-id',
  vpcFilter: 'attachment.vpc-id',
  async describe(client, filters) {
    const all = await allOf(
      paginateDescribeEgressOnlyInternetGateways({ client }, {}),
      ({ EgressOnlyInternetGateways }) => EgressOnlyInternetGateways,
    );
    return all
      .map((each) => ({
        id: each.EgressOnlyInternetGatewayId!,
        counts: true,
        tags: tagsOf(each.Tags),
        vpcId: each.Attachments?.[0]?.VpcId,
      }))
      .filter(({ id, vpcId = '' }) => filters.every(({ Values }) => Values?.includes(id) || Values?.includes(vpcId)));
  },
  remove: (client, EgressOnlyInternetGatewayId) =>
    client.send(new DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId })),
};

/** What a VPC may have beside the usual, and cannot be deleted with. */
export const NETWORK_EXTRA_KINDS: readonly Ec2Kind[] = [networkAcl, egressOnlyGateway];
