import { connected, drillOf, readConfig, targetOf, type CommandContext } from '../command-context';
import { previousOf } from '../../domain/previous-drill';
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
    terminal.out(
      options.output === 'json'
        ? `${JSON.stringify(story, null, 2)}\n`
        : summary(story, await previousOf(connection.history, story.record), terminal),
    );
  });
}
