import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoDbHistory } from '../../adapters/dynamodb-history';
import { DynamoDbTable } from '../../adapters/dynamodb-table';
import type { Clock } from '../../domain/clock';
import { ErrorName, isTransient } from '../../domain/errors';
import { recordKeyOf } from '../../domain/history-keys';
import { TABLE_NAME } from '../../domain/names';
import { describeHistoryContract } from '../contract/history';
import { historyTable } from '../support/history-table';
import { openRecord } from '../support/open-record';
import { minute } from '../support/story';

const SPAN = { id: 'one', kind: 'build', name: 'x', startedAt: minute(1), outcome: 'running' } as const;

/** A clock that notes how long it was asked to sleep. */
function countingClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return { slept, now: () => new Date(minute(0)), sleep: async (milliseconds) => void slept.push(milliseconds) };
}

function historyOf(client: DynamoDBDocumentClient, clock: Clock = countingClock()): DynamoDbHistory {
  return new DynamoDbHistory(new DynamoDbTable(client, TABLE_NAME, clock));
}

let table: Awaited<ReturnType<typeof historyTable>> | undefined;

async function freshTable(): Promise<DynamoDBDocumentClient> {
  await table?.close();
  table = await historyTable();
  return table.client;
}

afterAll(async () => {
  await table?.close();
});

describeHistoryContract('DynamoDbHistory', async () => historyOf(await freshTable()));

describe('DynamoDbHistory on its table', () => {
  test('two drills that open a target at the same moment get one lease', async () => {
    const history = historyOf(await freshTable());
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((id) => history.open(openRecord({ drillId: `example-${id}` }), minute(60))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await history.openDrills()).toHaveLength(1);
  });

  test('an open that was interrupted after each of its writes is finished by the next try', async () => {
    const client = await freshTable();
    const history = historyOf(client);
    const record = openRecord({ trigger: 'schedule', scheduledAt: minute(0) });
    for (const writes of [0, 1, 2]) {
      await expect(historyOf(failingAfter(client, writes)).open(record, minute(60))).rejects.toThrow('interrupted');
    }
    await history.open(record, minute(60));
    expect(await history.record(record.drillId)).toEqual(record);
    expect((await history.lease('example'))?.drillId).toBe(record.drillId);
  });

  test('a corrupt item is refused with a sentence that names its key and field', async () => {
    const client = await freshTable();
    const history = historyOf(client);
    const data = { ...openRecord(), phase: 'dancing' };
    await client.send(new PutCommand({ TableName: TABLE_NAME, Item: { ...recordKeyOf('x'), data } }));
    await expect(history.record('x')).rejects.toThrow(/^history item DRILL#x \/ RECORD cannot be read: data\.phase: /);
    await expect(history.story('x')).rejects.toThrow(/DRILL#x \/ RECORD/);
  });

  test('leases and claims carry the instant after which DynamoDB may remove them, records do not', async () => {
    const client = await freshTable();
    const record = openRecord({ trigger: 'schedule', scheduledAt: minute(0) });
    await historyOf(client).open(record, minute(60));
    const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE_NAME }));
    const expiring = Items.filter((item) => 'expiresAt' in item).map(({ SK }) => String(SK));
    expect(expiring.toSorted()).toEqual(['LEASE', 'SCHEDULE']);
    expect(
      Items.every((item) => item['expiresAt'] === undefined || item['expiresAt'] > Date.parse(minute(60)) / 1000),
    ).toBe(true);
  });
});

