import type { DrillClock } from '../clock';
import { AwsError, jsonService, type Service } from '../service';
import type { TaskAttempt } from '../states/call-task';
import { ExecutionHistory } from '../states/execution-history';
import { loadMachine } from '../states/load-machine';
import type { Machine } from '../states/machine';
import { Payload } from '../states/payload';
import { runExecution } from '../states/run-execution';
import { ExecutionStop } from '../states/stop-signal';
import { uuidOf } from '../states/uuid-of';
import type { WorldState } from '../world/world-state';
import { checkExecutionName } from './execution-name';
import type { ExecutionRecord, StateMachine } from './execution-record';
import { statusChange, type StatusChange } from './execution-status-change';
import { stepFunctionsOperations } from './step-functions-operations';
import { TaskRunner, type StepFunctionsTasks } from './step-functions-tasks';

export interface StepFunctionsOptions {
  readonly clock: DrillClock;
  readonly state: WorldState;
  readonly region: string;
  readonly account: string;
  /** State machines by name, each with its definition as parsed JSON (all references resolved to ARNs). */
  readonly machines: readonly { readonly name: string; readonly definition: unknown }[];
  readonly tasks: StepFunctionsTasks;
  /** Told of every status change, as EventBridge would be. Called while the execution still holds the clock. */
  readonly onStatusChange?: (event: StatusChange) => void;
  /** Stands between every try of a task and what carries it out (fault simulation). */
  readonly aroundTask?: (attempt: TaskAttempt, run: () => Promise<unknown>) => Promise<unknown>;
}

export interface StepFunctionsStatistics {
  readonly executions: number;
  readonly stateTransitions: number;
  readonly lambdaInvocations: number;
  readonly builds: number;
  /** Of the execution with the longest history (quota: 25,000). */
  readonly mostHistoryEvents: { readonly machine: string; readonly events: number };
  /** Limit: 256 KiB. */
  readonly largestPayload: { readonly machine: string; readonly state: string; readonly bytes: number };
}

interface Running {
  readonly stop: AbortController;
  readonly done: Promise<ExecutionRecord>;
}

interface Executions {
  /** How many were ever started; names without a name follow from it. */
  started: number;
  readonly byArn: Record<string, ExecutionRecord>;
}

/** A closed execution's name can be used again after 90 days. */
const NAME_KEPT_MS = 90 * 24 * 3600 * 1000;

/** Step Functions of the local drill: runs the synthesised machines on the drill's clock. */
export class StepFunctions {
  readonly service: Service;
  readonly tokens: TaskRunner['tokens'];
  private readonly machines: ReadonlyMap<string, StateMachine>;
  private readonly kept: Executions;
  private readonly leftRunning: readonly ExecutionRecord[];
  private readonly running = new Map<string, Running>();
  private readonly histories = new Map<string, ExecutionHistory>();
  private readonly tasks: TaskRunner;

  /** @throws DefinitionError when a machine says something that the interpreter does not know. */
  constructor(private readonly options: StepFunctionsOptions) {
    this.machines = new Map(options.machines.map(({ name, definition }) => this.load(name, definition)));
    this.kept = options.state.section('executions', () => ({ started: 0, byArn: {} }));
    this.leftRunning = Object.values(this.kept.byArn).filter(({ status }) => status === 'RUNNING');
    this.tasks = new TaskRunner(options.clock, options.tasks, this);
    this.tokens = this.tasks.tokens;
    this.service = jsonService('Step Functions', stepFunctionsOperations(this, options.clock));
  }

