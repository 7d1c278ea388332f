import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import type { AddressInfo } from 'node:net';
import { HISTORY_INDEX, HISTORY_KEY, OPENED_KEY } from '../../domain/history-keys';
import { TABLE_NAME } from '../../domain/names';

/** A history table in an embedded DynamoDB, in memory, with a client that does not retry. */
export async function historyTable(): Promise<{ client: DynamoDBDocumentClient; close(): Promise<void> }> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const plain = new DynamoDBClient({ endpoint, maxAttempts: 1 });
  await plain.send(new CreateTableCommand(historyTableInput()));
  while (!(await isActive(plain))) await new Promise((resolve) => setImmediate(resolve));
  return {
    client: DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } }),
    async close() {
      plain.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

async function isActive(client: DynamoDBClient): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: TABLE_NAME }));
  return Table?.TableStatus === 'ACTIVE';
}

/** How the history table is made. */
export function historyTableInput(): CreateTableCommandInput {
  const { partition, sort } = HISTORY_KEY;
  const indexes = Object.values(HISTORY_INDEX);
  const attributes = [partition, sort, OPENED_KEY, ...indexes.map((index) => index.partition)];
  return {
    TableName: TABLE_NAME,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keySchema(partition, sort),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partition, index.sort),
      Projection: { ProjectionType: 'ALL' },
    })),
  };
}

function keySchema(partition: string, sort: string): { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[] {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
}
