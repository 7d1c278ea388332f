import type { DrillStory, Teardown } from './record';

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
    startedAt: story.spans.find((span) => span.id === 'teardown')?.startedAt ?? finishedAt,
    finishedAt,
    notes: [...failures, ...notes],
  };
}
