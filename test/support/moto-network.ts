import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNetworkAclCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  type ResourceType,
  type Tag,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../adapters/aws-clients';

export const DRILL = { Key: 'cluster-drill', Value: 'example-1-a1b2c3' } satisfies Tag;
export const CLUSTER = 'drill-a1b2c3';

export function tagged(type: ResourceType, ...tags: Tag[]): { TagSpecifications: TagSpecification[] } {
  return { TagSpecifications: [{ ResourceType: type, Tags: tags.length > 0 ? tags : [DRILL] }] };
}

/** A drill's own VPC, by its tag, with what nothing but the VPC ties to the drill. */
export async function makeNetwork({
  ec2,
}: AwsClients): Promise<{ vpcId: string; subnets: string[]; resources: string[] }> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', ...tagged('vpc') }));
  const VpcId = Vpc!.VpcId!;
  const subnets: string[] = [];
  for (const [index, zone] of ['a', 'b'].entries()) {
    const CidrBlock = `10.0.${index}.0/24`;
    const AvailabilityZone = `eu-central-1${zone}`;
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }));
    subnets.push(Subnet!.SubnetId!);
  }
  const group = { GroupName: `k8s-traffic-${CLUSTER}`, Description: 'traffic', VpcId };
  await ec2.send(new CreateSecurityGroupCommand(group));
  const gateway = await ec2.send(new CreateInternetGatewayCommand(tagged('internet-gateway')));
  const InternetGatewayId = gateway.InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  const acl = await ec2.send(new CreateNetworkAclCommand({ VpcId }));
  await ec2.send(
    new CreateNetworkInterfaceCommand({
      SubnetId: subnets[0]!,
      ...tagged('network-interface', { Key: 'cluster.k8s.amazonaws.com/name', Value: CLUSTER }),
    }),
  );
  return {
    vpcId: VpcId,
    subnets,
    resources: [
      `vpc/${VpcId}`,
      ...subnets.map((id) => `subnet/${id}`),
      `internet-gateway/${InternetGatewayId}`,
      `network-acl/${acl.NetworkAcl!.NetworkAclId}`,
    ],
  };
}

/** What stands in the VPC or hangs on an instance in the end, also what the emulator made along with something else. */
export async function madeAlong({ ec2 }: AwsClients, vpcId: string): Promise<string[]> {
  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  const groups = (await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups ?? [];
  const interfaces = (await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }))).NetworkInterfaces ?? [];
  const volumes = (await ec2.send(new DescribeVolumesCommand({}))).Volumes ?? [];
  return [
    ...groups.filter(({ GroupName }) => GroupName !== 'default').map(({ GroupId }) => `security-group/${GroupId}`),
    ...interfaces.map(({ NetworkInterfaceId }) => `network-interface/${NetworkInterfaceId}`),
    ...volumes.filter(({ Attachments }) => Attachments?.length).map(({ VolumeId }) => `volume/${VolumeId}`),
  ];
}
