import { callTask, type ExecutionHost } from './call-task';
import { Retries, matches } from './error-handling';
import type { ExecutionHistory } from './execution-history';
import { instantOf } from './choice-rule';
import type { Expression } from './intrinsics';
import type { ChoiceState, Machine, PassState, State, TaskState, WaitState } from './machine';
import type { Path, Scope } from './path';
import { Payload } from './payload';
import { StatesError, runtimeError } from './states-error';
import { ExecutionStop } from './stop-signal';
import { uuidOf } from './uuid-of';

/** What the context object (`$$`) says of the execution and its machine. */
export interface ExecutionIdentity {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly machineArn: string;
  /** When it was started for the first time. @default now */
  readonly startDate?: string;
  /** How often it was redriven. @default 0 */
  readonly redrives?: number;
}

export type Outcome =
  | { readonly status: 'SUCCEEDED'; readonly output: string }
  | { readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; readonly error?: string; readonly cause?: string };

/**
 * Runs an execution to its end. The caller holds a `work()` of the clock for it; `stop` ends it from outside, with an
 * ExecutionStop as its reason. Never rejects: what goes wrong is an outcome.
 */
export function runExecution(
  machine: Machine,
  identity: ExecutionIdentity,
  input: Payload,
  history: ExecutionHistory,
  host: ExecutionHost,
  stop: AbortController,
): Promise<Outcome> {
  return new RunningExecution(machine, identity, input, history, host, stop).run();
}

/** Where a state leads: the next state with its input, or the end. */
type Move = { readonly output: Payload; readonly next: string | undefined } | { readonly failure: FailureText };
type FailureText = { readonly error?: string; readonly cause?: string };

/** A visit to a state: what it was given, what InputPath selects of that, and what its expressions see. */
interface Visit {
  readonly input: Payload;
  readonly data: unknown;
  readonly context: Context;
  readonly scope: Scope;
}

interface Context {
  readonly Execution: Readonly<Record<string, unknown>>;
  readonly StateMachine: Readonly<Record<string, unknown>>;
  readonly State: { readonly EnteredTime: string; readonly Name: string; RetryCount: number };
  Task?: { readonly Token: string };
}

class RunningExecution {
  private readonly execution: Readonly<Record<string, unknown>>;
  private readonly stateMachine: Readonly<Record<string, unknown>>;
  private uuids = 0;
  private readonly uuid = (): string => {
    this.uuids += 1;
    return uuidOf(`${this.identity.arn}/uuid/${this.uuids}`);
  };
  private entered = { at: Number.NaN, text: '' };

  constructor(
    private readonly machine: Machine,
    private readonly identity: ExecutionIdentity,
    private readonly input: Payload,
    private readonly history: ExecutionHistory,
    private readonly host: ExecutionHost,
    private readonly stop: AbortController,
  ) {
    this.execution = {
      Id: identity.arn,
      Input: input.value,
      Name: identity.name,
      RoleArn: identity.roleArn,
      StartTime: identity.startDate ?? host.clock.now().toISOString(),
      RedriveCount: identity.redrives ?? 0,
    };
    this.stateMachine = { Id: identity.machineArn, Name: machine.name };
  }

  async run(): Promise<Outcome> {
    const { clock } = this.host;
    const { timeoutSeconds } = this.machine;
    this.history.add('ExecutionStarted', { input: this.input.text, roleArn: this.identity.roleArn });
    const cancelTimeout =
      timeoutSeconds === undefined
        ? () => {}
        : clock.alarm(new Date(clock.now().getTime() + timeoutSeconds * 1000), () =>
            this.stop.abort(new ExecutionStop('TIMED_OUT')),
          );
    const outcome = await this.outcome();
    cancelTimeout();
    this.noteEnd(outcome);
    return outcome;
  }

  private async outcome(): Promise<Outcome> {
    try {
      return await this.walk();
    } catch (error) {
      // Whatever failed while it was being stopped failed because of that.
      const stopped: unknown = this.stop.signal.reason;
      if (stopped instanceof ExecutionStop) {
        return { status: stopped.status, ...failureText(stopped.error, stopped.cause) };
      }
      // Anything else is a mistake of the interpreter: it ends the execution with its stack, as States.Runtime.
      const failure = error instanceof StatesError ? error : runtimeError(String((error as Error).stack));
      return { status: 'FAILED', error: failure.name, cause: failure.message };
    }
  }

