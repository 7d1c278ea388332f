import type { Program } from '../../program';
import { change } from './change';
import {
  forceUnlock,
  init,
  outputCommand,
  show,
  stateList,
  statePull,
  statePush,
  validateCommand,
  versionCommand,
} from './commands';
import { TerraformError } from './diagnostics';
import { Session } from './session';
import type { TerraformParts } from './session';
import { isKill, KILLED } from './walk';

const COMMANDS: Readonly<Record<string, (session: Session) => Promise<number>>> = {
  init,
  validate: validateCommand,
  plan: change,
  apply: change,
  destroy: change,
  output: outputCommand,
  'state list': stateList,
  'state pull': statePull,
  'state push': statePush,
  show,
  'force-unlock': forceUnlock,
  version: versionCommand,
};

/**
 * The stand-in for `terraform`: it reads the repository's own files and makes what stands in them in the simulated
 * account, with Terraform's event stream, state, lock and exit codes.
 *
 * When the call's signal aborts it stops as the real one does on SIGTERM: what waits for AWS is given up at once and
 * stays tainted in the state, calls that take seconds end, nothing new starts, the state is kept, the lock released.
 * An abort with the reason `SIGKILL` is `kill -9`: the lock and the resources stay, and of the state only the last
 * snapshot (Terraform keeps one every 20 s).
 */
export function terraformProgram(parts: TerraformParts): Program {
  return async (call) => {
    const session = new Session(parts, call);
    const run = COMMANDS[session.line.command];
    if (!run) {
      call.stderr(
        `Terraform has no command named "${session.line.command}".\n\nTo see all of Terraform's top-level commands, run:\n  terraform -help\n`,
      );
      return 1;
    }
    try {
      return await run(session);
    } catch (error) {
      if (error instanceof TerraformError) {
        for (const diagnostic of error.diagnostics) session.output.diagnostic(diagnostic);
        return 1;
      }
      // A wait that was cut short before anything began, such as for a provider or for the lock.
      if (call.signal.aborted) return isKill(call.signal) ? KILLED : 1;
      throw error;
    }
  };
}
