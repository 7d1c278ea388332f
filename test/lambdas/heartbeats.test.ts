import { awaitManualStep } from '../../lambdas/await-manual-step/handler';
import { findLeaks } from '../../lambdas/find-leaks/handler';
import { readLayerHealth } from '../../lambdas/read-layer-health/handler';
import { stopBuilds } from '../../lambdas/stop-builds/handler';
import { sweepLeaks } from '../../lambdas/sweep-leaks/handler';
import { HEARTBEAT_SECONDS, LEASE_SECONDS } from '../../domain/lease';
import { memoryHost, type MemoryHost } from '../support/memory-host';
import { openRecord } from '../support/open-record';
import { minute } from '../support/story';

const record = openRecord();
const { drillId } = record;
const other = openRecord({ drillId: 'example-20261005-0700-ffffff', openedAt: minute(60) });

let host: MemoryHost;
beforeEach(async () => {
  host = memoryHost();
  host.minutes = 30;
  Object.assign(host, { builds: { running: async () => [], stop: async () => {} } });
  await host.history.open(record, minute(45));
  await host.history.put(drillId, [
    {
      type: 'manual-step',
      item: { name: 'dns', source: 'declared', layer: 'platform', description: 'd', status: 'declared' },
    },
  ]);
});

const expiry = async () => (await host.history.lease('example'))?.expiresAt;
const stop = () => stopBuilds({ drillId, startedAt: minute(30) }, host, { TABLE_NAME: 't', PROJECTS: 'p' });
const step = { drillId, layer: 'platform', manualStep: 'dns', taskToken: 't' } as const;

test.each<[string, () => Promise<unknown>]>([
  ['Read layer health', () => readLayerHealth({ drillId, layer: 'platform' }, host)],
  ['Stop running builds', stop],
  ['Find leaks', () => findLeaks({ drillId }, host)],
  ['Sweep leaks', () => sweepLeaks({ drillId }, host)],
])('%s renews the lease at every turn', async (_, turn) => {
  await turn();
  expect(await expiry()).toBe(minute(30 + LEASE_SECONDS / 60));
});

test('a lease lasts for as long as a person may take', async () => {
  await awaitManualStep(step, host);
  expect(await expiry()).toBe(minute(30 + 120 + LEASE_SECONDS / 60));
});

test('a lease outlives the longest silence between two builds and one heartbeat that is lost', () => {
  const refusals = 1 + 2 + 4 + 8;
  const queue = 15;
  const machine = 3;
  const silence = HEARTBEAT_SECONDS + (refusals + queue + machine) * 60;
  expect(LEASE_SECONDS).toBeGreaterThan(silence + HEARTBEAT_SECONDS);
});

describe('when another drill has taken the target over', () => {
  beforeEach(async () => {
    host.minutes = 61;
    await host.history.open(other, minute(105));
  });

  test.each<[string, () => Promise<unknown>]>([
    ['waiting for a layer', () => readLayerHealth({ drillId, layer: 'platform' }, host)],
    ['waiting for a person', () => awaitManualStep(step, host)],
  ])('%s ends', async (_, turn) => {
    await expect(turn()).rejects.toMatchObject({ name: 'LeaseLostError' });
  });

  test('the sweep deletes nothing and leaves the other lease alone', async () => {
    const item = { arn: 'arn:v', type: 'ec2:volume', tags: { 'cluster-drill': drillId }, reason: 'tag' };
    host.existing.push(item);
    await sweepLeaks({ drillId }, host);
    expect(host.existing).toEqual([item]);
    expect(await host.history.lease('example')).toMatchObject({ drillId: other.drillId, expiresAt: minute(105) });
  });
});

test.each<[string, () => Promise<unknown>]>([
  ['reading a layer', () => readLayerHealth({ drillId, layer: 'platform' }, host)],
  ['waiting for a person', () => awaitManualStep(step, host)],
])('%s ends when the teardown of the drill has begun, as after a redrive', async (_, turn) => {
  await stop();
  await expect(turn()).rejects.toMatchObject({
    name: 'DrillClosedError',
    message: `drill ${drillId} is being torn down since ${minute(30)}; start a new drill instead of continuing it`,
  });
  expect(host.mails).toEqual([]);
});

test('a teardown marks its beginning before it looks for builds, once', async () => {
  const seen: unknown[] = [];
  Object.assign(host, {
    builds: { running: async () => seen.push((await host.history.record(drillId))?.teardownBegunAt) && [] },
  });
  await stop();
  host.minutes = 31;
  await stop();
  expect(seen).toEqual([minute(30), minute(30)]);
});
