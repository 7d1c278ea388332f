import { ErrorName } from '../../domain/errors';
import type { Closing, History } from '../../domain/ports/history';
import type { DrillRecord, Failure } from '../../domain/record';
import { openRecord } from '../support/open-record';
import { minute, layerTime, sampleProgress } from '../support/story';

const EXPIRES = minute(240);
const FAILURE: Failure = {
  where: 'provision-cluster',
  cause: 'terraform',
  sentence: 'first',
  at: minute(9),
  evidence: [],
};

const CLOSING: Closing = {
  closedAt: minute(120),
  verdict: { outcome: 'passed', reasons: ['all layers are healthy'] },
  counts: { findings: 0, leaks: 0, manualSteps: 0 },
  times: { totalSeconds: 4500, machineSeconds: 4500, humanSeconds: 0 },
};

function drill(id: string, changes: Partial<DrillRecord> = {}): DrillRecord {
  return openRecord({ drillId: id, ...changes });
}

function by(name: string, at: number): { by: string; at: string } {
  return { by: name, at: minute(at) };
}

/** A drill that is alone with its target. */
function slotted(id: string): DrillRecord {
  return drill(id, { target: id });
}

/** What every history does; `setup` gives an empty one. */
export function describeHistoryContract(name: string, setup: () => Promise<History>): void {
  describe(`${name} as a history`, () => {
    let history: History;

    beforeEach(async () => {
      history = await setup();
    });

    /** Opens a drill and gives its lease back, so that the target is free for the next. */
    async function past(record: DrillRecord): Promise<void> {
      await history.open(record, EXPIRES);
      await history.releaseLease(record.target, record.drillId);
    }

    describe('opening', () => {
      test('an opened drill has its record and holds the lease of its target', async () => {
        const record = drill('example-1');
        await history.open(record, EXPIRES);
        expect(await history.record('example-1')).toEqual(record);
        expect(await history.openRecord('example-1')).toEqual(record);
        expect(await history.lease('example')).toEqual({
          target: 'example',
          drillId: 'example-1',
          executionArn: record.executionArn,
          takenAt: record.openedAt,
          heartbeatAt: record.openedAt,
          expiresAt: EXPIRES,
        });
      });

      test('opening the same drill again changes nothing, even after its phase and lease moved on', async () => {
        const record = drill('example-1', { trigger: 'schedule', scheduledAt: minute(0) });
        await history.open(record, EXPIRES);
        await history.change('example-1', { phase: 'provisioning' });
        await history.renewLease('example', 'example-1', minute(30), minute(300));
        await history.open(record, EXPIRES);
        expect((await history.record('example-1'))?.phase).toBe('provisioning');
        expect((await history.lease('example'))?.expiresAt).toBe(minute(300));
      });

      test('a target whose lease another drill holds is refused, and no record is written', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await expect(history.open(drill('example-2', { openedAt: minute(10) }), minute(250))).rejects.toMatchObject({
          name: ErrorName.LeaseHeld,
          message: expect.stringContaining('example-1'),
        });
        expect(await history.record('example-2')).toBeUndefined();
      });

      test('a lease is free again at the instant at which it expires', async () => {
        await history.open(drill('example-1'), minute(60));
        await history.open(drill('example-2', { openedAt: minute(60) }), minute(300));
        expect((await history.lease('example'))?.drillId).toBe('example-2');
      });

      test('leases of different targets do not touch each other', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.open(drill('other-1', { target: 'other' }), EXPIRES);
        expect((await history.lease('other'))?.drillId).toBe('other-1');
      });

      test('the second delivery of a scheduled time is a duplicate, whatever zone it is written in', async () => {
        const scheduled = { trigger: 'schedule', scheduledAt: '2026-10-05T06:00:00Z' } as const;
        await past(drill('example-1', scheduled));
        const again = drill('example-2', { ...scheduled, scheduledAt: '2026-10-05T08:00:00+02:00' });
        await expect(history.open(again, EXPIRES)).rejects.toMatchObject({
          name: ErrorName.DuplicateDrill,
          message: expect.stringContaining('example-1'),
        });
        expect(await history.lease('example')).toBeUndefined();
      });

      test('the same scheduled time of another target is no duplicate', async () => {
        const scheduled = { trigger: 'schedule', scheduledAt: minute(0) } as const;
        await history.open(drill('example-1', scheduled), EXPIRES);
        await history.open(drill('other-1', { ...scheduled, target: 'other' }), EXPIRES);
        expect(await history.record('other-1')).toMatchObject({ target: 'other' });
      });

      test('a closed drill cannot be opened again', async () => {
        await past(drill('example-1'));
        await history.close('example-1', CLOSING);
        await expect(history.open(drill('example-1'), EXPIRES)).rejects.toMatchObject({ name: ErrorName.DrillClosed });
        expect(await history.lease('example')).toBeUndefined();
      });
    });

    describe('changing', () => {
      test('changes of the record leave its other parts as they are', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.change('example-1', { phase: 'destroying', commit: 'a'.repeat(40) });
        await history.change('example-1', { phase: 'finding-leaks' });
        expect(await history.record('example-1')).toEqual(
          drill('example-1', { phase: 'finding-leaks', commit: 'a'.repeat(40) }),
        );
      });

      test('layer times are set one by one', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.setLayerTime('example-1', 'cluster', layerTime('cluster', 5, 15));
        await history.setLayerTime('example-1', 'platform', layerTime('platform', 30, 20));
        await history.setLayerTime('example-1', 'cluster', layerTime('cluster', 5, 16));
        expect((await history.record('example-1'))?.layers).toEqual({
          cluster: layerTime('cluster', 5, 16),
          platform: layerTime('platform', 30, 20),
        });
      });

      test.each<[string, (history: History) => Promise<unknown>]>([
        ['openRecord', (history) => history.openRecord('example-9')],
        ['change', (history) => history.change('example-9', { phase: 'draining' })],
        ['setLayerTime', (history) => history.setLayerTime('example-9', 'cluster', layerTime('cluster', 0, 1))],
        ['close', (history) => history.close('example-9', CLOSING)],
      ])('%s of a drill that was never opened says so', async (_, act) => {
        await expect(act(history)).rejects.toMatchObject({
          name: ErrorName.DrillClosed,
          message: expect.stringContaining('example-9'),
        });
      });
    });

    describe('closing', () => {
      test('a closed drill has its verdict, is not open any more and refuses to be continued', async () => {
        await history.open(drill('example-1'), EXPIRES);
        const closed = await history.close('example-1', CLOSING);
        expect(closed).toEqual({ ...drill('example-1'), ...CLOSING, status: 'closed', phase: 'closed' });
        expect(await history.record('example-1')).toEqual(closed);
        expect(await history.openDrills()).toEqual([]);
        await expect(history.openRecord('example-1')).rejects.toMatchObject({ name: ErrorName.DrillClosed });
      });

      test('a second close leaves the first verdict and returns it', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.close('example-1', CLOSING);
        const second = await history.close('example-1', {
          ...CLOSING,
          closedAt: minute(200),
          verdict: { outcome: 'failed', reasons: ['late'] },
        });
        expect(second).toMatchObject({ closedAt: CLOSING.closedAt, verdict: CLOSING.verdict });
      });

      test('closing does not give the lease back, and the mail can still be noted', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.close('example-1', CLOSING);
        const mail = { sentAt: minute(121), messageIds: ['one'], refused: [] };
        await history.change('example-1', { mail });
        expect((await history.record('example-1'))?.mail).toEqual(mail);
        expect((await history.lease('example'))?.drillId).toBe('example-1');
      });
    });

    describe('details', () => {
      test('a story holds everything of its drill and nothing of another', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.open(drill('other-1', { target: 'other' }), EXPIRES);
        const span = {
          id: 'one',
          kind: 'build',
          name: 'provision-cluster',
          startedAt: minute(1),
          outcome: 'running',
        } as const;
        const step = {
          name: 'dns',
          source: 'declared',
          layer: 'foundation',
          description: 'd',
          status: 'declared',
        } as const;
        const leak = {
          arn: 'arn:aws:ec2:eu-central-1:000000000000:volume/vol-1',
          type: 'ec2:volume',
          reason: 'tag',
          status: 'found',
        } as const;
        const finding = { id: 'slow', severity: 'minor', title: 't', mend: 'm' } as const;
        const readiness = { name: 'quota', status: 'passed', sentence: 's' } as const;
        const progress = sampleProgress('cluster', [{ name: 'nodes' }]);
        await history.put('example-1', [
          { type: 'span', item: span },
          { type: 'manual-step', item: step },
          { type: 'leak', item: leak },
          { type: 'finding', item: finding },
          { type: 'readiness', item: readiness },
          { type: 'layer', item: progress },
          { type: 'failure', item: FAILURE },
          { type: 'outputs', build: 'provision-cluster', item: { vpc_id: 'vpc-1', zones: ['a', 'b'] } },
        ]);
        await history.put('other-1', [{ type: 'span', item: { ...span, id: 'of-other' } }]);
        expect(await history.story('example-1')).toEqual({
          record: drill('example-1'),
          layers: [progress],
          spans: [span],
          manualSteps: [step],
          failures: [FAILURE],
          findings: [finding],
          leaks: [leak],
          readiness: [readiness],
          outputs: { 'provision-cluster': { vpc_id: 'vpc-1', zones: ['a', 'b'] } },
        });
      });

      test('there is no story and no record of an unknown drill', async () => {
        await history.put('example-9', [{ type: 'failure', item: FAILURE }]);
        expect(await history.story('example-9')).toBeUndefined();
        expect(await history.record('example-9')).toBeUndefined();
      });

      test('a detail replaces the one with the same identity, also within one call', async () => {
        await history.open(drill('example-1'), EXPIRES);
        const span = { id: 'one', kind: 'resource', name: 'vpc', startedAt: minute(1) } as const;
        await history.put('example-1', [
          { type: 'span', item: { ...span, outcome: 'running' } },
          { type: 'span', item: { ...span, outcome: 'failed' } },
        ]);
        await history.put('example-1', [{ type: 'span', item: { ...span, outcome: 'succeeded' } }]);
        expect((await history.story('example-1'))?.spans).toEqual([{ ...span, outcome: 'succeeded' }]);
      });

      test('more details than fit into one batch are all kept, in the order of their identity', async () => {
        await history.open(drill('example-1'), EXPIRES);
        const ids = Array.from({ length: 120 }, (_, index) => `span-${String(index).padStart(3, '0')}`);
        await history.put(
          'example-1',
          ids.toReversed().map((id) => ({
            type: 'span',
            item: { id, kind: 'resource', name: id, startedAt: minute(1), outcome: 'succeeded' },
          })),
        );
        expect((await history.story('example-1'))?.spans.map(({ id }) => id)).toEqual(ids);
      });

      test('nothing to put is no mistake', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.put('example-1', []);
        expect((await history.story('example-1'))?.spans).toEqual([]);
      });

      test('of two accounts of one failure the first stays', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.putFailureOnce('example-1', FAILURE);
        await history.putFailureOnce('example-1', { ...FAILURE, sentence: 'second' });
        await history.putFailureOnce('example-1', { ...FAILURE, where: 'cluster' });
        expect((await history.story('example-1'))?.failures).toEqual([{ ...FAILURE, where: 'cluster' }, FAILURE]);
      });
    });

    describe('questions', () => {
      test('drills of a target come newest first in pages, and the last page has no cursor', async () => {
        for (const day of [3, 1, 5, 2, 4]) {
          await past(drill(`example-${day}`, { openedAt: `2026-10-0${day}T06:00:00.000Z` }));
        }
        await past(drill('other-1', { target: 'other' }));
        const first = await history.drillsOf('example', { limit: 2 });
        const second = await history.drillsOf('example', { limit: 2, after: first.next! });
        const third = await history.drillsOf('example', { limit: 2, after: second.next! });
        expect([first, second, third].map((page) => page.records.map(({ drillId }) => drillId))).toEqual([
          ['example-5', 'example-4'],
          ['example-3', 'example-2'],
          ['example-1'],
        ]);
        expect(third.next).toBeUndefined();
      });

      test('a page that is just full and the last has no cursor', async () => {
        await past(drill('example-1'));
        await past(drill('example-2', { openedAt: minute(1) }));
        const page = await history.drillsOf('example', { limit: 2 });
        expect(page.records).toHaveLength(2);
        expect(page.next).toBeUndefined();
      });

      test('a drill opened between two pages does not shift the second', async () => {
        for (const id of [1, 2, 3]) await past(drill(`example-${id}`, { openedAt: minute(id) }));
        const { next } = await history.drillsOf('example', { limit: 1 });
        await past(drill('example-4', { openedAt: minute(4) }));
        const page = await history.drillsOf('example', { limit: 1, after: next! });
        expect(page.records.map(({ drillId }) => drillId)).toEqual(['example-2']);
      });

      test('drills of the same instant are neither lost nor repeated between pages', async () => {
        for (const id of ['example-a', 'example-b', 'example-c']) await past(drill(id));
        const { records, next } = await history.drillsOf('example', { limit: 2 });
        const rest = await history.drillsOf('example', { limit: 2, after: next! });
        expect([...records, ...rest.records].map(({ drillId }) => drillId)).toEqual([
          'example-c',
          'example-b',
          'example-a',
        ]);
      });

      test('a target without drills gives an empty page', async () => {
        expect(await history.drillsOf('nothing', { limit: 5 })).toEqual({ records: [] });
      });

      test('a cursor that no page gave is refused in a sentence', async () => {
        await expect(history.drillsOf('example', { limit: 1, after: 'abc' })).rejects.toThrow(/use the cursor/);
      });

      test('a quarter holds the drills that were opened in it, in UTC, oldest first', async () => {
        await past(drill('example-1', { openedAt: '2026-09-30T23:59:59.999Z' }));
        await past(drill('example-2', { openedAt: '2026-12-31T23:59:59.999Z' }));
        await past(drill('other-1', { target: 'other', openedAt: '2026-10-01T01:30:00+02:00' }));
        await past(drill('other-2', { target: 'other', openedAt: '2026-10-01T00:00:00Z' }));
        const inThird = await history.drillsIn('2026Q3');
        const inFourth = await history.drillsIn('2026Q4');
        expect(inThird.map(({ drillId }) => drillId)).toEqual(['other-1', 'example-1']);
        expect(inFourth.map(({ drillId }) => drillId)).toEqual(['other-2', 'example-2']);
      });

      test('open drills are those of all targets that were not closed, oldest first', async () => {
        await past(drill('example-1', { openedAt: minute(5) }));
        await past(drill('other-1', { target: 'other', openedAt: minute(1) }));
        await past(drill('example-2', { openedAt: minute(3) }));
        await history.close('example-2', CLOSING);
        await history.change('example-2', { phase: 'reporting' });
        expect((await history.openDrills()).map(({ drillId }) => drillId)).toEqual(['other-1', 'example-1']);
      });
    });

    describe('applying', () => {
      test('is claimed by one build, which may ask again; another one is refused with its name', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.claimApply('example-1', 'build-1', minute(5));
        await history.claimApply('example-1', 'build-1', minute(6));
        await expect(history.claimApply('example-1', 'build-2', minute(7))).rejects.toMatchObject({
          name: ErrorName.AlreadyApplied,
          message:
            'build build-1 applies, or has applied, for drill example-1, and a drill applies once; start a new drill instead of applying again',
        });
        expect((await history.record('example-1'))?.apply).toEqual({ buildId: 'build-1', claimedAt: minute(5) });
      });

      test('of builds that ask at the same moment one is let', async () => {
        await history.open(drill('example-1'), EXPIRES);
        const asked = ['a', 'b', 'c'].map((build) => history.claimApply('example-1', build, minute(5)));
        const results = await Promise.allSettled(asked);
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      test.each<[string, (history: History) => Promise<unknown>]>([
        ['whose teardown has begun', (history) => history.beginTeardown('example-1', minute(8))],
        ['that is closed', (history) => history.close('example-1', CLOSING)],
      ])('is refused to a drill %s, also to the build that has the claim', async (_, end) => {
        await history.open(drill('example-1'), EXPIRES);
        await history.claimApply('example-1', 'build-1', minute(5));
        await end(history);
        for (const build of ['build-1', 'build-2']) {
          await expect(history.claimApply('example-1', build, minute(9))).rejects.toMatchObject({
            name: ErrorName.DrillClosed,
          });
        }
      });

      test('is refused to a drill that was never opened', async () => {
        await expect(history.claimApply('example-9', 'build-1', minute(5))).rejects.toMatchObject({
          name: ErrorName.DrillClosed,
          message: expect.stringContaining('never opened'),
        });
      });
    });

    describe('sending the report', () => {
      test('is claimed by one execution, which may ask again', async () => {
        await history.open(drill('example-1'), EXPIRES);
        const asked = [by('a', 1), by('b', 2), by('a', 3), by('b', 3)];
        const granted: boolean[] = [];
        for (const claim of asked) granted.push(await history.claimReport('example-1', claim, minute(0)));
        expect(granted).toEqual([true, false, true, false]);
        expect((await history.record('example-1'))?.reportClaim).toEqual({ by: 'a', at: minute(3) });
      });

      test('is taken over from one whose claim is stale', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.claimReport('example-1', by('a', 1), minute(0));
        expect(await history.claimReport('example-1', by('b', 11), minute(1))).toBe(false);
        expect(await history.claimReport('example-1', by('b', 12), minute(2))).toBe(true);
      });

      test('of a drill that was never opened is refused', async () => {
        await expect(history.claimReport('example-9', by('a', 1), minute(0))).rejects.toMatchObject({
          name: ErrorName.DrillClosed,
        });
      });
    });

    describe('the beginning of a teardown', () => {
      test('is marked once, and from then on the drill is not to be built any more', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.beginTeardown('example-1', minute(8));
        const record = await history.beginTeardown('example-1', minute(9));
        expect(record).toEqual(drill('example-1', { teardownBegunAt: minute(8) }));
        expect(await history.record('example-1')).toEqual(record);
        await expect(history.openRecord('example-1')).rejects.toMatchObject({
          name: ErrorName.DrillClosed,
          message: `drill example-1 is being torn down since ${minute(8)}; start a new drill instead of continuing it`,
        });
        expect((await history.openDrills()).map(({ drillId }) => drillId)).toEqual(['example-1']);
      });

      test('is also marked on a drill that is closed', async () => {
        await history.open(drill('example-1'), EXPIRES);
        await history.close('example-1', CLOSING);
        expect(await history.beginTeardown('example-1', minute(8))).toMatchObject({ status: 'closed' });
      });

      test('of a drill that was never opened is refused', async () => {
        await expect(history.beginTeardown('example-9', minute(8))).rejects.toMatchObject({
          name: ErrorName.DrillClosed,
        });
      });
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
  });
}
