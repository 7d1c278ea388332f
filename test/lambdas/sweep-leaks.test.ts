import { findLeaks } from '../../lambdas/find-leaks/handler';
import { sweepLeaks } from '../../lambdas/sweep-leaks/handler';
import type { InventoryItem } from '../../domain/ports/inventory';
import { memoryHost, type MemoryHost } from '../support/memory-host';
import { minute, sampleRecord } from '../support/story';

const { teardown: _, ...record } = sampleRecord();
const { drillId } = record;
const volume = (id: string, tags: Record<string, string> = { 'cluster-drill': drillId }): InventoryItem => ({
  arn: `arn:aws:ec2:eu-central-1:000000000000:volume/${id}`,
  type: 'ec2:volume',
  tags,
  reason: 'tag',
});

let host: MemoryHost;
beforeEach(async () => {
  host = memoryHost();
  await host.history.open(record, minute(400));
});

test('with nothing there, the outcome is that nothing is left', async () => {
  expect(await findLeaks({ drillId }, host)).toEqual({ found: 0 });
  expect(await sweepLeaks({ drillId }, host)).toMatchObject({ left: 0, again: false });
  expect((await host.history.record(drillId))!.teardown).toMatchObject({ outcome: 'nothing-left' });
});

test('what is found and may be deleted is swept, and stays on record as swept', async () => {
  host.existing.push(volume('vol-1'), volume('vol-2'));
  expect(await findLeaks({ drillId }, host)).toEqual({ found: 2 });
  expect(await sweepLeaks({ drillId }, host)).toMatchObject({ again: true });
  expect(await sweepLeaks({ drillId }, host)).toMatchObject({ left: 0, again: false });
  const { leaks } = (await host.history.story(drillId))!;
  expect(leaks.map(({ status }) => status)).toEqual(['swept', 'swept']);
});

test('what carries another drill’s tag is not touched and stays listed with the reason', async () => {
  const foreign = volume('vol-9', { 'cluster-drill': 'other-drill' });
  host.existing.push(foreign);
  await findLeaks({ drillId }, host);
  await sweepLeaks({ drillId }, host);
  expect(host.existing).toEqual([foreign]);
  expect((await host.history.story(drillId))!.leaks).toMatchObject([
    { status: 'left', obstacle: 'its tag cluster-drill names another drill, other-drill' },
  ]);
});

test('what cannot be deleted is tried for ten minutes, then called left', async () => {
  host.existing.push(volume('vol-1'));
  host.removable = false;
  await findLeaks({ drillId }, host);
  expect(await sweepLeaks({ drillId }, host)).toMatchObject({ left: 1, again: true });
  expect((await host.history.record(drillId))!.teardown).toBeUndefined();
  host.minutes += 10;
  expect(await sweepLeaks({ drillId }, host)).toMatchObject({ left: 1, again: false });
  expect((await host.history.record(drillId))!.teardown).toMatchObject({ outcome: 'leaks-left' });
  expect((await host.history.story(drillId))!.leaks).toMatchObject([
    { status: 'left', obstacle: 'VolumeInUse: it is attached' },
  ]);
});

test('what cannot be asked for now does not keep the others, and is tried again', async () => {
  host.existing.push(volume('vol-1'), volume('vol-2'));
  const { remove } = host.inventory;
  const failing = async (item: InventoryItem): Promise<string | undefined> => {
    if (item.arn.endsWith('vol-1')) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    return remove(item);
  };
  Object.assign(host.inventory, { remove: failing });
  await sweepLeaks({ drillId }, host);
  const { leaks } = (await host.history.story(drillId))!;
  expect(leaks.map(({ obstacle }) => obstacle)).toContain('AWS could not be asked to delete it: slow down');
  expect(host.existing).toHaveLength(1);
  Object.assign(host.inventory, { remove });
  host.minutes += 2;
  await sweepLeaks({ drillId }, host);
  expect(await sweepLeaks({ drillId }, host)).toMatchObject({ left: 0, again: false });
  expect((await host.history.story(drillId))!.spans).toMatchObject([{ id: 'sweep', outcome: 'succeeded' }]);
});

test('a sweep after a second destroy is given its own ten minutes', async () => {
  host.existing.push(volume('vol-1'));
  host.removable = false;
  await sweepLeaks({ drillId }, host);
  host.minutes += 30;
  const startedAt = minute(host.minutes - 5);
  const destroy = {
    id: 'build-destroy-cluster',
    kind: 'build',
    name: 'destroy',
    startedAt,
    outcome: 'failed',
  } as const;
  await host.history.put(drillId, [{ type: 'span', item: destroy }]);
  expect(await sweepLeaks({ drillId }, host)).toMatchObject({ left: 1, again: true });
});
