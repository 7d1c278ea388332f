import type { History } from '../../domain/ports/history';
import { minute, sampleProgress } from '../support/story';
import { EXPIRES, FAILURE, CLOSING, drill, openPast } from './history-samples';

/** What is kept beside the record, and what may be asked over many drills. */
export function describeHistoryDetails(current: () => History): void {
  let history: History;

  beforeEach(() => {
    history = current();
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
        await openPast(history, drill(`example-${day}`, { openedAt: `2026-10-0${day}T06:00:00.000Z` }));
      }
      await openPast(history, drill('other-1', { target: 'other' }));
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
      await openPast(history, drill('example-1'));
      await openPast(history, drill('example-2', { openedAt: minute(1) }));
      const page = await history.drillsOf('example', { limit: 2 });
      expect(page.records).toHaveLength(2);
      expect(page.next).toBeUndefined();
    });

    test('a drill opened between two pages does not shift the second', async () => {
      for (const id of [1, 2, 3]) await openPast(history, drill(`example-${id}`, { openedAt: minute(id) }));
      const { next } = await history.drillsOf('example', { limit: 1 });
      await openPast(history, drill('example-4', { openedAt: minute(4) }));
      const page = await history.drillsOf('example', { limit: 1, after: next! });
      expect(page.records.map(({ drillId }) => drillId)).toEqual(['example-2']);
    });

    test('drills of the same instant are neither lost nor repeated between pages', async () => {
      for (const id of ['example-a', 'example-b', 'example-c']) await openPast(history, drill(id));
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
      await openPast(history, drill('example-1', { openedAt: '2026-09-30T23:59:59.999Z' }));
      await openPast(history, drill('example-2', { openedAt: '2026-12-31T23:59:59.999Z' }));
      await openPast(history, drill('other-1', { target: 'other', openedAt: '2026-10-01T01:30:00+02:00' }));
      await openPast(history, drill('other-2', { target: 'other', openedAt: '2026-10-01T00:00:00Z' }));
      const inThird = await history.drillsIn('2026Q3');
      const inFourth = await history.drillsIn('2026Q4');
      expect(inThird.map(({ drillId }) => drillId)).toEqual(['other-1', 'example-1']);
      expect(inFourth.map(({ drillId }) => drillId)).toEqual(['other-2', 'example-2']);
    });

    test('open drills are those of all targets that were not closed, oldest first', async () => {
      await openPast(history, drill('example-1', { openedAt: minute(5) }));
      await openPast(history, drill('other-1', { target: 'other', openedAt: minute(1) }));
      await openPast(history, drill('example-2', { openedAt: minute(3) }));
      await history.close('example-2', CLOSING);
      await history.change('example-2', { phase: 'reporting' });
      expect((await history.openDrills()).map(({ drillId }) => drillId)).toEqual(['other-1', 'example-1']);
    });
  });
}
