import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../domain/clock';
import type { History } from '../domain/ports/history';
import type { DrillStory } from '../domain/record';
import { progressLines } from './progress-lines';
import { progressView } from './progress-view';
import type { Terminal } from './terminal';

export interface Watching {
  readonly history: Pick<History, 'story'>;
  readonly drillId: string;
  /** The drill's clock: elapsed time is shown by it. */
  readonly clock: Pick<Clock, 'now'>;
  /** How often the history is read, in real milliseconds. */
  readonly everyMilliseconds: number;
  /** True when nothing will change any more although the record is still open (the execution ended). */
  readonly over: () => Promise<boolean>;
  /** Resolves as soon as `over` is true, where somebody can tell: the watcher then looks at once. */
  readonly settled?: Promise<unknown>;
}

/**
 * Shows a drill until it is closed and its report is out (or until it is over): redrawn in place on a terminal, plain
 * lines of what changed otherwise.
 * @returns the last reading; undefined when the drill never got a record.
 */
export async function watchDrill(
  { history, drillId, clock, everyMilliseconds, over, settled }: Watching,
  terminal: Terminal,
): Promise<DrillStory | undefined> {
  let before: DrillStory | undefined;
  let drawn = 0;
  for (let frame = 0; ; frame += 1) {
    const ended = await over();
    const story = await history.story(drillId);
    if (story) {
      if (terminal.live) drawn = redraw(progressView(story, clock.now(), frame, terminal), drawn, terminal);
      else for (const line of progressLines(before, story, clock.now())) terminal.out(`${line}\n`);
      before = story;
    }
    if (ended || story?.record.phase === 'closed') break;
    await pause(everyMilliseconds, settled);
  }
  if (terminal.live) redraw([], drawn, terminal);
  return before;
}

async function pause(milliseconds: number, settled: Promise<unknown> | undefined): Promise<void> {
  const stop = new AbortController();
  const waiting = wait(milliseconds, undefined, { signal: stop.signal }).catch(() => {});
  await Promise.race([waiting, ...(settled ? [settled] : [])]);
  stop.abort();
}

/** Draws lines over the ones drawn before, and returns how many there are now. */
function redraw(lines: readonly string[], drawn: number, { out }: Terminal): number {
  const up = drawn > 0 ? `\u001B[${drawn}A` : '';
  out(`${up}\u001B[J${lines.map((line) => `${line}\n`).join('')}`);
  return lines.length;
}
