import { patrolDrills } from '../../lambdas/patrol-drills/handler';
import { OVERDUE_SECONDS } from '../../domain/lease';
import { memoryHost, type MemoryHost } from '../support/memory-host';
import { openRecord } from '../support/open-record';
import { sampleSettings } from '../support/settings';
import { minute } from '../support/story';

const environment = {
  TABLE_NAME: 't',
  TEARDOWN_MACHINE_ARN: 'arn:teardown',
  TARGETS_BUCKET: 'b',
  TARGETS_KEY: 'targets.json',
  CONFIGURATION_SET: 'c',
};
const record = openRecord();
const { drillId } = record;
const volume = (id: string, drill = drillId) => ({
  arn: `arn:aws:ec2:eu-central-1:000000000000:volume/${id}`,
  type: 'ec2:volume',
  tags: { 'cluster-drill': drill },
  reason: 'tag',
});

let host: MemoryHost;
const patrol = () => patrolDrills({}, host, environment);
const names = () => host.started.map(({ name }) => name);
const notices = () => host.logs.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as object);

beforeEach(() => {
  host = memoryHost();
  host.objectsByKey.set('targets.json', JSON.stringify([sampleSettings()]));
  host.minutes = 20;
});

const open = () => host.history.open(record, minute(45));

async function close(): Promise<void> {
  await open();
  await host.history.close(drillId, {
    closedAt: minute(10),
    verdict: { outcome: 'passed', reasons: ['x'] },
    counts: { findings: 0, leaks: 0, manualSteps: 0 },
  });
  await host.history.releaseLease('example', drillId);
}

describe('a drill that is open', () => {
  test('and lives is left alone', async () => {
    await open();
    await patrol();
    expect(host.started).toEqual([]);
  });

  test('and whose execution ended, while the event of it was lost, is torn down once', async () => {
    await open();
    host.executionStatus = 'ABORTED';
    for (let rounds = 0; rounds < 3; rounds += 1) await patrol();
    expect(host.started).toEqual([{ input: { drillId }, name: `guard-${drillId}` }]);
    expect((await host.history.story(drillId))!.failures).toMatchObject([
      { cause: 'interrupted', sentence: 'The drill was interrupted: its execution was aborted' },
    ]);
  });

  test('and gave no heartbeat for the time of a lease is stopped first, so that nobody else closes it', async () => {
    await open();
    host.minutes = 45;
    await patrol();
    expect(host.stopped).toEqual([record.executionArn]);
    expect(names()).toEqual([`guard-${drillId}`]);
  });

  test('and long past its deadline is torn down although it runs and has its lease', async () => {
    await open();
    host.minutes = (record.settings.deadlineSeconds + OVERDUE_SECONDS) / 60;
    await host.history.renewLease('example', drillId, minute(host.minutes), minute(host.minutes + 45));
    await patrol();
    expect(host.started).toEqual([]);
    host.minutes += 1;
    await patrol();
    expect(names()).toEqual([`guard-${drillId}`]);
  });

  test('and whose teardowns have all died is told once and alarmed at every round', async () => {
    await open();
    host.existing.push(volume('vol-1'));
    host.executionStatus = 'ABORTED';
    host.guardStatus = 'TIMED_OUT';
    for (let rounds = 0; rounds < 5; rounds += 1) await patrol();
    expect(names()).toHaveLength(3);
    expect(notices()).toMatchObject(
      [1, 2].map(() => ({ notice: 'abandoned-resource', resource: volume('vol-1').arn })),
    );
    expect(host.mails).toHaveLength(1);
    expect(host.mails[0]).toMatchObject({
      to: 'team@example.com',
      subject: '[cluster-drill] one resource is left, and nothing will remove it',
      text: expect.stringContaining(volume('vol-1').arn),
    });
  });
});

