import { ErrorName } from '../../domain/errors';
import type { History } from '../../domain/ports/history';
import { minute } from '../support/story';
import { EXPIRES, drill, slotted } from './history-samples';

/** What one drill at a time holds: slots, scheduled times, leases; and what was told once. */
export function describeHistoryHoldings(current: () => History): void {
  let history: History;

  beforeEach(() => {
    history = current();
  });

  describe('slots', () => {
    test('as many drills get one as there are, and each keeps its own however often it asks', async () => {
      const asked: boolean[] = [];
      for (const id of ['a', 'b', 'a', 'c', 'b']) asked.push(await history.takeSlot(slotted(id), 2, minute(0)));
      expect(asked).toEqual([true, true, true, false, true]);
      expect(await history.slots()).toEqual([
        { slot: 1, drillId: 'a', target: 'a', takenAt: minute(0) },
        { slot: 2, drillId: 'b', target: 'b', takenAt: minute(0) },
      ]);
    });

    test('that ask at the same moment get no more than there are', async () => {
      const asked = ['a', 'b', 'c', 'd', 'e'].map((id) => history.takeSlot(slotted(id), 3, minute(0)));
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(3);
      expect(await history.slots()).toHaveLength(3);
    });

    test('two tries for one drill at the same moment take one', async () => {
      await Promise.all(['a', 'a', 'a'].map((id) => history.takeSlot(slotted(id), 3, minute(0))));
      expect(await history.slots()).toHaveLength(1);
    });

    test('are given back only by the drill that holds them, any number of times, and the next one takes them', async () => {
      await history.takeSlot(slotted('a'), 2, minute(0));
      await history.takeSlot(slotted('b'), 2, minute(0));
      await history.releaseSlots('c');
      for (let times = 0; times < 2; times += 1) await history.releaseSlots('a');
      expect(await history.takeSlot(slotted('c'), 2, minute(1))).toBe(true);
      expect(await history.slots()).toMatchObject([
        { slot: 1, drillId: 'c' },
        { slot: 2, drillId: 'b' },
      ]);
    });

    test('in use count also when fewer are allowed now', async () => {
      for (const id of ['a', 'b', 'c']) await history.takeSlot(slotted(id), 3, minute(0));
      await history.releaseSlots('a');
      expect(await history.takeSlot(slotted('d'), 2, minute(1))).toBe(false);
    });
  });

  describe('what was told', () => {
    test('keeps the instant of the first time', async () => {
      expect(await history.toldAt('quarter/example/2026Q3')).toBeUndefined();
      await history.noteTold('quarter/example/2026Q3', minute(1));
      await history.noteTold('quarter/example/2026Q3', minute(2));
      expect(await history.toldAt('quarter/example/2026Q3')).toBe(minute(1));
      expect(await history.toldAt('quarter/example/2026Q4')).toBeUndefined();
    });
  });

  describe('the claim of a scheduled time', () => {
    test('can be made before the drill is opened, and keeps others from it', async () => {
      const scheduled = { trigger: 'schedule', scheduledAt: minute(0) } as const;
      await history.claimSchedule(drill('example-1', scheduled), minute(0));
      const second = history.claimSchedule(drill('example-2', scheduled), minute(0));
      await expect(second).rejects.toMatchObject({ name: ErrorName.DuplicateDrill });
      await history.open(drill('example-1', scheduled), EXPIRES);
      expect(await history.record('example-1')).toMatchObject({ scheduledAt: minute(0) });
    });
  });

  describe('the lease', () => {
    test('is renewed only by the drill that holds it', async () => {
      await history.open(drill('example-1'), EXPIRES);
      expect(await history.renewLease('example', 'example-2', minute(10), minute(400))).toBe(false);
      expect(await history.renewLease('example', 'example-1', minute(10), minute(300))).toBe(true);
      expect(await history.lease('example')).toMatchObject({ heartbeatAt: minute(10), expiresAt: minute(300) });
    });

    test('that nobody holds cannot be renewed', async () => {
      expect(await history.renewLease('example', 'example-1', minute(10), minute(300))).toBe(false);
      expect(await history.lease('example')).toBeUndefined();
    });

    test('is given back only by the drill that holds it, any number of times', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await history.releaseLease('example', 'example-2');
      expect((await history.lease('example'))?.drillId).toBe('example-1');
      await history.releaseLease('example', 'example-1');
      await history.releaseLease('example', 'example-1');
      expect(await history.lease('example')).toBeUndefined();
    });
  });
}
