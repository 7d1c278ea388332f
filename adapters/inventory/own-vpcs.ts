import { paginateDescribeVpcs, type EC2Client } from '@aws-sdk/client-ec2';
import { TAG } from '../../domain/names';
import type { InventoryScope } from '../../domain/ports/inventory';
import { allOf } from '../pages';

/**
 * The VPCs that are the drill's own: those with its tag. The VPC that Terraform's outputs name is believed only when it
 * is gone by now (a teardown removes no VPC but the drill's, and target groups outlive it): a repository may put its
 * cluster into a VPC that the whole company uses.
 */
export async function ownVpcs(client: EC2Client, { drillId, vpcId }: InventoryScope): Promise<readonly string[]> {
  const own = await vpcsWhere(client, `tag:${TAG.drill}`, drillId);
  if (vpcId === undefined || own.includes(vpcId)) return own;
  const exists = (await vpcsWhere(client, 'vpc-id', vpcId)).length > 0;
  return exists ? own : [...own, vpcId];
}

async function vpcsWhere(client: EC2Client, Name: string, value: string): Promise<string[]> {
  const Filters = [{ Name, Values: [value] }];
  const vpcs = await allOf(paginateDescribeVpcs({ client }, { Filters }), ({ Vpcs }) => Vpcs);
  return vpcs.map(({ VpcId }) => VpcId!);
}
