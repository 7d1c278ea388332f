import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AllocateAddressCommand,
  CreateLaunchTemplateCommand,
  CreateVolumeCommand,
  RunInstancesCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import { CreateClusterCommand, CreateNodegroupCommand } from '@aws-sdk/client-eks';
import { CreateLoadBalancerCommand, CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateAliasCommand, CreateKeyCommand } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsClients } from '../../adapters/aws-clients';
import { ClassicElbClient } from '../../adapters/classic-elb-client';
import type { InventoryScope } from '../../domain/ports/inventory';
import { CLUSTER, DRILL, madeAlong, makeNetwork, tagged } from './moto-network';

const OWNED = { Key: `kubernetes.io/cluster/${CLUSTER}`, Value: 'owned' } satisfies Tag;
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
});

/** Makes a drill's leftovers in an emulated account by its own API. */
export async function makeLeftovers(
  clients: AwsClients,
): Promise<{ readonly scope: InventoryScope; readonly account: string; readonly leftovers: readonly string[] }> {
  const { Account: account = '' } = await clients.sts.send(new GetCallerIdentityCommand({}));
  const region = `eu-central-1:${account}`;
  const network = await makeNetwork(clients);
  const role = await makeRole(clients, `${CLUSTER}-nodes`);
  const volume = await clients.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'eu-central-1a', Size: 8 }));
  const logGroupName = `/aws/eks/${CLUSTER}/cluster`;
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName }));
  const compute = await makeCompute(clients, network.subnets[0]!);
  const others = [
    ...(await makeLoadBalancers(clients, region, network.vpcId, network.subnets)),
    ...(await makeCluster(clients, role, network.subnets)),
    role,
    ...(await makeRights(clients)),
    ...(await makeKey(clients)),
    `arn:aws:logs:${region}:log-group:${logGroupName}`,
  ];
  const ec2 = [
    ...network.resources,
    `volume/${volume.VolumeId}`,
    ...compute,
    ...(await madeAlong(clients, network.vpcId)),
  ];
  return {
    account,
    scope: {
      drillId: DRILL.Value,
      clusterName: CLUSTER,
      since: '2000-01-01T00:00:00.000Z',
      vpcId: network.vpcId,
      volumeIds: [volume.VolumeId!, 'vol-00000000000000000'],
    },
    leftovers: [...ec2.map((resource) => `arn:aws:ec2:${region}:${resource}`), ...others],
  };
}

async function makeRole({ iam }: AwsClients, RoleName: string): Promise<string> {
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}', Tags: [DRILL] }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument: POLICY }));
  return Role!.Arn!;
}

/** A role of any name, a policy, an instance profile as Karpenter makes it, and the provider of IRSA. */
async function makeRights(clients: AwsClients): Promise<string[]> {
  const { iam } = clients;
  const role = await makeRole(clients, 'dns-20261005');
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: `${CLUSTER}-dns`, PolicyDocument: POLICY, Tags: [DRILL] }),
  );
  const InstanceProfileName = `${CLUSTER}_1234`;
  const profile = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName, Tags: [OWNED] }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: `${CLUSTER}-nodes` }));
  const provider = await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: 'https://oidc.example.com/id/1',
      ThumbprintList: ['0'.repeat(40)],
      Tags: [DRILL],
    }),
  );
  return [role, Policy!.Arn!, profile.InstanceProfile!.Arn!, provider.OpenIDConnectProviderArn!];
}

async function makeKey({ kms }: AwsClients): Promise<string[]> {
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ Tags: [{ TagKey: DRILL.Key, TagValue: DRILL.Value }] }),
  );
  const AliasName = `alias/eks/${CLUSTER}`;
  await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata!.KeyId! }));
  return [KeyMetadata!.Arn!, KeyMetadata!.Arn!.replace(/:key\/.*/, `:${AliasName}`)];
}

/** A node of Karpenter outside every node group, its launch template, and an address. */
async function makeCompute({ ec2 }: AwsClients, SubnetId: string): Promise<string[]> {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      InstanceType: 'm5.large',
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      ...tagged('instance', OWNED, { Key: 'karpenter.sh/nodepool', Value: 'default' }),
    }),
  );
  const template = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'karpenter.k8s.aws/1',
      LaunchTemplateData: { InstanceType: 'm5.large' },
      ...tagged('launch-template', { Key: 'karpenter.k8s.aws/cluster', Value: CLUSTER }),
    }),
  );
  const { AllocationId } = await ec2.send(new AllocateAddressCommand(tagged('elastic-ip')));
  return [
    `instance/${Instances![0]!.InstanceId}`,
    `launch-template/${template.LaunchTemplate!.LaunchTemplateId}`,
    `elastic-ip/${AllocationId}`,
  ];
}

async function makeCluster({ eks }: AwsClients, roleArn: string, subnetIds: string[]): Promise<string[]> {
  const { cluster } = await eks.send(
    new CreateClusterCommand({ name: CLUSTER, roleArn, resourcesVpcConfig: { subnetIds }, tags: tagsOf(DRILL) }),
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

function tagsOf({ Key, Value }: { readonly Key: string; readonly Value: string }): Record<string, string> {
  return { [Key]: Value };
}

/** What the AWS Load Balancer Controller makes, and what Kubernetes' own provider makes without it. */
async function makeLoadBalancers(
  { elb }: AwsClients,
  region: string,
  VpcId: string,
  Subnets: string[],
): Promise<string[]> {
  const Tags = [{ Key: 'elbv2.k8s.aws/cluster', Value: CLUSTER }];
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'k8s-web', Type: 'network', Subnets, Tags }),
  );
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({ Name: 'k8s-web', Protocol: 'TCP', Port: 80, VpcId }),
  );
  await makeClassic(elb, 'a0123456789', Subnets[0]!, OWNED);
  return [
    LoadBalancers![0]!.LoadBalancerArn!,
    TargetGroups![0]!.TargetGroupArn!,
    `arn:aws:elasticloadbalancing:${region}:loadbalancer/a0123456789`,
  ];
}

export async function makeClassic(elb: AwsClients['elb'], name: string, subnet: string, tag?: Tag): Promise<void> {
  // The client of the inventory makes none, so its call is borrowed.
  await new ClassicElbClient(elb)['call']('CreateLoadBalancer', {
    LoadBalancerName: name,
    'Subnets.member.1': subnet,
    'Listeners.member.1.Protocol': 'TCP',
    'Listeners.member.1.LoadBalancerPort': '80',
    'Listeners.member.1.InstancePort': '80',
    ...(tag ? { 'Tags.member.1.Key': tag.Key!, 'Tags.member.1.Value': tag.Value! } : {}),
  });
}
