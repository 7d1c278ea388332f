import { drillIdOf, executionConsoleUrl } from '../../domain/names';
import { connected, readConfig, refuseLocal, targetOf, type CommandContext } from '../command-context';
import type { Connection } from '../connection';
import { reportEnd } from '../report-end';
import { watchDrill } from '../watch-drill';

/** `drill start`: starts a drill of the deployment in AWS; with --watch it stays until the drill has ended. */
export async function startCommand(
  context: CommandContext,
  { target: name, ref, watch }: { target?: string; ref?: string; watch: boolean },
): Promise<number> {
  refuseLocal(context.options, 'start');
  const target = targetOf(readConfig(context.options.config), name);
  return connected(context, target, async (connection) => {
    const arn = await connection.executions.start(connection.drillMachineArn, {
      target: target.settings.name,
      ...(ref === undefined ? {} : { ref }),
    });
    context.terminal.out(`${executionConsoleUrl(arn)}\n`);
    return watch ? watchExecution(context, connection, target.settings.name, arn) : 0;
  });
}

/** Watches the drill that an execution opened, and returns the exit code that its verdict stands for. */
async function watchExecution(
  { options, terminal }: CommandContext,
  connection: Connection,
  target: string,
  arn: string,
): Promise<number> {
  const { executions, history } = connection;
  const startedAt = (await executions.execution(arn))!.startedAt;
  const story = await watchDrill(
    {
      ...connection,
      drillId: drillIdOf(target, arn, startedAt),
      over: async () => (await executions.execution(arn))?.status !== 'RUNNING',
    },
    terminal,
  );
  return reportEnd({ story, execution: await executions.execution(arn), history }, options, terminal);
}
