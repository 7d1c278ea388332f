import { drillClosed, teardownBegun } from '../adapters/history-errors';
import { DrillError, ErrorName } from '../domain/errors';
import type { History } from '../domain/ports/history';
import type { DrillStory } from '../domain/record';

/** One drill with everything in it. @throws DrillError `DrillClosed` when it was never opened. */
export async function storyOf(history: History, drillId: string): Promise<DrillStory> {
  const story = await history.story(drillId);
  if (!story) throw new DrillError(ErrorName.DrillClosed, `There is no drill ${drillId}`);
  return story;
}

/** The story of a drill that is still being built. @throws DrillError `DrillClosed` when it is closed or torn down. */
export async function openStoryOf(history: History, drillId: string): Promise<DrillStory> {
  const story = await storyOf(history, drillId);
  const { status, teardownBegunAt } = story.record;
  if (status === 'closed') throw drillClosed(drillId);
  if (teardownBegunAt !== undefined) throw teardownBegun(drillId, teardownBegunAt);
  return story;
}