  private noteEnd(outcome: Outcome): void {
    if (outcome.status === 'SUCCEEDED') this.history.end('ExecutionSucceeded', { output: outcome.output });
    else {
      const type = { FAILED: 'ExecutionFailed', ABORTED: 'ExecutionAborted', TIMED_OUT: 'ExecutionTimedOut' };
      this.history.end(type[outcome.status], failureText(outcome.error, outcome.cause));
    }
  }

  private async walk(): Promise<Outcome> {
    let name: string | undefined = this.machine.startAt;
    let input = this.input;
    while (name !== undefined) {
      this.stop.signal.throwIfAborted();
      const state: State = this.machine.states.get(name)!;
      const moved: Move | Promise<Move> = this.visit(state, input);
      // Only states that take time are awaited; the others would pay for a turn of the microtask queue each.
      const move: Move = moved instanceof Promise ? await moved : moved;
      if ('failure' in move) return { status: 'FAILED', ...move.failure };
      input = move.output;
      name = move.next;
    }
    return { status: 'SUCCEEDED', output: input.text };
  }

  private visit(state: State, input: Payload): Move | Promise<Move> {
    this.history.transitions += 1;
    this.history.measure(input, state.name);
    const id = this.history.add(`${state.type}StateEntered`, { name: state.name, input: input.text }, state.name);
    try {
      const move = this.perform(state, input);
      return move instanceof Promise ? move.catch((error: unknown) => placed(error, state.name, id)) : move;
    } catch (error) {
      return placed(error, state.name, id);
    }
  }

  private perform(state: State, input: Payload): Move | Promise<Move> {
    const context = this.contextOf(state.name);
    const visit = this.visitOf(state, input, context);
    switch (state.type) {
      case 'Pass':
        return this.pass(state, visit);
      case 'Choice':
        return this.choose(state, visit);
      case 'Succeed':
        return this.leave(state, this.filtered(state.outputPath, visit.data, visit), undefined);
      case 'Fail':
        return {
          failure: failureText(textOf(state.error, visit.scope, 'Error'), textOf(state.cause, visit.scope, 'Cause')),
        };
      case 'Wait':
        return this.wait(state, visit);
      case 'Task':
        return this.task(state, visit);
    }
  }

  private pass(state: PassState, visit: Visit): Move {
    const result = state.result(visit.scope);
    const output = state.resultPath ? state.resultPath.put(visit.input.value, result) : visit.input.value;
    return this.leave(state, this.filtered(state.outputPath, output, visit), state.next);
  }

  private choose(state: ChoiceState, visit: Visit): Move {
    const next = state.rules.find(({ test }) => test(visit.scope))?.next ?? state.otherwise;
    if (next === undefined) {
      const cause = `Failed to transition out of the state '${state.name}'. No choice matched and there is no default.`;
      throw new StatesError('States.NoChoiceMatched', cause);
    }
    return this.leave(state, this.filtered(state.outputPath, visit.data, visit), next);
  }

  private async wait(state: WaitState, visit: Visit): Promise<Move> {
    const now = this.host.clock.now().getTime();
    await this.host.clock.sleep(millisecondsOf(state, state.until(visit.scope), now), this.stop.signal);
    return this.leave(state, this.filtered(state.outputPath, visit.data, visit), state.next);
  }

  private async task(state: TaskState, visit: Visit): Promise<Move> {
    const retries = new Retries(state.retriers);
    for (;;) {
      try {
        return this.leave(state, await this.try(state, visit), state.next);
      } catch (error) {
        if (!(error instanceof StatesError) || this.stop.signal.aborted) throw error;
        const delay = retries.delayAfter(error.name);
        if (delay === undefined) return this.caught(state, visit, error);
        await this.host.clock.sleep(delay, this.stop.signal);
        this.history.transitions += 1;
        visit.context.State.RetryCount = retries.count;
      }
    }
  }