  /**
   * Starts an execution and returns its ARN, before its first state is entered. With the name and input of one that is
   * running, it is that one.
   * @param machine name or ARN of a state machine.
   * @param input a JSON value.
   * @throws AwsError as StartExecution does.
   */
  start(machine: string, input: unknown, name?: string): string {
    const { arn: machineArn, roleArn, machine: definition } = this.machine(machine);
    const payload = checkedInput(input);
    if (name !== undefined) checkExecutionName(name);
    const executionName =
      name ?? uuidOf(`${machineArn}/${this.kept.started}/${this.options.clock.now().toISOString()}`);
    const arn = `${machineArn.replace(':stateMachine:', ':execution:')}:${executionName}`;
    const same = this.kept.byArn[arn];
    if (same?.status === 'RUNNING' && same.input === payload.text) return arn;
    if (same && !this.isForgotten(same)) {
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const startDate = this.options.clock.now().toISOString();
    const record: ExecutionRecord = {
      arn,
      machineArn,
      name: executionName,
      status: 'RUNNING',
      input: payload.text,
      startDate,
    };
    this.kept.started += 1;
    this.histories.delete(arn);
    // Set anew, so that the order of the records stays the order in which they started.
    delete this.kept.byArn[arn];
    this.kept.byArn[arn] = record;
    this.options.state.changed();
    const stop = new AbortController();
    this.running.set(arn, { stop, done: this.run(definition, record, roleArn, payload, stop) });
    this.announce(record);
    return arn;
  }

  /**
   * Aborts an execution; nothing happens when it has ended.
   * @throws AwsError ExecutionDoesNotExist
   */
  stop(arn: string, error?: string, cause?: string): void {
    const record = this.execution(arn);
    if (record.status !== 'RUNNING') return;
    const running = this.running.get(arn);
    if (running) running.stop.abort(new ExecutionStop('ABORTED', error, cause));
    else this.close(record, { status: 'ABORTED', ...(error && { error }), ...(cause && { cause }) });
  }

  /**
   * Runs an execution that ended without success once more, from the state in which it ended; a nested execution that
   * this state waited for is started anew.
   * @throws AwsError as RedriveExecution does.
   */
  redrive(arn: string): void {
    const record = this.execution(arn);
    const entered = this.histories.get(arn)?.events.findLast(({ type }) => type.endsWith('StateEntered'));
    if (record.status === 'RUNNING' || record.status === 'SUCCEEDED' || entered?.state === undefined) {
      throw new AwsError('ExecutionNotRedrivable', `Execution ${arn} is ${record.status} and cannot be redriven`);
    }
    const { machine, roleArn } = this.machine(record.machineArn);
    const { stopDate: _stopDate, error: _error, cause: _cause, ...kept } = record;
    const again: ExecutionRecord = { ...kept, status: 'RUNNING', redrives: (record.redrives ?? 0) + 1 };
    this.kept.byArn[arn] = again;
    const stop = new AbortController();
    const input = Payload.of(JSON.parse(String(entered.detail['input'])), entered.state);
    const from = { ...machine, startAt: entered.state };
    this.running.set(arn, { stop, done: this.run(from, again, roleArn, input, stop) });
    this.announce(again);
  }

  /**
   * Resolves with the record when the execution has ended.
   * @throws AwsError ExecutionDoesNotExist, also when it was left running by a process that died.
   */
  async done(arn: string): Promise<ExecutionRecord> {
    const record = this.execution(arn);
    if (record.status !== 'RUNNING') return record;
    const running = this.running.get(arn);
    if (running) return running.done;
    throw new AwsError('ExecutionDoesNotExist', `Execution ${arn} was interrupted; nothing runs it any more`);
  }

  /** Executions that were running when the process before this one died. */
  interrupted(): readonly ExecutionRecord[] {
    return this.leftRunning.filter(({ status }) => status === 'RUNNING');
  }

  /** Ends the interrupted executions as aborted, with their events. */
  abortInterrupted(): void {
    for (const record of this.interrupted()) {
      this.close(record, { status: 'ABORTED', cause: 'The process that ran this execution ended before it did.' });
    }
  }

  /**
   * Tells once more that an execution has ended: whoever was to act on it may have died first. One that nobody remembers
   * died before it was written down.
   */
  tellOfEndAgain(arn: string): void {
    const [machineArn, name] = [
      arn.replace(':execution:', ':stateMachine:').replace(/:[^:]+$/, ''),
      arn.split(':').at(-1)!,
    ];
    const now = this.options.clock.now().toISOString();
    const unknown = { arn, machineArn, name, status: 'ABORTED', input: '{}', startDate: now, stopDate: now } as const;
    const record = this.kept.byArn[arn] ?? unknown;
    if (record.status !== 'RUNNING') this.announce(record);
  }

  statistics(): StepFunctionsStatistics {
    const histories = [...this.histories].map(([arn, history]) => ({ machine: machineNameOf(arn), history }));
    const longest = histories.toSorted((a, b) => b.history.events.length - a.history.events.length)[0];
    const largest = histories.toSorted((a, b) => b.history.largestPayloadBytes - a.history.largestPayloadBytes)[0];
    return {
      executions: histories.length,
      stateTransitions: histories.reduce((sum, { history }) => sum + history.transitions, 0),
      lambdaInvocations: this.tasks.lambdaInvocations,
      builds: this.tasks.builds,
      mostHistoryEvents: { machine: longest?.machine ?? '', events: longest?.history.events.length ?? 0 },
      largestPayload: {
        machine: largest?.machine ?? '',
        state: largest?.history.largestPayloadState ?? '',
        bytes: largest?.history.largestPayloadBytes ?? 0,
      },
    };
  }

  stateMachines(): readonly StateMachine[] {
    return [...this.machines.values()];
  }

  /** @throws AwsError StateMachineDoesNotExist */
  machine(nameOrArn: string): StateMachine {
    const machine = this.machines.get(nameOrArn) ?? this.machines.get(this.machineArn(nameOrArn));
    if (machine) return machine;
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${nameOrArn}'`);
  }

  /** @throws AwsError ExecutionDoesNotExist */
  execution(arn: string): ExecutionRecord {
    const record = this.kept.byArn[arn];
    if (record) return record;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }

  /** Executions of a machine, newest first. */
  executionsOf(machineArn: string): readonly ExecutionRecord[] {
    return Object.values(this.kept.byArn)
      .filter((record) => record.machineArn === machineArn)
      .reverse();
  }

  /** Its history, as long as this process has run it. */
  historyOf(arn: string): ExecutionHistory | undefined {
    return this.histories.get(arn);
  }

  private async run(
    machine: Machine,
    record: ExecutionRecord,
    roleArn: string,
    input: Payload,
    stop: AbortController,
  ): Promise<ExecutionRecord> {
    const { clock, region } = this.options;
    const ended = clock.work();
    const history = this.histories.get(record.arn) ?? new ExecutionHistory(() => clock.now());
    this.histories.set(record.arn, history);
    try {
      // Whoever starts an execution has its ARN before anything of it happens.
      await Promise.resolve();
      const host = { clock, region, runTask: (attempt: TaskAttempt) => this.runTask(attempt) };
      this.close(record, await runExecution(machine, { ...record, roleArn }, input, history, host, stop));
    } finally {
      ended();
    }
    return record;
  }

  private runTask(attempt: TaskAttempt): Promise<unknown> {
    const run = (): Promise<unknown> => this.tasks.run(attempt);
    return this.options.aroundTask ? this.options.aroundTask(attempt, run) : run();
  }

  private close(record: ExecutionRecord, end: Partial<ExecutionRecord>): void {
    Object.assign(record, end, { stopDate: this.options.clock.now().toISOString() });
    this.running.delete(record.arn);
    this.options.state.changed();
    this.announce(record);
  }

  private announce(record: ExecutionRecord): void {
    const { region, account, clock } = this.options;
    this.options.onStatusChange?.(statusChange(record, region, account, clock.now()));
  }

  private isForgotten({ stopDate }: ExecutionRecord): boolean {
    return stopDate !== undefined && this.options.clock.now().getTime() - Date.parse(stopDate) >= NAME_KEPT_MS;
  }

  private load(name: string, definition: unknown): [string, StateMachine] {
    const arn = this.machineArn(name);
    const roleArn = `arn:aws:iam::${this.options.account}:role/${name}`;
    return [arn, { arn, roleArn, definition, machine: compiled(name, definition) }];
  }

  private machineArn(name: string): string {
    return `arn:aws:states:${this.options.region}:${this.options.account}:stateMachine:${name}`;
  }
}

/** Definitions that were compiled, by identity: a simulation runs the same ones in thousands of accounts. */
const machines = new WeakMap<object, Machine>();

function compiled(name: string, definition: unknown): Machine {
  if (typeof definition !== 'object' || definition === null) return loadMachine(name, definition);
  let machine = machines.get(definition);
  if (!machine) machines.set(definition, (machine = loadMachine(name, definition)));
  return machine;
}

function checkedInput(input: unknown): Payload {
  try {
    return Payload.of(input, 'input');
  } catch {
    throw new AwsError('ValidationException', 'the input is longer than 262144 bytes');
  }
}

function machineNameOf(executionArn: string): string {
  return executionArn.split(':')[6] ?? '';
}
