import type { DrillClock } from '../clock';
import { AwsError } from '../service';
import { isObject } from '../states/payload';
import type { TaskAttempt } from '../states/call-task';
import { StatesError } from '../states/states-error';
import { TaskTokens } from '../states/task-tokens';
import { uuidOf } from '../states/uuid-of';
import type { ExecutionRecord } from './execution-record';

/**
 * What the Task states call. Each call is a worker of the clock of its own (its `sleep` pauses it, and while it waits
 * for something that works on its own it must `idle`): it must not hold a second `work()` for the same work.
 */
export interface StepFunctionsTasks {
  /** Runs a Lambda; what it throws becomes `Error` (its name) and `Cause` as Lambda reports it. */
  lambda(functionArn: string, payload: unknown, attempt: TaskAttempt): Promise<unknown>;
  /**
   * Runs a CodeBuild build to its end and resolves with the Build (as the API returns it, in PascalCase as the
   * integration does), whether it succeeded or not. The signal tells it to stop the build.
   */
  startBuild(parameters: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<unknown>;
}

/** What a nested execution needs of Step Functions. */
export interface NestedExecutions {
  start(machine: string, input: unknown, name?: string): string;
  stop(arn: string): void;
  done(arn: string): Promise<ExecutionRecord>;
}

/** Carries out the tasks of all executions: one method per integration, with the results and errors that it has on AWS. */
export class TaskRunner {
  readonly tokens = new TaskTokens();
  lambdaInvocations = 0;
  builds = 0;

  constructor(
    private readonly clock: DrillClock,
    private readonly tasks: StepFunctionsTasks,
    private readonly executions: NestedExecutions,
  ) {}

  run(attempt: TaskAttempt): Promise<unknown> {
    const { integration, functionArn } = attempt.resource;
    switch (integration) {
      case 'function':
        return this.invoke(functionArn ?? '', attempt.parameters, attempt);
      case 'invoke':
        return this.invokeWithMetadata(attempt);
      case 'invoke.waitForTaskToken':
        return this.invokeAndWait(attempt);
      case 'startBuild.sync':
        return this.build(attempt);
      case 'startExecution.sync:2':
        return this.nest(attempt);
    }
  }

  /** A Lambda reads and returns JSON, and runs to its end even when nobody waits for it any more. */
  private async invoke(functionArn: string, payload: unknown, attempt: TaskAttempt): Promise<unknown> {
    const ended = this.clock.work();
    this.lambdaInvocations += 1;
    try {
      const result = await this.tasks.lambda(functionArn, asJson(payload), attempt);
      return asJson(result);
    } catch (error) {
      throw lambdaError(error);
    } finally {
      ended();
    }
  }

  private async invokeWithMetadata(attempt: TaskAttempt): Promise<unknown> {
    const { parameters, name } = attempt;
    const { FunctionName: functionArn, Payload: payload } = parameters as Readonly<Record<string, unknown>>;
    return {
      ExecutedVersion: '$LATEST',
      Payload: await this.invoke(String(functionArn), payload ?? {}, attempt),
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: uuidOf(name) },
      StatusCode: 200,
    };
  }

  private async invokeAndWait(attempt: TaskAttempt): Promise<unknown> {
    const answer = this.tokens.wait(attempt);
    try {
      attempt.submitted(await this.invokeWithMetadata(attempt));
    } catch (error) {
      this.tokens.forget(attempt.token);
      throw error;
    }
    return answer;
  }

  private async build({ parameters, signal, submitted }: TaskAttempt): Promise<unknown> {
    const ended = this.clock.work();
    this.builds += 1;
    try {
      const running = this.tasks.startBuild(parameters as Readonly<Record<string, unknown>>, signal);
      submitted({});
      const result = { Build: asJson(await running) };
      const status = isObject(result.Build) ? result.Build['BuildStatus'] : undefined;
      if (status !== 'SUCCEEDED') throw new StatesError('States.TaskFailed', JSON.stringify(result));
      return result;
    } catch (error) {
      throw serviceError('CodeBuild', error);
    } finally {
      ended();
    }
  }

  private async nest({ parameters, signal, submitted }: TaskAttempt): Promise<unknown> {
    const { StateMachineArn: machine, Input: input, Name: name } = parameters as Readonly<Record<string, unknown>>;
    const arn = this.startNested(String(machine), input ?? {}, name);
    submitted({ ExecutionArn: arn, StartDate: this.clock.now().getTime() });
    const stop = (): void => this.executions.stop(arn);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const answer = describeNested(await this.executions.done(arn));
    signal.removeEventListener('abort', stop);
    if (answer.Status !== 'SUCCEEDED') throw new StatesError('States.TaskFailed', JSON.stringify(answer));
    return answer;
  }

  private startNested(machine: string, input: unknown, name: unknown): string {
    try {
      const value: unknown = typeof input === 'string' ? JSON.parse(input) : input;
      return this.executions.start(machine, value, typeof name === 'string' ? name : undefined);
    } catch (error) {
      throw serviceError('StepFunctions', error);
    }
  }
}

/** The DescribeExecution answer as `startExecution.sync:2` gives it: input and output parsed, instants in milliseconds. */
function describeNested(record: ExecutionRecord): Readonly<Record<string, unknown>> {
  return {
    ...(record.cause === undefined ? {} : { Cause: record.cause }),
    ...(record.error === undefined ? {} : { Error: record.error }),
    ExecutionArn: record.arn,
    Input: JSON.parse(record.input),
    InputDetails: { Included: true },
    Name: record.name,
    ...(record.output === undefined ? {} : { Output: JSON.parse(record.output), OutputDetails: { Included: true } }),
    RedriveCount: 0,
    StartDate: Date.parse(record.startDate),
    StateMachineArn: record.machineArn,
    Status: record.status,
    ...(record.stopDate === undefined ? {} : { StopDate: Date.parse(record.stopDate) }),
  };
}

/** What was thrown by a Lambda, as Lambda reports it to Step Functions. */
function lambdaError(error: unknown): StatesError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const cause = { errorType: name, errorMessage: message, trace: (stack ?? '').split('\n') };
  return new StatesError(name, JSON.stringify(cause));
}

/** An error of the service that an integration calls, such as `StepFunctions.ExecutionAlreadyExistsException`. */
function serviceError(service: string, error: unknown): StatesError {
  if (error instanceof StatesError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof AwsError ? error.code : name;
  return new StatesError(`${service}.${code.endsWith('Exception') ? code : `${code}Exception`}`, message);
}

/** A copy, so that nothing that is passed between a state and its task is shared; no value becomes null. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
