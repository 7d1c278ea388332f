import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../adapters/host';
import type { BuildStep } from '../../buildspecs/build-step';
import type { Clock } from '../../domain/clock';
import { messageOf } from '../../domain/errors';
import type { CommandRunner } from '../../domain/ports/command-runner';
import type { Program } from '../program';
import type { BuildOrder, BuildRunner } from './build-runner';
import { programCommands } from './program-commands';
import { runPhases } from './run-phases';

export interface InProcessRunnerOptions {
  readonly clock: Clock;
  /** The step of each project, by the project's name. */
  readonly steps: Readonly<Record<string, BuildStep>>;
  readonly programs: Readonly<Record<string, Program>>;
  /** Runs what is no stand-in program: git. */
  readonly commands: CommandRunner;
  /** Further parts of the steps' host, such as a history in memory. */
  readonly host?: Partial<Host>;
}

/** The command by which a buildspec runs its step. */
const STEP_COMMAND = 'node step.cjs';

/**
 * Runs builds without processes, for tests and simulation: the command that starts the step runs it in here, every other
 * command of the buildspec (installing tools) succeeds at once.
 */
export function inProcessRunner(options: InProcessRunnerOptions): BuildRunner {
  return async (order) => {
    const step = options.steps[order.project];
    if (!step) throw new Error(`project ${order.project} has no step here`);
    const directory = mkdtempSync(join(tmpdir(), 'cluster-drill-build-'));
    try {
      const succeeded = await runPhases(order, (command) =>
        command === STEP_COMMAND ? runStep(step, order, directory, options) : Promise.resolve(0),
      );
      return { succeeded, exported: exportedOf(order) };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  };
}

async function runStep(
  step: BuildStep,
  order: BuildOrder,
  directory: string,
  { clock, programs, commands, host }: InProcessRunnerOptions,
): Promise<number> {
  try {
    await step.run(order.environment, {
      ...host,
      directory,
      clock,
      signal: order.signal,
      log: order.log,
      commands: programCommands(programs, commands, order.environment),
    });
    return 0;
  } catch (error) {
    order.log(messageOf(error));
    return 1;
  }
}

/** A step is a child process of the shell, so what is exported is what the shell was given. */
function exportedOf(order: BuildOrder): Record<string, string> {
  const names = order.signal.aborted ? [] : (order.buildspec.env?.['exported-variables'] ?? []);
  return Object.fromEntries(names.map((name) => [name, order.environment[name] ?? '']));
}
