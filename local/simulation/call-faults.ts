import type { Clock } from '../../domain/clock';
import { KubernetesUnavailableError } from '../../domain/ports/kubernetes';
import type { FaultKind } from './faults';
import type { Process } from './process';
import type { PortName } from './wrapped-host';

export interface FaultyCall {
  readonly port: PortName;
  readonly method: string;
  readonly call: () => Promise<unknown>;
  readonly process: Process;
  readonly clock: Clock;
}

/** As long as a client of the SDK waits for an answer here. */
const TIMEOUT_MS = 30_000;

/** Does a call of a port with a fault. */
export async function callFault(kind: FaultKind, { port, method, call, process, clock }: FaultyCall): Promise<unknown> {
  switch (kind) {
    case 'api-error':
      return refusal(
        port,
        named('AccessDeniedException', `not authorized to perform ${port}:${method}`),
        'unauthorized',
      );
    case 'throttling':
      return refusal(port, named('ThrottlingException', 'Rate exceeded'), 'throttled');
    case 'timeout':
      await clock.sleep(TIMEOUT_MS);
      return refusal(port, named('TimeoutError', 'the request timed out'), 'unreachable');
    case 'crash':
      await call();
      process.kill(named('Lambda.Unknown', 'Runtime exited with error: signal: killed'));
      return new Promise(() => {});
    case 'killed':
      process.kill(named('Lambda.Unknown', 'the process was killed (signal 9)'));
      return new Promise(() => {});
    default:
      return process.whileAlive(call());
  }
}

/** What each port makes of an error of its service. */
function refusal(port: PortName, error: Error, kind: KubernetesUnavailableError['kind']): unknown {
  if (port === 'kubernetes') throw new KubernetesUnavailableError(kind, error.message);
  // A program says on its standard error what it could not do.
  if (port === 'commands') return { exitCode: 128, stdout: '', stderr: `fatal: ${error.message}\n` };
  throw error;
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
