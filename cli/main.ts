import { CommanderError } from 'commander';
import { UserError, messageOf } from '../domain/errors';
import { createProgram } from './program';
import { processTerminal } from './terminal';

/** Runs the command line and sets the exit code: the command's own, 2 for a mistake of its user. */
export async function main(argv: readonly string[]): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const terminal = processTerminal();
  try {
    await createProgram(terminal, (code) => (process.exitCode = code)).parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    terminal.err(
      `${terminal.colours.red('error:')} ${error instanceof UserError ? error.message : ((error as Error).stack ?? messageOf(error))}\n`,
    );
    process.exitCode = error instanceof UserError ? 2 : 1;
  }
}
