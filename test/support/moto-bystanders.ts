import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, DescribeKeyCommand } from '@aws-sdk/client-kms';
import type { AwsClients } from '../../adapters/aws-clients';
import { ClassicElbClient } from '../../adapters/classic-elb-client';
import { makeClassic } from './moto-leftovers';
import { CLUSTER, tagged } from './moto-network';

/**
 * Neighbours that are none of the drill's: another drill's VPC with a subnet that the drill's cluster may share, and of
 * each kind that is easily mistaken one without any tag.
 * @returns tells which of them do not exist any more.
 */
export async function makeBystanders(clients: AwsClients): Promise<() => Promise<readonly string[]>> {
  const { ec2, iam, kms, elb } = clients;
  const other = tagged('vpc', { Key: 'cluster-drill', Value: 'example-2-d4e5f6' });
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16', ...other }));
  const VpcId = Vpc!.VpcId!;
  const shared = tagged('subnet', { Key: `kubernetes.io/cluster/${CLUSTER}`, Value: 'shared' });
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.9.0.0/24', ...shared }));
  const group = { GroupName: 'k8s-elb-other', Description: 'other', VpcId };
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(group));
  const volume = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'eu-central-1a', Size: 9 }));
  const role = { RoleName: 'company', AssumeRolePolicyDocument: '{}' };
  await iam.send(new CreateRoleCommand(role));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await makeClassic(elb, 'b0123456789', Subnet!.SubnetId!);

  const exists: Readonly<Record<string, () => Promise<unknown>>> = {
    VPC: () => ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] })),
    subnet: () => ec2.send(new DescribeSubnetsCommand({ SubnetIds: [Subnet!.SubnetId!] })),
    'security group': () => ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId!] })),
    volume: () => ec2.send(new DescribeVolumesCommand({ VolumeIds: [volume.VolumeId!] })),
    role: () => iam.send(new GetRoleCommand({ RoleName: role.RoleName })),
    key: async () => {
      const key = await kms.send(new DescribeKeyCommand({ KeyId: KeyMetadata!.KeyId! }));
      if (key.KeyMetadata?.DeletionDate) throw new Error('its deletion is scheduled');
    },
    'classic load balancer': async () => {
      const names = (await new ClassicElbClient(elb).loadBalancers()).map(({ name }) => name);
      if (!names.includes('b0123456789')) throw new Error('it is gone');
    },
  };
  return async () => {
    const missing: string[] = [];
    for (const [name, ask] of Object.entries(exists)) {
      await ask().catch((error: unknown) => missing.push(`${name}: ${String(error)}`));
    }
    return missing;
  };
}
