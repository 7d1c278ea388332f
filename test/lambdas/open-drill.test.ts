import { openDrill, type OpenedDrill } from '../../lambdas/open-drill/handler';
import { ErrorName } from '../../domain/errors';
import { LEASE_SECONDS } from '../../domain/lease';
import { OPENING_WAIT_SECONDS } from '../../domain/opening';
import type { Closing } from '../../domain/ports/history';
import type { Teardown } from '../../domain/record';
import { memoryHost, type MemoryHost } from '../support/memory-host';
import { openRecord } from '../support/open-record';
import { minute, shippedSettings } from '../support/story';

const NOTHING_LEFT: Teardown = { outcome: 'nothing-left', startedAt: minute(0), finishedAt: minute(1), notes: [] };

const limits = { concurrentDrills: 2, monthlyDollars: 50, dollarsPerClusterHour: 0.42 };
const environment = {
  TABLE_NAME: 't',
  TARGETS_BUCKET: 'b',
  TARGETS_KEY: 'targets.json',
  TEARDOWN_MACHINE_ARN: 'arn:teardown',
  LIMITS: JSON.stringify(limits),
};
const event = (name: string, input: unknown = {}) => ({
  input,
  executionArn: `arn:aws:states:eu-central-1:000000000000:execution:cluster-drill:${name}`,
  startedAt: minute(0),
});
const CLOSING: Closing = {
  closedAt: minute(0),
  verdict: { outcome: 'failed', reasons: ['x'] },
  counts: { findings: 1, leaks: 2, manualSteps: 0 },
};

let host: MemoryHost;
beforeEach(() => {
  host = memoryHost();
  host.minutes = 0;
  host.objectsByKey.set('targets.json', JSON.stringify([shippedSettings(), { ...shippedSettings(), name: 'other' }]));
});

const ask = (name: string, input?: unknown) => openDrill(event(name, input), host, environment);
async function open(name: string, input?: unknown): Promise<OpenedDrill> {
  const opened = await ask(name, input);
  if (opened.status !== 'open') throw new Error(opened.reason);
  return opened;
}
const names = () => host.started.map(({ name }) => name);

describe('a drill that nothing is in the way of', () => {
  test('{} opens one of the default target, with its settings, a lease and a slot', async () => {
    const opened = await open('one');
    expect(opened).toMatchObject({ target: 'example', deadlineSeconds: 10_800, terraformVersion: '1.11.4' });
    const { drillId } = opened;
    expect(await host.history.record(drillId)).toMatchObject({
      status: 'open',
      trigger: 'demand',
      ref: 'main',
      settings: { name: 'example' },
    });
    expect(await host.history.lease('example')).toMatchObject({ drillId, expiresAt: minute(LEASE_SECONDS / 60) });
    expect(await host.history.slots()).toMatchObject([{ drillId }]);
  });

  test('a retried opening finds the drill that its first try opened', async () => {
    const first = await open('one');
    host.minutes = 1;
    expect(await open('one')).toEqual(first);
    expect((await host.history.record(first.drillId))?.openedAt).toBe(minute(0));
  });

  test('a redriven opening of a drill whose teardown has begun is refused', async () => {
    const { drillId } = await open('one');
    await host.history.beginTeardown(drillId, minute(5));
    await expect(ask('one')).rejects.toMatchObject({ name: ErrorName.DrillClosed });
  });

  test('the same scheduled time delivered twice opens one drill, also while the first one waits', async () => {
    await open('one');
    host.executionStatus = 'ABORTED';
    const scheduled = { scheduledAt: minute(0) };
    expect(await ask('two', scheduled)).toMatchObject({ status: 'waiting' });
    await expect(ask('three', scheduled)).rejects.toMatchObject({ name: ErrorName.DuplicateDrill });
    expect(await ask('two', scheduled)).toMatchObject({ status: 'waiting' });
  });

  test('a wrong target is refused and leaves nothing', async () => {
    await expect(ask('one', { target: 'exmple' })).rejects.toMatchObject({ name: ErrorName.InvalidInput });
    expect(await host.history.openDrills()).toEqual([]);
    expect(await host.history.lease('example')).toBeUndefined();
  });

  test('missing targets name where they were looked for', async () => {
    host.objectsByKey.clear();
    await expect(ask('one')).rejects.toThrow('The deployed targets are not at s3://b/targets.json; deploy again');
  });
});

