import type { Execution } from '../domain/ports/executions';
import type { History } from '../domain/ports/history';
import type { DrillStory } from '../domain/record';
import type { GlobalOptions } from './command-context';
import { previousOf } from '../domain/previous-drill';
import { summary } from './summary';
import type { Terminal } from './terminal';

/**
 * Says how a drill ended and returns the exit code: 0 for a passed drill (with or without findings), 1 for every other
 * end. `more` lines (where report and mail lie) follow the summary.
 */
export async function reportEnd(
  {
    story,
    execution,
    history,
  }: { readonly story: DrillStory | undefined; readonly execution: Execution | undefined; readonly history: History },
  { output }: Pick<GlobalOptions, 'output'>,
  terminal: Terminal,
  more: Readonly<Record<string, readonly string[]>> = {},
): Promise<number> {
  if (!story?.record.verdict) {
    terminal.err(
      `${execution?.cause ?? `The execution ended as ${execution?.status ?? 'nothing'} without a verdict`}\n`,
    );
    return 1;
  }
  if (output === 'json') {
    terminal.out(`${JSON.stringify({ ...story, files: more }, null, 2)}\n`);
  } else {
    terminal.out(`\n${summary(story, await previousOf(history, story.record), terminal)}`);
    if (Object.values(more).flat().length > 0) terminal.out('\n');
    for (const [what, paths] of Object.entries(more))
      for (const path of paths) terminal.out(`${what.padEnd(9)}${path}\n`);
  }
  return story.record.verdict.outcome === 'failed' ? 1 : 0;
}