  /** What a Catch passes on is not filtered by OutputPath. */
  private caught(state: TaskState, { input }: Visit, error: StatesError): Move {
    const catcher = state.catchers.find(({ errorEquals }) => matches(errorEquals, error.name));
    if (!catcher) throw error;
    const failure = { Error: error.name, Cause: error.message };
    const output = catcher.resultPath ? catcher.resultPath.put(input.value, failure) : input.value;
    return this.leave(state, input.with(output, state.name), catcher.next);
  }

  /** One try: gives the state's output. The history has grown since the try before, so each has a name of its own. */
  private async try(state: TaskState, visit: Visit): Promise<Payload> {
    const tryName = `${this.identity.arn}/${state.name}/${this.history.events.length}`;
    const token = state.resource.integration === 'invoke.waitForTaskToken' ? tokenOf(tryName) : '';
    if (token) visit.context.Task = { Token: token };
    const parameters = Payload.of(state.parameters(visit.scope), state.name);
    this.history.measure(parameters, state.name);
    const task = { state, scope: visit.scope, parameters, token, name: tryName, executionArn: this.identity.arn };
    const value = await callTask(task, this.host, this.history, this.stop.signal);
    const scope = { ...visit.scope, data: value };
    const result = state.resultSelector ? state.resultSelector(scope) : value;
    const output = state.resultPath ? state.resultPath.put(visit.input.value, result) : visit.input.value;
    return this.filtered(state.outputPath, output, visit);
  }

  private leave(state: State, output: Payload, next: string | undefined): Move {
    this.history.measure(output, state.name);
    this.history.add(`${state.type}StateExited`, { name: state.name, output: output.text }, state.name);
    return { output, next };
  }

  private contextOf(state: string): Context {
    return {
      Execution: this.execution,
      StateMachine: this.stateMachine,
      State: { EnteredTime: this.enteredTime(), Name: state, RetryCount: 0 },
    };
  }

  /** Many states are entered at the same instant, which is rendered once. */
  private enteredTime(): string {
    const now = this.host.clock.now();
    if (now.getTime() !== this.entered.at) this.entered = { at: now.getTime(), text: now.toISOString() };
    return this.entered.text;
  }

  private visitOf(state: State, input: Payload, context: Context): Visit {
    const scope = (data: unknown): Scope => ({ data, context, uuid: this.uuid });
    const inputPath = state.type === 'Fail' ? undefined : state.inputPath;
    const data = inputPath === undefined ? input.value : read(inputPath, scope(input.value), 'InputPath');
    return { input, data, context, scope: scope(data) };
  }

  private filtered(path: Path | null, value: unknown, { input, scope, context }: Visit): Payload {
    return input.with(read(path, { ...scope, data: value }, 'OutputPath'), context.State.Name);
  }
}

function tokenOf(tryName: string): string {
  return Buffer.from(uuidOf(tryName)).toString('base64');
}

/** Rethrows; a runtime error names the state and the event that entered it, as Step Functions words it. */
function placed(error: unknown, state: string, eventId: number): never {
  if (!(error instanceof StatesError) || error.name !== 'States.Runtime') throw error;
  throw runtimeError(
    `An error occurred while executing the state '${state}' (entered at the event id #${eventId}). ${error.message}`,
  );
}

function failureText(error: string | undefined, cause: string | undefined): FailureText {
  return { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}

function read(path: Path | null, scope: Scope, field: string): unknown {
  if (path === null) return {};
  const value = path.read(scope);
  if (value === undefined) throw runtimeError(`Invalid path '${path.text}': ${field} finds nothing there.`);
  return value;
}

function textOf(expression: Expression | undefined, scope: Scope, field: string): string | undefined {
  if (!expression) return undefined;
  const value = expression(scope);
  if (typeof value !== 'string') throw runtimeError(`${field}Path must give a string, not ${JSON.stringify(value)}`);
  return value;
}

function millisecondsOf({ unit }: WaitState, value: unknown, now: number): number {
  if (unit === 'seconds') {
    if (typeof value === 'number' && value >= 0) return value * 1000;
    throw runtimeError(`SecondsPath must give a number of at least 0, not ${JSON.stringify(value)}`);
  }
  const instant = instantOf(value);
  if (instant === undefined) throw runtimeError(`${JSON.stringify(value)} is not an RFC 3339 timestamp`);
  return instant - now;
}
