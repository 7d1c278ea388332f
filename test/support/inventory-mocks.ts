import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient, ResourceNotFoundException } from '@aws-sdk/client-eks';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import type { ClassicLoadBalancer } from '../../adapters/classic-elb-client';
import { AwsInventory } from '../../adapters/aws-inventory';

/** An inventory whose services are mocked: empty until a test says otherwise. */
export function inventoryMocks() {
  const mocks = {
    sts: mockClient(STSClient),
    tagging: mockClient(ResourceGroupsTaggingAPIClient),
    ec2: mockClient(EC2Client),
    elb: mockClient(ElasticLoadBalancingV2Client),
    eks: mockClient(EKSClient),
    logs: mockClient(CloudWatchLogsClient),
    iam: mockClient(IAMClient),
    kms: mockClient(KMSClient),
  };
  const classic: ClassicLoadBalancer[] = [];
  const removedClassic: string[] = [];
  const reset = (): void => {
    classic.length = 0;
    removedClassic.length = 0;
    for (const mock of Object.values(mocks)) mock.reset();
    mocks.tagging.onAnyCommand().resolves({});
    mocks.ec2.onAnyCommand().resolves({});
    mocks.elb.onAnyCommand().resolves({});
    mocks.logs.onAnyCommand().resolves({});
    mocks.iam.onAnyCommand().resolves({});
    mocks.kms.onAnyCommand().resolves({});
    mocks.eks.onAnyCommand().rejects(new ResourceNotFoundException({ message: 'none', $metadata: {} }));
    const Arn = 'arn:aws:sts::000000000000:assumed-role/drill/session';
    mocks.sts.on(GetCallerIdentityCommand).resolves({ Account: '000000000000', Arn });
  };
  reset();
  const inventory = new AwsInventory({
    sts: new STSClient(),
    tagging: new ResourceGroupsTaggingAPIClient(),
    ec2: new EC2Client(),
    elb: new ElasticLoadBalancingV2Client(),
    classicElb: {
      loadBalancers: async () => classic,
      tags: async () => new Map(),
      remove: async (name: string) => void removedClassic.push(name),
    },
    eks: new EKSClient(),
    logs: new CloudWatchLogsClient(),
    iam: new IAMClient(),
    kms: new KMSClient(),
  });
  /** Lets the tagging API remember resources for one tag. */
  const remember = (key: string, value: string, arns: readonly string[], tags: Record<string, string> = {}): void => {
    const Tags = Object.entries({ [key]: value, ...tags }).map(([Key, Value]) => ({ Key, Value }));
    mocks.tagging.on(GetResourcesCommand, { TagFilters: [{ Key: key, Values: [value] }] }).resolves({
      ResourceTagMappingList: arns.map((ResourceARN) => ({ ResourceARN, Tags })),
    });
  };
  return { ...mocks, classic, removedClassic, inventory, remember, reset };
}
