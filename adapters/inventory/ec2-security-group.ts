import {
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { allOf } from '../pages';
import type { Ec2Kind } from './ec2-kind';
import { tagsOf } from './tagged-resources';

/** Security groups. The default one cannot be deleted; it goes with its VPC. */
export const securityGroup: Ec2Kind = {
  kind: 'security-group',
  idFilter: 'group-id',
  vpcFilter: 'vpc-id',
  async describe(client, Filters) {
    const all = await allOf(
      paginateDescribeSecurityGroups({ client }, { Filters }),
      ({ SecurityGroups }) => SecurityGroups,
    );
    return all.map((each) => ({
      id: each.GroupId!,
      counts: each.GroupName !== 'default',
      tags: tagsOf(each.Tags),
      vpcId: each.VpcId,
    }));
  },
  remove,
};

/**
 * Groups that name each other in their rules (the cluster's and its nodes', a load balancer's and its targets') cannot
 * be deleted in any order. A group that is refused loses its rules, so that the next round finds nothing that refers to
 * the others.
 */
async function remove(client: EC2Client, id: string): Promise<void> {
  try {
    await client.send(new DeleteSecurityGroupCommand({ GroupId: id }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'DependencyViolation') throw error;
    await revokeRules(client, id);
    await client.send(new DeleteSecurityGroupCommand({ GroupId: id }));
  }
}

async function revokeRules(client: EC2Client, id: string): Promise<void> {
  const Filters = [{ Name: 'group-id', Values: [id] }];
  const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand({ Filters }));
  const { IpPermissions = [], IpPermissionsEgress = [] } = SecurityGroups?.[0] ?? {};
  if (IpPermissions.length > 0) {
    await client.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions }));
  }
  if (IpPermissionsEgress.length > 0) {
    await client.send(new RevokeSecurityGroupEgressCommand({ GroupId: id, IpPermissions: IpPermissionsEgress }));
  }
}
