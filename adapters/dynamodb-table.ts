import {
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type BatchWriteCommandOutput,
  type DynamoDBDocumentClient,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../domain/clock';
import { DrillError, ErrorName } from '../domain/errors';
import type { HistoryKey } from '../domain/history-keys';
import type { HistoryItem } from './history-items';

/** DynamoDB takes at most 25 items in one BatchWriteItem. */
const BATCH_SIZE = 25;
/** 0.1 + 0.2 + … + 3.2 s: 6.3 s of waiting for a table that throttles, then the state machine retries. */
const BATCH_ATTEMPTS = 7;
const BATCH_FIRST_WAIT_MILLISECONDS = 100;

type Values = Readonly<Record<string, unknown>>;
type Batch = NonNullable<BatchWriteCommandOutput['UnprocessedItems']>;

/**
 * The few operations of DynamoDB that the history is made of: no Scan, no transaction. In every expression `#name`
 * stands for the attribute `name`, so that none of DynamoDB's 573 reserved words can be hit.
 */
export class DynamoDbTable {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly name: string,
    private readonly clock: Clock,
  ) {}

  /** Strongly consistent. */
  async get(key: HistoryKey): Promise<HistoryItem | undefined> {
    const { Item } = await this.client.send(new GetCommand({ TableName: this.name, Key: key, ConsistentRead: true }));
    return Item as HistoryItem | undefined;
  }

  /** Writes an item when the condition holds; whether it did. */
  async putIf(item: HistoryItem & Values, condition: string, values?: Values): Promise<boolean> {
    const written = await ifConditionHolds(
      this.client.send(
        new PutCommand({
          TableName: this.name,
          Item: item,
          ConditionExpression: condition,
          ...attributes([condition], values),
        }),
      ),
    );
    return written !== undefined;
  }

  /** Changes an item when the condition holds; the item as it is then, or undefined. */
  async updateIf(key: HistoryKey, update: string, condition: string, values: Values): Promise<HistoryItem | undefined> {
    const output = await ifConditionHolds(
      this.client.send(
        new UpdateCommand({
          TableName: this.name,
          Key: key,
          ReturnValues: 'ALL_NEW',
          UpdateExpression: update,
          ConditionExpression: condition,
          ...attributes([update, condition], values),
        }),
      ),
    );
    return output?.Attributes as HistoryItem | undefined;
  }

  /** Deletes an item when the condition holds; otherwise nothing happens. */
  async deleteIf(key: HistoryKey, condition: string, values: Values): Promise<void> {
    await ifConditionHolds(
      this.client.send(
        new DeleteCommand({
          TableName: this.name,
          Key: key,
          ConditionExpression: condition,
          ...attributes([condition], values),
        }),
      ),
    );
  }

  /** Writes items whose keys differ, whatever was there. */
  async putAll(items: readonly HistoryItem[]): Promise<void> {
    for (let start = 0; start < items.length; start += BATCH_SIZE) {
      const batch = items.slice(start, start + BATCH_SIZE);
      await this.putBatch({ [this.name]: batch.map((item) => ({ PutRequest: { Item: { ...item } } })) });
    }
  }

  private async putBatch(batch: Batch): Promise<void> {
    let left = batch;
    for (let attempt = 0; attempt < BATCH_ATTEMPTS; attempt += 1) {
      if (attempt > 0) await this.clock.sleep(BATCH_FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1));
      const output: BatchWriteCommandOutput = await this.client.send(new BatchWriteCommand({ RequestItems: left }));
      left = output.UnprocessedItems ?? {};
      if (!left[this.name]?.length) return;
    }
    throw new DrillError(ErrorName.Transient, `table ${this.name} did not take all items of a batch; try again`);
  }

  /**
   * All items that a key condition gives, or the first `limit` of them, over DynamoDB's pages of 1 MB. Asked of an
   * index it is eventually consistent, asked of the table (no `index`) strongly.
   */
  async query(question: {
    readonly index?: string;
    readonly condition: string;
    readonly values: Values;
    readonly newestFirst?: boolean;
    readonly limit?: number;
  }): Promise<readonly HistoryItem[]> {
    const { index, condition, values, newestFirst = false, limit = Infinity } = question;
    const items: HistoryItem[] = [];
    let start: QueryCommandInput['ExclusiveStartKey'];
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.name,
          ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
          KeyConditionExpression: condition,
          ...attributes([condition], values),
          ScanIndexForward: !newestFirst,
          ...(limit < Infinity && { Limit: limit - items.length }),
          ExclusiveStartKey: start,
        }),
      );
      items.push(...((page.Items ?? []) as HistoryItem[]));
      start = page.LastEvaluatedKey;
      if (items.length >= limit) break;
    } while (start);
    return items;
  }
}

/** Names and values of some expressions: `#name` is the attribute `name`. */
function attributes(
  expressions: readonly string[],
  values?: Values,
): { ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: Record<string, unknown> } {
  const names = expressions.flatMap((expression) => expression.match(/#\w+/g) ?? []);
  return {
    ...(names.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
    }),
    ...(values && { ExpressionAttributeValues: { ...values } }),
  };
}

/** The answer of a conditional write; undefined when its condition did not hold. */
async function ifConditionHolds<Output>(sent: Promise<Output>): Promise<Output | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}
