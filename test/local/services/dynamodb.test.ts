import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { createEndpoint } from '../../../local/endpoint';
import { createDynamoDb } from '../../../local/services/dynamodb';
import type { DynamoDb } from '../../../local/services/dynamodb';

const TableName = 'cluster-drill-history';
const properties = {
  TableName,
  AttributeDefinitions: ['PK', 'SK', 'Target'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [
    { AttributeName: 'PK', KeyType: 'HASH' },
    { AttributeName: 'SK', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byTarget',
      KeySchema: [{ AttributeName: 'Target', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  // What a synthesised GlobalTable carries beyond CreateTable is left out.
  Replicas: [{ Region: 'eu-central-1', DeletionProtectionEnabled: true }],
};
const Item = { PK: { S: 'DRILL#1' }, SK: { S: 'RECORD' }, Target: { S: 'shop' } };

async function withTable(path: string | undefined, use: (client: DynamoDBClient) => Promise<void>): Promise<DynamoDb> {
  const dynamodb = await createDynamoDb(path === undefined ? {} : { path });
  await dynamodb.ensureTable(properties);
  const endpoint = await createEndpoint({ services: { dynamodb: dynamodb.service } });
  const client = new DynamoDBClient({ endpoint: endpoint.url });
  try {
    await use(client);
  } finally {
    client.destroy();
    await endpoint.close();
    await dynamodb.close();
  }
  return dynamodb;
}

test('a table of the synthesised template answers by key and by index, and refuses a broken condition', async () => {
  await withTable(undefined, async (client) => {
    const put = new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(PK)' });
    await client.send(put);
    await expect(client.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const query = new QueryCommand({
      TableName,
      IndexName: 'byTarget',
      KeyConditionExpression: 'Target = :target',
      ExpressionAttributeValues: { ':target': { S: 'shop' } },
    });
    expect((await client.send(query)).Items).toEqual([Item]);
  });
});

test('a table on disk is there again for the next drill, with its items', async () => {
  const path = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  await withTable(path, async (client) => {
    await client.send(new PutItemCommand({ TableName, Item }));
  });
  let found: unknown;
  await withTable(path, async (client) => {
    found = (await client.send(new GetItemCommand({ TableName, Key: { PK: Item.PK, SK: Item.SK } }))).Item;
  });
  rmSync(path, { recursive: true });
  expect(found).toEqual(Item);
});

test('properties that make no table are refused with the words of DynamoDB', async () => {
  const dynamodb = await createDynamoDb();
  const wrong = { ...properties, KeySchema: [{ AttributeName: 'Missing', KeyType: 'HASH' }] };
  await expect(dynamodb.ensureTable(wrong)).rejects.toThrow(`table ${TableName} cannot be created`);
  await dynamodb.close();
});
