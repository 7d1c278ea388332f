import { confirmStep } from '../../adapters/confirm-step';
import { UserError } from '../../domain/errors';
import { connected, drillOf, readConfig, refuseLocal, targetOf, type CommandContext } from '../command-context';

/** `drill confirm DRILL STEP`: says that a declared manual step is done, so that the waiting drill goes on. */
export async function confirmCommand(
  context: CommandContext,
  drillId: string,
  name: string,
  { by, target: targetName }: { by: string; target?: string },
): Promise<void> {
  refuseLocal(context.options, 'confirm');
  const target = targetOf(readConfig(context.options.config), targetName);
  await connected(context, target, async (connection) => {
    const { manualSteps } = await drillOf(connection, target, drillId);
    const step = manualSteps.find((candidate) => candidate.name === name);
    if (!step)
      throw new UserError(
        `Drill ${drillId} has no manual step "${name}"; it has ${manualSteps.map((candidate) => candidate.name).join(', ') || 'none'}.`,
      );
    await confirmStep(connection, drillId, step, by);
    context.terminal.out(`Confirmed ${name} as ${by}; the drill goes on.\n`);
  });
}
