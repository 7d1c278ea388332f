import type { InventoryItem } from '../../domain/ports/inventory';
import type { Span } from '../../domain/record';
import { leaksAfter, sweepSince } from '../../domain/teardown';
import { minute, sampleStory } from '../support/story';

const span = (id: string, at: number): Span => ({
  id,
  kind: 'teardown',
  name: id,
  startedAt: minute(at),
  outcome: 'running',
});

const item = (arn: string): InventoryItem => ({ arn, type: 'ec2:volume', tags: {}, reason: 'tag' });

test.each([
  ['nothing has begun it', [span('teardown', 80)], 100],
  ['a round before this one', [span('teardown', 80), span('build-destroy-cluster', 85), span('sweep', 95)], 95],
  ['a sweep of an earlier teardown', [span('sweep', 70), span('teardown', 80)], 100],
  [
    'a sweep before the second destroy',
    [span('teardown', 80), span('sweep', 90), span('build-destroy-cluster', 96)],
    100,
  ],
])('the time of a sweep counts from its own first round: %s', (_, spans, began) => {
  expect(sweepSince(sampleStory({ spans }), minute(100))).toBe(minute(began));
});

test('a leak that was found by an earlier round and is gone stays on record as swept', () => {
  const story = sampleStory({ leaks: [{ arn: 'a', type: 'ec2:volume', reason: 'tag', status: 'found' }] });
  const leaks = leaksAfter(story, [item('b'), item('c')], [item('c')], new Map([['c', 'VolumeInUse']]));
  expect(leaks.map(({ arn, status, obstacle }) => [arn, status, obstacle])).toEqual([
    ['a', 'swept', undefined],
    ['b', 'swept', undefined],
    ['c', 'left', 'VolumeInUse'],
  ]);
});