describe('the commands that DynamoDbHistory sends', () => {
  test('every question is one Query or one GetItem, never a Scan', async () => {
    const mock = mockClient(DynamoDBDocumentClient);
    mock.onAnyCommand().resolves({});
    const history = historyOf(mock as unknown as DynamoDBDocumentClient);
    const questions: Record<string, () => Promise<unknown>> = {
      record: () => history.record('x'),
      lease: () => history.lease('example'),
      story: () => history.story('x'),
      drillsOf: () => history.drillsOf('example', { limit: 5 }),
      drillsIn: () => history.drillsIn('2026Q4'),
      openDrills: () => history.openDrills(),
      slots: () => history.slots(),
      toldAt: () => history.toldAt('x'),
    };
    const asked: Record<string, unknown> = {};
    for (const [name, ask] of Object.entries(questions)) {
      mock.resetHistory();
      await ask();
      asked[name] = mock.calls().map(({ args: [command] }) => {
        const { ConsistentRead, IndexName } = command.input as { ConsistentRead?: boolean; IndexName?: string };
        return `${command.constructor.name} ${IndexName ?? 'table'} ${ConsistentRead ? 'strong' : 'eventual'}`;
      });
    }
    expect(asked).toEqual({
      record: ['GetCommand table strong'],
      lease: ['GetCommand table strong'],
      story: ['QueryCommand table strong'],
      drillsOf: ['QueryCommand by-target eventual'],
      drillsIn: ['QueryCommand by-quarter eventual'],
      openDrills: ['QueryCommand open eventual'],
      slots: ['QueryCommand table strong'],
      toldAt: ['GetCommand table strong'],
    });
  });

  test('items that a batch left unprocessed are written again, after growing pauses', async () => {
    const mock = mockClient(DynamoDBDocumentClient);
    const left = { [TABLE_NAME]: [{ PutRequest: { Item: { PK: 'a', SK: 'b' } } }] };
    mock.onAnyCommand().resolvesOnce({ UnprocessedItems: left }).resolvesOnce({ UnprocessedItems: left }).resolves({});
    const clock = countingClock();
    await historyOf(mock as unknown as DynamoDBDocumentClient, clock).put('x', [{ type: 'span', item: SPAN }]);
    expect(mock.calls().map(({ args: [command] }) => command.input)).toEqual([
      { RequestItems: { [TABLE_NAME]: [expect.anything()] } },
      { RequestItems: left },
      { RequestItems: left },
    ]);
    expect(clock.slept).toEqual([100, 200]);
  });

  test('a table that never takes a whole batch is a transient error after seven tries', async () => {
    const mock = mockClient(DynamoDBDocumentClient);
    mock.onAnyCommand().resolves({ UnprocessedItems: { [TABLE_NAME]: [{ PutRequest: { Item: {} } }] } });
    const put = historyOf(mock as unknown as DynamoDBDocumentClient).put('x', [{ type: 'span', item: SPAN }]);
    await expect(put).rejects.toMatchObject({ name: ErrorName.Transient });
    expect(mock.calls()).toHaveLength(7);
  });

  test('throttling passes through as the SDK gave it', async () => {
    const mock = mockClient(DynamoDBDocumentClient);
    const throttled = Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' });
    mock.onAnyCommand().rejects(throttled);
    const history = historyOf(mock as unknown as DynamoDBDocumentClient);
    const attempts = [
      history.record('x'),
      history.open(openRecord(), minute(60)),
      history.change('x', { phase: 'draining' }),
      history.renewLease('example', 'x', minute(1), minute(2)),
      history.putFailureOnce('x', { where: 'w', cause: 'internal', sentence: 's', at: minute(1), evidence: [] }),
    ];
    const results = await Promise.allSettled(attempts);
    expect(results.map((result) => result.status === 'rejected' && result.reason === throttled)).toEqual(
      attempts.map(() => true),
    );
    expect(isTransient(throttled)).toBe(true);
  });
});

/** The same table, whose every write but the first few is lost. */
function failingAfter(client: DynamoDBDocumentClient, writes: number): DynamoDBDocumentClient {
  let left = writes;
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof PutCommand && left-- === 0) return Promise.reject(new Error('interrupted'));
    return client.send(command as PutCommand);
  };
  return { send } as unknown as DynamoDBDocumentClient;
}
