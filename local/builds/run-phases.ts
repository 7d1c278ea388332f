import type { BuildOrder } from './build-runner';
import { PHASES } from './buildspec';
import type { Buildspec, PhaseName } from './buildspec';

type Phase = NonNullable<Buildspec['phases'][PhaseName]>;

/**
 * Runs the phases of a buildspec in CodeBuild's order: a failed command ends its phase, but not its `finally` commands;
 * `post_build` also runs after a failed `build`; any other failure ends the build unless the phase says
 * `on-failure: CONTINUE`. A build that went on in this way has failed all the same here: what AWS makes of it is not
 * documented, and nothing may turn a failure green.
 * @param execute runs one command and gives its exit status; `succeeding` is what CODEBUILD_BUILD_SUCCEEDING says.
 * @returns whether every phase succeeded.
 */
export async function runPhases(
  order: BuildOrder,
  execute: (command: string, succeeding: boolean) => Promise<number>,
): Promise<boolean> {
  let succeeding = true;
  for (const name of PHASES) {
    if (order.signal.aborted) break;
    const phase = order.buildspec.phases[name] ?? { commands: [] };
    order.phaseStarted(name);
    const failure = await runCommands(phase, order, (command) => execute(command, succeeding));
    // A phase that was under way when the build was stopped is closed by whoever stopped it.
    if (order.signal.aborted) break;
    order.phaseEnded(name, failure);
    if (failure === undefined) continue;
    succeeding = false;
    if (!goesOn(name, phase)) break;
  }
  return succeeding;
}

function goesOn(name: PhaseName, phase: Phase): boolean {
  const onFailure = phase['on-failure'];
  return onFailure === undefined ? name === 'build' : onFailure === 'CONTINUE';
}

/** @returns CodeBuild's words for the first command that failed. */
async function runCommands(
  phase: Phase,
  order: BuildOrder,
  execute: (command: string) => Promise<number>,
): Promise<string | undefined> {
  const run = async (command: string): Promise<string | undefined> => {
    order.log(`Running command ${command}`);
    const status = await execute(command);
    return status === 0 ? undefined : `Error while executing command: ${command}. Reason: exit status ${status}`;
  };
  let failure: string | undefined;
  for (const command of phase.commands) {
    if (failure !== undefined || order.signal.aborted) break;
    failure = await run(command);
  }
  for (const command of phase.finally ?? []) {
    if (order.signal.aborted) break;
    failure = (await run(command)) ?? failure;
  }
  return failure;
}