describe('what carries the tag of a drill', () => {
  test('that is closed is torn down again, without calling it interrupted', async () => {
    await close();
    host.existing.push(volume('vol-1'));
    await patrol();
    expect(names()).toEqual([`guard-${drillId}`]);
    expect((await host.history.story(drillId))!.failures).toEqual([]);
  });

  test('of a controller alone is found by the teardown that could not remove it', async () => {
    await close();
    await host.history.change(drillId, {
      teardown: { outcome: 'leaks-left', startedAt: minute(1), finishedAt: minute(9), notes: [] },
    });
    host.existing.push({ ...volume('vol-1'), tags: { 'kubernetes.io/cluster/drill-a1b2c3': 'owned' } });
    await patrol();
    expect(names()).toEqual([`guard-${drillId}`]);
  });

  test('that is closed waits while another drill of the target holds the lease', async () => {
    await close();
    host.existing.push(volume('vol-1'));
    await host.history.open(openRecord({ drillId: 'example-20261005-0611-d4e5f6' }), minute(60));
    await patrol();
    expect(host.started).toEqual([]);
  });

  test('without a record is never deleted, but told once by ARN and alarmed at every round', async () => {
    host.existing.push(volume('vol-1', 'example-20250101-0600-ffffff'));
    for (let rounds = 0; rounds < 2; rounds += 1) await patrol();
    expect(host.existing).toHaveLength(1);
    expect(host.started).toEqual([]);
    expect(host.mails.map(({ text }) => text)).toEqual([expect.stringContaining(volume('vol-1').arn)]);
    expect(notices()).toHaveLength(2);
    host.existing.push(volume('vol-2', 'example-20250101-0600-ffffff'));
    await patrol();
    expect(host.mails).toHaveLength(2);
  });
});

describe('a drill that was closed without a report', () => {
  test('is torn down again, which sends it, when nobody is about to send it', async () => {
    await close();
    host.executionStatus = 'ABORTED';
    host.minutes = 40;
    await patrol();
    expect(host.started).toEqual([]);
    host.minutes = 41;
    await patrol();
    expect(names()).toEqual([`guard-${drillId}`]);
  });

  test('is started again when its mail did not reach everybody', async () => {
    await close();
    const mail = { sentAt: minute(11), messageIds: ['1'], refused: [], unreached: ['sre@example.com'] };
    await host.history.change(drillId, { mail });
    host.executionStatus = 'ABORTED';
    host.minutes = 60;
    await patrol();
    expect(names()).toEqual([`guard-${drillId}`]);
  });

  test.each<[string, () => Promise<unknown> | void]>([
    ['its execution runs', () => void (host.executionStatus = 'RUNNING')],
    [
      'a mail was tried',
      () => host.history.change(drillId, { mail: { sentAt: minute(11), messageIds: [], refused: [] } }),
    ],
    ['it is longer ago than a day', () => void (host.minutes = 24 * 60 + 11)],
  ])('is left alone when %s', async (_, change) => {
    await close();
    host.executionStatus = 'ABORTED';
    host.minutes = 60;
    await change();
    await patrol();
    expect(host.started).toEqual([]);
  });
});

describe('leases and slots', () => {
  test('of a closed drill are freed', async () => {
    await open();
    await host.history.takeSlot(record, 2, minute(0));
    await host.history.close(drillId, {
      closedAt: minute(10),
      verdict: { outcome: 'failed', reasons: ['x'] },
      counts: { findings: 0, leaks: 0, manualSteps: 0 },
    });
    await patrol();
    expect(await host.history.lease('example')).toBeUndefined();
    expect(await host.history.slots()).toEqual([]);
  });

  test('of a drill that died before its record was written are freed when it can no longer be opening', async () => {
    await host.history.takeSlot({ drillId: 'never-1', target: 'other' }, 2, minute(0));
    await patrol();
    expect(await host.history.slots()).toHaveLength(1);
    host.minutes = 45;
    await patrol();
    expect(await host.history.slots()).toEqual([]);
  });

  test('of a dead drill stay with it until its teardown has closed it', async () => {
    await open();
    await host.history.takeSlot(record, 2, minute(0));
    host.executionStatus = 'ABORTED';
    host.minutes = 100;
    await patrol();
    expect(await host.history.slots()).toHaveLength(1);
    expect((await host.history.lease('example'))?.drillId).toBe(drillId);
  });
});

test('a look that fails keeps no other from being taken, and makes the round fail in the end', async () => {
  await open();
  host.executionStatus = 'ABORTED';
  host.inventory.taggedDrills = () => Promise.reject(new Error('throttled'));
  await expect(patrol()).rejects.toThrow('The patrol could not finish: leaks: throttled');
  expect(names()).toEqual([`guard-${drillId}`]);
});

test('a mail that nobody gets is sent again in the next round', async () => {
  host.existing.push(volume('vol-1', 'example-20250101-0600-ffffff'));
  host.refused = ['team@example.com'];
  await expect(patrol()).rejects.toThrow('Nobody could be told');
  host.refused = [];
  await patrol();
  expect(host.mails).toHaveLength(1);
});
