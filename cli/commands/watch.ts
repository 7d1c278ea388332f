import { connected, drillOf, readConfig, refuseLocal, targetOf, type CommandContext } from '../command-context';
import { reportEnd } from '../report-end';
import { watchDrill } from '../watch-drill';

/** `drill watch [drill]`: shows a running drill until it ends; a drill that has ended is shown as it ended. */
export async function watchCommand(
  context: CommandContext,
  drillId: string | undefined,
  { target: name }: { target?: string },
): Promise<number> {
  const { options, terminal } = context;
  refuseLocal(options, 'watch');
  const target = targetOf(readConfig(options.config), name);
  return connected(context, target, async (connection) => {
    const { record } = await drillOf(connection, target, drillId);
    const execution = () => connection.executions.execution(record.executionArn);
    // The guard may still close a drill whose execution is dead, so only a closed record is the end.
    const story = await watchDrill({ ...connection, drillId: record.drillId, over: async () => false }, terminal);
    return reportEnd({ story, execution: await execution(), history: connection.history }, options, terminal);
  });
}
