import type { DrillClock } from '../clock';
import type { ExecutionHistory } from './execution-history';
import type { Expression } from './intrinsics';
import { withinLimits } from './limits';
import type { TaskState } from './machine';
import type { Scope } from './path';
import { Payload } from './payload';
import { StatesError, runtimeError } from './states-error';
import type { TaskResource } from './task-resource';

/** One try of a Task state, for whoever carries it out. */
export interface TaskAttempt {
  /** Unique to this try, and the same in every run of the same drill. */
  readonly name: string;
  /** The state that is tried, and the ARN of its execution. */
  readonly state: string;
  readonly executionArn: string;
  readonly resource: TaskResource;
  readonly parameters: unknown;
  /** The callback token (`$$.Task.Token`); empty unless the resource waits for one. */
  readonly token: string;
  /** Aborts when the try times out or the execution is stopped: its result is not waited for any more. */
  readonly signal: AbortSignal;
  /** Notes that a task which is waited for has been handed over (`TaskSubmitted`), with the service's first answer. */
  readonly submitted: (output: unknown) => void;
  /** Notes a sign of life, for HeartbeatSeconds. */
  readonly beat: () => void;
}

export interface ExecutionHost {
  readonly clock: DrillClock;
  readonly region: string;
  /** Resolves with the task's result as JSON, or rejects with a StatesError. */
  readonly runTask: (attempt: TaskAttempt) => Promise<unknown>;
}

export interface TaskCall {
  readonly state: TaskState;
  readonly scope: Scope;
  readonly parameters: Payload;
  readonly token: string;
  readonly name: string;
  readonly executionArn: string;
}

/**
 * Has one try of a task carried out, within its limits and with its events. Rejects with a StatesError, or with the
 * reason of `stop`.
 */
export async function callTask(
  { state, scope, parameters, token, name, executionArn }: TaskCall,
  { clock, region, runTask }: ExecutionHost,
  history: ExecutionHistory,
  stop: AbortSignal,
): Promise<unknown> {
  const { resource, resourceType, functionArn } = state.resource;
  const events = functionArn === undefined ? TASK_EVENTS : FUNCTION_EVENTS;
  const names = functionArn === undefined ? { resource, resourceType } : { resource: functionArn };
  const limits = {
    timeoutSeconds: secondsOf(state.timeoutSeconds, scope, 'TimeoutSecondsPath'),
    heartbeatSeconds: secondsOf(state.heartbeatSeconds, scope, 'HeartbeatSecondsPath'),
  };
  history.add(events.scheduled, { ...names, region, parameters: parameters.text }, state.name);
  history.add(events.started, names, state.name);
  try {
    const value = await withinLimits(clock, stop, limits, (limited) =>
      runTask({
        name,
        state: state.name,
        executionArn,
        resource: state.resource,
        parameters: parameters.value,
        token,
        get signal() {
          return limited.signal;
        },
        submitted: (output) => {
          if (limited.signal.aborted) return;
          history.add('TaskSubmitted', { ...names, output: JSON.stringify(output) }, state.name);
        },
        beat: () => limited.beat(),
      }),
    );
    const result = Payload.of(value, state.name);
    history.measure(result, state.name);
    history.add(events.succeeded, { ...names, output: result.text }, state.name);
    return value;
  } catch (error) {
    if (!(error instanceof StatesError)) throw error;
    const timedOut = error.name === 'States.Timeout' || error.name === 'States.HeartbeatTimeout';
    const detail = { ...names, error: error.name, cause: error.message };
    history.add(timedOut ? events.timedOut : events.failed, detail, state.name);
    throw error;
  }
}

const TASK_EVENTS = {
  scheduled: 'TaskScheduled',
  started: 'TaskStarted',
  succeeded: 'TaskSucceeded',
  failed: 'TaskFailed',
  timedOut: 'TaskTimedOut',
};

const FUNCTION_EVENTS = {
  scheduled: 'LambdaFunctionScheduled',
  started: 'LambdaFunctionStarted',
  succeeded: 'LambdaFunctionSucceeded',
  failed: 'LambdaFunctionFailed',
  timedOut: 'LambdaFunctionTimedOut',
};

function secondsOf(expression: Expression | undefined, scope: Scope, field: string): number | undefined {
  if (!expression) return undefined;
  const value = expression(scope);
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw runtimeError(`${field} must give a whole number above 0, not ${JSON.stringify(value)}`);
}