describe('an earlier drill of the target', () => {
  test('that runs is in the way, and nothing is torn down', async () => {
    await open('one');
    await expect(ask('two')).rejects.toMatchObject({ name: ErrorName.LeaseHeld });
    expect(host.started).toEqual([]);
    expect(await host.history.slots()).toHaveLength(1);
  });

  test('that died is torn down once, waited for, and then the new one is opened', async () => {
    const { drillId } = await open('one');
    host.executionStatus = 'ABORTED';
    for (let turns = 0; turns < 3; turns += 1) {
      expect(await ask('two')).toEqual({
        status: 'waiting',
        waitSeconds: 60,
        reason: `drill ${drillId} of target "example" died (its execution was aborted) and is being torn down`,
      });
    }
    expect(host.started).toEqual([{ input: { drillId }, name: `guard-${drillId}` }]);
    expect((await host.history.story(drillId))!.failures).toMatchObject([{ where: 'Drill', cause: 'interrupted' }]);
    await host.history.change(drillId, { teardown: NOTHING_LEFT });
    await host.history.close(drillId, CLOSING);
    expect(await open('two')).toMatchObject({ status: 'open' });
    expect(await host.history.slots()).toHaveLength(1);
  });

  test('whose heartbeat stopped is stopped and torn down, though its execution runs', async () => {
    const { drillId } = await open('one');
    host.minutes = LEASE_SECONDS / 60;
    expect(await ask('two')).toMatchObject({ status: 'waiting' });
    expect(host.stopped).toEqual([event('one').executionArn]);
    expect(names()).toEqual([`guard-${drillId}`]);
  });

  test('that is not closed in time refuses the new one with the sentence', async () => {
    const { drillId } = await open('one');
    host.executionStatus = 'ABORTED';
    host.minutes = OPENING_WAIT_SECONDS / 60;
    await expect(ask('two')).rejects.toMatchObject({
      name: ErrorName.LeaseHeld,
      message: expect.stringContaining(`drill ${drillId} of target "example" died`),
    });
  });

  test('whose teardowns all died refuses it at once', async () => {
    const { drillId } = await open('one');
    host.executionStatus = 'ABORTED';
    host.guardStatus = 'TIMED_OUT';
    for (let turns = 0; turns < 3; turns += 1) await ask('two');
    await expect(ask('two')).rejects.toMatchObject({
      name: ErrorName.LeaseHeld,
      message: `drill ${drillId} of target "example" died, and so did its teardowns; mend what the last one says, then start cluster-drill-teardown with {"drillId": "${drillId}"}`,
    });
  });

  test('that died before its record was written is not waited for', async () => {
    await host.history.open(openRecord({ drillId: 'example-20261005-0500-ffffff' }), minute(45));
    // The lease is there and nothing else.
    const { record } = host.history;
    Object.assign(host.history, { record: async () => undefined, openDrills: async () => [] });
    host.executionStatus = 'FAILED';
    const { drillId } = await open('two');
    expect(await record.call(host.history, drillId)).toMatchObject({ status: 'open' });
    expect(await host.history.lease('example')).toMatchObject({ drillId });
  });

  test('that has lost its lease and still runs is waited for', async () => {
    const { drillId } = await open('one');
    await host.history.releaseLease('example', drillId);
    expect(await ask('two')).toMatchObject({ status: 'waiting', reason: expect.stringContaining(drillId) });
    expect(host.started).toEqual([]);
  });
});

