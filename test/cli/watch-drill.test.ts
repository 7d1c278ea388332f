import pc from 'picocolors';
import { watchDrill } from '../../cli/watch-drill';
import { sampleStory } from '../support/story';

const colours = pc.createColors(false);

test('a watcher who is told of the end does not wait for its next look', async () => {
  const story = sampleStory();
  let isOver = false;
  const settled = new Promise<void>((resolve) => setImmediate(resolve)).then(() => (isOver = true));
  const watched = await watchDrill(
    {
      history: { story: async () => story },
      drillId: story.record.drillId,
      clock: { now: () => new Date(story.record.openedAt) },
      // Longer than a test may take.
      everyMilliseconds: 60_000,
      over: async () => isOver,
      settled,
    },
    { out: () => {}, err: () => {}, live: false, columns: 80, colours },
  );
  expect(watched).toBe(story);
});
