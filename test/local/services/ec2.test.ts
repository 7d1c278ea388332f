import {
  DeleteInternetGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSubnetCommand,
  DeleteVolumeCommand,
  DeleteVpcCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { InfrastructureUnderTest, put } from './infrastructure-under-test';

const under = new InfrastructureUnderTest();

function ec2(): EC2Client {
  return new EC2Client({ endpoint: under.endpoint.url });
}

describe('EC2', () => {
  const byVpc = [{ Name: 'vpc-id', Values: ['vpc-1'] }];
  const byTag = [{ Name: 'tag:cluster-drill', Values: ['d1'] }];

  beforeEach(() => {
    put(under.world, 'ec2:vpc', 'vpc-1', { attributes: { cidrBlock: '10.0.0.0/16' } });
    put(under.world, 'ec2:vpc', 'vpc-2', { tags: {} });
  });

  test('every kind is found by VPC or tag, with its fields', async () => {
    const inVpc = { attributes: { vpcId: 'vpc-1', subnetId: 'subnet-1', groupName: 'nodes', size: 20, name: 'nodes' } };
    for (const [type, id] of [
      ['ec2:subnet', 'subnet-1'],
      ['ec2:security-group', 'sg-1'],
      ['ec2:network-interface', 'eni-1'],
      ['ec2:volume', 'vol-1'],
      ['ec2:instance', 'i-1'],
      ['ec2:natgateway', 'nat-1'],
      ['ec2:elastic-ip', 'eipalloc-1'],
      ['ec2:internet-gateway', 'igw-1'],
      ['ec2:route-table', 'rtb-1'],
      ['ec2:launch-template', 'lt-1'],
    ] as const) {
      put(under.world, type, id, inVpc);
    }
    const client = ec2();
    const tags = [{ Key: 'cluster-drill', Value: 'd1' }];
    const [vpc] = (await client.send(new DescribeVpcsCommand({ Filters: byVpc }))).Vpcs ?? [];
    expect(vpc).toMatchObject({ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', Tags: tags });
    const [subnet] = (await client.send(new DescribeSubnetsCommand({ Filters: byVpc }))).Subnets ?? [];
    expect(subnet).toMatchObject({ SubnetId: 'subnet-1', VpcId: 'vpc-1', Tags: tags });
    const [group] = (await client.send(new DescribeSecurityGroupsCommand({ Filters: byVpc }))).SecurityGroups ?? [];
    expect(group).toMatchObject({ GroupId: 'sg-1', GroupName: 'nodes' });
    const [eni] = (await client.send(new DescribeNetworkInterfacesCommand({ Filters: byVpc }))).NetworkInterfaces ?? [];
    expect(eni).toMatchObject({ NetworkInterfaceId: 'eni-1', Status: 'available', TagSet: tags });
    const [volume] = (await client.send(new DescribeVolumesCommand({ Filters: byTag }))).Volumes ?? [];
    expect(volume).toMatchObject({ VolumeId: 'vol-1', Size: 20, State: 'available', CreateTime: under.clock.now() });
    const { Reservations } = await client.send(new DescribeInstancesCommand({ Filters: byVpc }));
    expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({ InstanceId: 'i-1', State: { Name: 'running' } });
    const [nat] = (await client.send(new DescribeNatGatewaysCommand({ Filter: byVpc }))).NatGateways ?? [];
    expect(nat).toMatchObject({ NatGatewayId: 'nat-1', State: 'available' });
    const [address] = (await client.send(new DescribeAddressesCommand({ Filters: byTag }))).Addresses ?? [];
    expect(address).toMatchObject({ AllocationId: 'eipalloc-1' });
    const byAttachment = [{ Name: 'attachment.vpc-id', Values: ['vpc-1'] }];
    const gateways = await client.send(new DescribeInternetGatewaysCommand({ Filters: byAttachment }));
    expect(gateways.InternetGateways?.[0]?.Attachments).toEqual([{ VpcId: 'vpc-1', State: 'available' }]);
    const [table] = (await client.send(new DescribeRouteTablesCommand({ Filters: byVpc }))).RouteTables ?? [];
    expect(table?.RouteTableId).toBe('rtb-1');
    const [template] =
      (await client.send(new DescribeLaunchTemplatesCommand({ Filters: byTag }))).LaunchTemplates ?? [];
    expect(template).toMatchObject({ LaunchTemplateId: 'lt-1', LaunchTemplateName: 'nodes' });
  });

  test('an id that does not exist is an error, a filter that finds nothing is not', async () => {
    await expect(ec2().send(new DescribeVpcsCommand({ VpcIds: ['vpc-9'] }))).rejects.toMatchObject({
      name: 'InvalidVpcID.NotFound',
    });
    const Filters = [{ Name: 'vpc-id', Values: ['vpc-9'] }];
    expect((await ec2().send(new DescribeVpcsCommand({ Filters }))).Vpcs).toEqual([]);
    await expect(
      ec2().send(new DescribeVpcsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  test('a VPC goes last, after what stands in it', async () => {
    put(under.world, 'ec2:subnet', 'subnet-1', { attributes: { vpcId: 'vpc-1' } });
    put(under.world, 'ec2:network-interface', 'eni-1', { attributes: { vpcId: 'vpc-1', subnetId: 'subnet-1' } });
    const client = ec2();
    const refused = { name: 'DependencyViolation' };
    await expect(client.send(new DeleteVpcCommand({ VpcId: 'vpc-1' }))).rejects.toMatchObject(refused);
    await expect(client.send(new DeleteSubnetCommand({ SubnetId: 'subnet-1' }))).rejects.toMatchObject(refused);
    await client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: 'eni-1' }));
    await under.clock.sleep(10_000);
    await client.send(new DeleteSubnetCommand({ SubnetId: 'subnet-1' }));
    await under.clock.sleep(10_000);
    await client.send(new DeleteVpcCommand({ VpcId: 'vpc-1' }));
    await under.clock.sleep(10_000);
    expect(under.world.aws.list().map(({ id }) => id)).toEqual(['vpc-2']);
  });

  test('an internet gateway is detached before it is deleted, and held by public addresses', async () => {
    put(under.world, 'ec2:internet-gateway', 'igw-1', { attributes: { vpcId: 'vpc-1' } });
    const nat = put(under.world, 'ec2:natgateway', 'nat-1', { attributes: { vpcId: 'vpc-1' } });
    const client = ec2();
    const detach = new DetachInternetGatewayCommand({ InternetGatewayId: 'igw-1', VpcId: 'vpc-1' });
    const remove = new DeleteInternetGatewayCommand({ InternetGatewayId: 'igw-1' });
    await expect(client.send(detach)).rejects.toMatchObject({ name: 'DependencyViolation' });
    under.world.aws.remove(nat.arn, 0);
    await expect(client.send(remove)).rejects.toMatchObject({ name: 'DependencyViolation' });
    await client.send(detach);
    await client.send(remove);
    await under.clock.sleep(20_000);
    expect(under.world.aws.get('arn:aws:ec2:eu-central-1:000000000000:internet-gateway/igw-1')).toBeUndefined();
  });

  test('a terminated instance is still shown for an hour', async () => {
    put(under.world, 'ec2:instance', 'i-1');
    const client = ec2();
    const terminated = await client.send(new TerminateInstancesCommand({ InstanceIds: ['i-1'] }));
    expect(terminated.TerminatingInstances).toHaveLength(1);
    const state = async (): Promise<string | undefined> =>
      (await client.send(new DescribeInstancesCommand({}))).Reservations?.[0]?.Instances?.[0]?.State?.Name;
    expect(await state()).toBe('shutting-down');
    await under.clock.sleep(120_000);
    expect(await state()).toBe('terminated');
    await under.clock.sleep(3_700_000);
    expect(await state()).toBeUndefined();
  });

  test('a volume is in use while an instance that may hold it runs', async () => {
    put(under.world, 'ec2:volume', 'vol-1', { attributes: { state: 'in-use' } });
    const instance = put(under.world, 'ec2:instance', 'i-1');
    const remove = new DeleteVolumeCommand({ VolumeId: 'vol-1' });
    await expect(ec2().send(remove)).rejects.toMatchObject({ name: 'VolumeInUse' });
    under.world.aws.remove(instance.arn, 0);
    await ec2().send(remove);
    const [volume] = (await ec2().send(new DescribeVolumesCommand({ VolumeIds: ['vol-1'] }))).Volumes ?? [];
    expect(volume?.State).toBe('deleting');
  });

  test('what a scenario makes undeletable is refused in its words', async () => {
    const undeletable = { code: 'UnauthorizedOperation', message: 'You are not authorized to perform this operation.' };
    put(under.world, 'ec2:volume', 'vol-1', { undeletable });
    await expect(ec2().send(new DeleteVolumeCommand({ VolumeId: 'vol-1' }))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: undeletable.message,
    });
  });
});
