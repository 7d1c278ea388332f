import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  type ResourceType,
  type Tag,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import { CreateClusterCommand, CreateNodegroupCommand } from '@aws-sdk/client-eks';
import { CreateLoadBalancerCommand, CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsClients } from '../../adapters/aws-clients';
import type { InventoryScope } from '../../domain/ports/inventory';

const DRILL = { Key: 'cluster-drill', Value: 'example-1-a1b2c3' } satisfies Tag;
const CLUSTER = 'drill-a1b2c3';

function tagged(type: ResourceType, tag: Tag = DRILL): { TagSpecifications: TagSpecification[] } {
  return { TagSpecifications: [{ ResourceType: type, Tags: [tag] }] };
}

/** Makes a drill's leftovers in an emulated account by its own API. */
export async function makeLeftovers(
  clients: AwsClients,
): Promise<{ readonly scope: InventoryScope; readonly account: string; readonly leftovers: readonly string[] }> {
  const { Account: account = '' } = await clients.sts.send(new GetCallerIdentityCommand({}));
  const network = await makeNetwork(clients);
  const { Role } = await clients.iam.send(
    new CreateRoleCommand({ RoleName: `${CLUSTER}-nodes`, AssumeRolePolicyDocument: '{}', Tags: [DRILL] }),
  );
  const inline = { RoleName: `${CLUSTER}-nodes`, PolicyName: 'inline' };
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
  });
  await clients.iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument }));
  const eks = await makeCluster(clients, Role!.Arn!, network.subnets);
  const balancing = await makeLoadBalancer(clients, network.vpcId, network.subnets);
  const logGroupName = `/aws/eks/${CLUSTER}/cluster`;
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName }));
  const volume = await clients.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'eu-central-1a', Size: 8 }));
  const { AllocationId } = await clients.ec2.send(new AllocateAddressCommand(tagged('elastic-ip')));
  const ec2 = `arn:aws:ec2:eu-central-1:${account}`;
  return {
    account,
    scope: {
      drillId: DRILL.Value,
      clusterName: CLUSTER,
      vpcId: network.vpcId,
      volumeIds: [volume.VolumeId!, 'vol-00000000000000000'],
    },
    leftovers: [
      ...network.resources.map((resource) => `${ec2}:${resource}`),
      `${ec2}:volume/${volume.VolumeId}`,
      `${ec2}:elastic-ip/${AllocationId}`,
      ...balancing,
      ...eks,
      Role!.Arn!,
      `arn:aws:logs:eu-central-1:${account}:log-group:${logGroupName}`,
    ],
  };
}

async function makeNetwork({ ec2 }: AwsClients): Promise<{ vpcId: string; subnets: string[]; resources: string[] }> {
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
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand(group));
  const gateway = await ec2.send(new CreateInternetGatewayCommand(tagged('internet-gateway')));
  const InternetGatewayId = gateway.InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  await ec2.send(
    new CreateVpcCommand({
      CidrBlock: '10.9.0.0/16',
      ...tagged('vpc', { Key: 'cluster-drill', Value: 'example-2-d4e5f6' }),
    }),
  );
  return {
    vpcId: VpcId,
    subnets,
    resources: [
      `vpc/${VpcId}`,
      ...subnets.map((id) => `subnet/${id}`),
      `security-group/${GroupId}`,
      `internet-gateway/${InternetGatewayId}`,
    ],
  };
}

async function makeCluster({ eks }: AwsClients, roleArn: string, subnetIds: string[]): Promise<string[]> {
  const { cluster } = await eks.send(
    new CreateClusterCommand({ name: CLUSTER, roleArn, resourcesVpcConfig: { subnetIds } }),
  );
  const { nodegroup } = await eks.send(
    new CreateNodegroupCommand({
      clusterName: CLUSTER,
      nodegroupName: 'default',
      nodeRole: roleArn,
      subnets: subnetIds,
    }),
  );
  return [cluster!.arn!, nodegroup!.nodegroupArn!];
}

async function makeLoadBalancer({ elb }: AwsClients, VpcId: string, Subnets: string[]): Promise<string[]> {
  const Tags = [{ Key: 'elbv2.k8s.aws/cluster', Value: CLUSTER }];
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'k8s-web', Type: 'network', Subnets, Tags }),
  );
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({ Name: 'k8s-web', Protocol: 'TCP', Port: 80, VpcId }),
  );
  return [LoadBalancers![0]!.LoadBalancerArn!, TargetGroups![0]!.TargetGroupArn!];
}
