import { DrillError, ErrorName } from '../domain/errors';
import type { History } from '../domain/ports/history';
import type { DrillStory } from '../domain/record';

/** One drill with everything in it. @throws DrillError `DrillClosed` when it was never opened. */
export async function storyOf(history: History, drillId: string): Promise<DrillStory> {
  const story = await history.story(drillId);
  if (!story) throw new DrillError(ErrorName.DrillClosed, `There is no drill ${drillId}`);
  return story;
}
