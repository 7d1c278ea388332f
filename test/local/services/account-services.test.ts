import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { GetSecretValueCommand, DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { createEndpoint } from '../../../local/endpoint';
import type { Endpoint } from '../../../local/endpoint';
import { createCloudTrail, recordTrailEvent } from '../../../local/services/cloudtrail';
import { createSecretsManager } from '../../../local/services/secrets-manager';
import { createServiceQuotas } from '../../../local/services/service-quotas';
import { WorldState } from '../../../local/world/world-state';

const state = new WorldState();
let endpoint: Endpoint;

beforeAll(async () => {
  for (let index = 0; index < 60; index += 1) {
    recordTrailEvent(state, {
      EventId: `event-${index}`,
      EventName: index === 7 ? 'UpdateNodegroupConfig' : 'DescribeCluster',
      ReadOnly: String(index !== 7),
      EventTime: new Date(Date.UTC(2026, 10, 2, 6, index)).toISOString(),
      EventSource: 'eks.amazonaws.com',
      Username: 'drill',
      Resources: [{ ResourceType: 'AWS::EKS::Cluster', ResourceName: `drill-${index}` }],
      CloudTrailEvent: '{}',
    });
  }
  endpoint = await createEndpoint({
    services: {
      cloudtrail: createCloudTrail(state),
      servicequotas: createServiceQuotas(),
      secretsmanager: createSecretsManager({
        region: 'eu-central-1',
        account: '000000000000',
        secrets: { 'git/token': 's3cret' },
      }),
    },
  });
});
afterAll(() => endpoint.close());

describe('CloudTrail', () => {
  test('events come newest first, in pages of 50', async () => {
    const client = new CloudTrailClient({ endpoint: endpoint.url });
    const first = await client.send(new LookupEventsCommand({}));
    expect(first.Events).toHaveLength(50);
    expect(first.Events?.[0]).toMatchObject({ EventId: 'event-59', EventTime: new Date('2026-11-02T06:59:00Z') });
    const second = await client.send(new LookupEventsCommand({ NextToken: first.NextToken }));
    expect(second.Events).toHaveLength(10);
    expect(second.NextToken).toBeUndefined();
  });

  test('events are filtered by one attribute and by time', async () => {
    const client = new CloudTrailClient({ endpoint: endpoint.url });
    const changes = await client.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }] }),
    );
    expect(changes.Events?.map((event) => event.EventName)).toEqual(['UpdateNodegroupConfig']);
    const ofResource = await client.send(
      new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'drill-3' }] }),
    );
    expect(ofResource.Events?.map((event) => event.EventId)).toEqual(['event-3']);
    const window = { StartTime: new Date('2026-11-02T06:10:00Z'), EndTime: new Date('2026-11-02T06:12:00Z') };
    expect((await client.send(new LookupEventsCommand(window))).Events).toHaveLength(3);
  });

  test('two attributes are refused, as CloudTrail does', async () => {
    const client = new CloudTrailClient({ endpoint: endpoint.url });
    const attribute = { AttributeKey: 'ReadOnly', AttributeValue: 'false' } as const;
    await expect(
      client.send(new LookupEventsCommand({ LookupAttributes: [attribute, attribute] })),
    ).rejects.toMatchObject({ name: 'InvalidLookupAttributesException' });
  });
});

test('a secret is read by name or ARN; another is not found', async () => {
  const client = new SecretsManagerClient({ endpoint: endpoint.url });
  const { ARN, SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 'git/token' }));
  expect(SecretString).toBe('s3cret');
  expect(await client.send(new DescribeSecretCommand({ SecretId: ARN }))).toMatchObject({ Name: 'git/token' });
  await expect(client.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a quota has its value; one that does not exist is NoSuchResource', async () => {
  const client = new ServiceQuotasClient({ endpoint: endpoint.url });
  const vpcs = await client.send(new GetServiceQuotaCommand({ ServiceCode: 'vpc', QuotaCode: 'L-F678F1CE' }));
  expect(vpcs.Quota).toMatchObject({ QuotaName: 'VPCs per Region', Value: 5 });
  await expect(
    client.send(new GetServiceQuotaCommand({ ServiceCode: 'vpc', QuotaCode: 'L-00000000' })),
  ).rejects.toMatchObject({ name: 'NoSuchResourceException' });
});
