import type { Clock } from '../../domain/clock';
import type { TaskAttempt } from '../states/call-task';
import { StatesError } from '../states/states-error';
import type { FaultKind } from './faults';

/** How long something that hangs would hang: longer than every timeout. */
const FOR_EVER_MS = 30 * 24 * 3_600_000;

/** The services behind the integrations, as Step Functions names their errors. */
const SERVICE: Readonly<Record<string, string>> = {
  function: 'Lambda',
  invoke: 'Lambda',
  'invoke.waitForTaskToken': 'Lambda',
  'startBuild.sync': 'CodeBuild',
  'startExecution.sync:2': 'StepFunctions',
};

const THROTTLED: Readonly<Record<string, string>> = {
  Lambda: 'Lambda.TooManyRequestsException',
  CodeBuild: 'CodeBuild.AccountLimitExceededException',
  StepFunctions: 'StepFunctions.ExecutionLimitExceededException',
};

/** Carries out a try of a task with a fault of the Lambda, build or nested execution as a whole. */
export async function taskFault(
  kind: FaultKind,
  attempt: TaskAttempt,
  run: () => Promise<unknown>,
  clock: Clock,
): Promise<unknown> {
  const service = SERVICE[attempt.resource.integration] ?? '';
  switch (kind) {
    case 'api-error':
      throw new StatesError(`${service}.AccessDeniedException`, 'User is not authorized to perform this action');
    case 'throttling':
      throw new StatesError(THROTTLED[service] ?? '', 'Rate exceeded');
    case 'lost-answer':
      await run();
      throw new StatesError(`${service}.SdkClientException`, 'Unable to execute HTTP request: Read timed out');
    case 'hang':
      await hang(clock, attempt.signal);
      throw attempt.signal.reason;
    default:
      return run();
  }
}

/** Does nothing until it is told to stop. */
export async function hang(clock: Clock, signal: AbortSignal): Promise<void> {
  await clock.sleep(FOR_EVER_MS, signal).catch(() => {});
}
