import type { InventoryItem } from './ports/inventory';
import { leakOf } from './leak';
import type { DrillStory, Leak, Teardown } from './record';

/**
 * The outcome of a teardown that has come to its end.
 * @param left how many resources the last inventory still shows.
 */
export function teardownOf(story: DrillStory, left: number, finishedAt: string): Teardown {
  const notes = ['drain-cluster', 'destroy-cluster'].flatMap((build) => {
    const said = story.outputs[build]?.['notes'];
    return Array.isArray(said) ? said.map(String) : [];
  });
  const failures = story.failures.filter((failure) => failure.cause === 'teardown').map((failure) => failure.sentence);
  return {
    outcome: left > 0 ? 'leaks-left' : 'nothing-left',
    startedAt: startOf(story, 'teardown') ?? finishedAt,
    finishedAt,
    notes: [...failures, ...notes],
  };
}

/**
 * When the rounds of the sweep that is under way began. A sweep before the newest teardown, or before its newest
 * destroy, is another one: what that left is given its own time.
 */
export function sweepSince(story: DrillStory, now: string): string {
  const began = startOf(story, 'sweep');
  const before = ['teardown', 'build-destroy-cluster'].flatMap((id) => startOf(story, id) ?? []);
  const isThis = began !== undefined && before.every((instant) => Date.parse(instant) <= Date.parse(began));
  return isThis ? began : now;
}

function startOf({ spans }: DrillStory, id: string): string | undefined {
  return spans.find((span) => span.id === id)?.startedAt;
}

/**
 * What was a leak before a round of the sweep, or is one now: left where it still exists, otherwise swept.
 * @param seen what existed before the round.
 * @param left what exists after it, with why each was not deleted.
 */
export function leaksAfter(
  story: DrillStory,
  seen: readonly InventoryItem[],
  left: readonly InventoryItem[],
  obstacles: ReadonlyMap<string, string>,
): Leak[] {
  const { settings } = story.record;
  const stillThere = new Set(left.map(({ arn }) => arn));
  const gone = [...story.leaks, ...seen.map((item) => leakOf(item, 'swept', settings))].filter(
    ({ arn }) => !stillThere.has(arn),
  );
  const swept = new Map(gone.map((leak): [string, Leak] => [leak.arn, { ...leak, status: 'swept' }]));
  return [...swept.values(), ...left.map((item) => leakOf(item, 'left', settings, obstacles.get(item.arn)))];
}