describe('leaks of a closed drill of the target', () => {
  const earlier = openRecord({ drillId: 'example-20260706-0600-abcdef', openedAt: '2026-07-06T06:00:00.000Z' });

  beforeEach(async () => {
    await host.history.open(earlier, minute(-100));
    await host.history.change(earlier.drillId, { teardown: { ...NOTHING_LEFT, outcome: 'leaks-left' } });
    const arn = 'arn:aws:ec2:eu-central-1:000000000000:volume/vol-1';
    await host.history.put(earlier.drillId, [
      { type: 'leak', item: { arn, type: 'ec2:volume', reason: 'tag', status: 'left' } },
    ]);
    await host.history.close(earlier.drillId, CLOSING);
    await host.history.releaseLease('example', earlier.drillId);
  });

  test('are swept before anything is built', async () => {
    for (let turns = 0; turns < 2; turns += 1) expect(await ask('one')).toMatchObject({ status: 'waiting' });
    expect(host.started).toEqual([
      {
        input: { drillId: earlier.drillId },
        name: expect.stringMatching(/^sweep-example-20260706-0600-abcdef-\w{6}$/),
      },
    ]);
    host.guardStatus = 'SUCCEEDED';
    await host.history.change(earlier.drillId, { teardown: NOTHING_LEFT });
    const { drillId } = await open('one');
    expect((await host.history.story(drillId))!.readiness).toEqual([]);
  });

  test('that stay do not keep the drill from being held, but are a finding of it', async () => {
    await ask('one');
    host.guardStatus = 'FAILED';
    const { drillId } = await open('one');
    expect((await host.history.story(drillId))!.readiness).toMatchObject([
      {
        status: 'warned',
        sentence:
          'Tearing drill example-20260706-0600-abcdef down once more did not remove what it had left: arn:aws:ec2:eu-central-1:000000000000:volume/vol-1',
      },
    ]);
    expect(host.started).toHaveLength(1);
  });

  test('are not waited for longer than for anything else', async () => {
    await ask('one');
    host.minutes = OPENING_WAIT_SECONDS / 60;
    expect(await ask('one')).toMatchObject({ status: 'open' });
  });
});

describe('limits of all drills', () => {
  const one = { ...environment, LIMITS: JSON.stringify({ ...limits, concurrentDrills: 1 }) };

  test('two targets are drilled side by side', async () => {
    await open('one');
    await open('two', { target: 'other' });
    expect(await host.history.slots()).toHaveLength(2);
  });

  test('one more waits for a slot, holding nothing, and is refused after a while', async () => {
    const { drillId } = await open('one');
    expect(await openDrill(event('two', { target: 'other' }), host, one)).toMatchObject({ status: 'waiting' });
    expect(await host.history.lease('other')).toBeUndefined();
    host.minutes = OPENING_WAIT_SECONDS / 60;
    await expect(openDrill(event('two', { target: 'other' }), host, one)).rejects.toMatchObject({
      name: ErrorName.NoSlot,
      message: `as many drills run as limits.concurrentDrills in drill.yaml allows (1): ${drillId}; start this one again when one of them is closed`,
    });
  });

  test('a slot that a closed drill left is taken over', async () => {
    const { drillId } = await open('one');
    await host.history.change(drillId, { teardown: NOTHING_LEFT });
    await host.history.close(drillId, CLOSING);
    const { drillId: second } = (await openDrill(event('two', { target: 'other' }), host, one)) as OpenedDrill;
    expect(await host.history.slots()).toMatchObject([{ drillId: second }]);
  });

  test('a drill that would exceed the budget is refused with the figures and holds nothing', async () => {
    const poor = { ...environment, LIMITS: JSON.stringify({ ...limits, monthlyDollars: 3 }) };
    await open('one');
    await expect(openDrill(event('two', { target: 'other' }), host, poor)).rejects.toMatchObject({
      name: ErrorName.OverBudget,
      message: expect.stringContaining(
        'target "other" is not drilled now: it may take 4.0 cluster hours (1.68 US dollars)',
      ),
    });
    expect(await host.history.slots()).toHaveLength(1);
  });
});

test('an opening that is cut off after any of its writes is finished by the next try', async () => {
  for (const write of ['claimSchedule', 'takeSlot', 'put', 'open'] as const) {
    const { [write]: original } = host.history;
    Object.assign(host.history, {
      [write]: async (...args: never[]) => {
        await (original as (...all: never[]) => Promise<unknown>).apply(host.history, args);
        throw Object.assign(new Error('cut off'), { name: 'TimeoutError' });
      },
    });
    await expect(ask('one', { scheduledAt: minute(0) })).rejects.toThrow('cut off');
    Object.assign(host.history, { [write]: original });
  }
  const { drillId } = await open('one', { scheduledAt: minute(0) });
  expect(await host.history.slots()).toMatchObject([{ drillId }]);
  expect(await host.history.lease('example')).toMatchObject({ drillId });
});
