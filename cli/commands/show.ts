import { connected, drillOf, readConfig, targetOf, type CommandContext } from '../command-context';
import { previousOf } from '../../domain/previous-drill';
import { progressView } from '../progress-view';
import { summary } from '../summary';

/** `drill show [drill]`: one drill with everything in it. */
export async function showCommand(
  context: CommandContext,
  drillId: string | undefined,
  { target: name }: { target?: string },
): Promise<void> {
  const { options, terminal } = context;
  const target = targetOf(readConfig(options.config), name);
  await connected(context, target, async (connection) => {
    const story = await drillOf(connection, target, drillId);
    if (options.output === 'json') terminal.out(`${JSON.stringify(story, null, 2)}\n`);
    else if (story.record.verdict) {
      terminal.out(summary(story, await previousOf(connection.history, story.record), terminal));
    } else {
      // A report of it would call failed what is only not done yet.
      const lines = progressView(story, connection.clock.now(), 0, terminal);
      terminal.out(`${[`Still open: drill ${story.record.drillId}`, ...lines].join('\n')}\n`);
    }
  });
}
