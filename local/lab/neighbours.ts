import { CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateSubnetCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, DescribeKeyCommand } from '@aws-sdk/client-kms';
import type { AwsClients } from '../../adapters/aws-clients';
import { TAG } from '../../domain/names';

/** What lives in the account beside the drills and must outlive them: by what it is, whether it is there, unchanged. */
export interface Neighbours {
  look(): Promise<Readonly<Record<string, string>>>;
}

/**
 * Makes a network with an instance, a volume, a role, a log group and a key that carry no tag of a drill, and a VPC that
 * carries the tag of another one.
 */
export async function makeNeighbours(clients: AwsClients, region: string): Promise<Neighbours> {
  const { ec2, iam, logs, kms } = clients;
  const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: '10.200.0.0/16' }))).Vpc!.VpcId!;
  const other = await ec2.send(
    new CreateVpcCommand({
      CidrBlock: '10.201.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: TAG.drill, Value: 'another-drill' }] }],
    }),
  );
  const zone = `${region}a`;
  const subnet = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.200.0.0/24', AvailabilityZone: zone }));
  const SubnetId = subnet.Subnet!.SubnetId!;
  const run = { ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1, SubnetId };
  const InstanceId = (await ec2.send(new RunInstancesCommand(run))).Instances![0]!.InstanceId!;
  const VolumeId = (await ec2.send(new CreateVolumeCommand({ AvailabilityZone: zone, Size: 8 }))).VolumeId!;
  const own = VpcId.slice(-6);
  const RoleName = `neighbour-${own}`;
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' }));
  const logGroupName = `/aws/eks/neighbour-${own}/cluster`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.KeyId!;
  const VpcIds = [VpcId, other.Vpc!.VpcId!];
  return {
    look: async () => ({
      vpcs: (await ec2.send(new DescribeVpcsCommand({ VpcIds }))).Vpcs!.map(({ State }) => State).join(),
      subnet: (await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }))).Subnets![0]!.State!,
      instance: (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }))).Reservations![0]!
        .Instances![0]!.State!.Name!,
      volume: (await ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))).Volumes![0]!.State!,
      role: (await iam.send(new GetRoleCommand({ RoleName }))).Role!.RoleName!,
      'log group': (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName })))
        .logGroups!.map((group) => group.logGroupName)
        .join(),
      key: (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!.KeyState!,
    }),
  };
}
