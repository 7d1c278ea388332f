import type { Host } from '../../adapters/host';
import type { BuildOrder } from '../builds/build-runner';
import type { DrillClock } from '../clock';
import type { StatusChange } from '../services/execution-status-change';
import type { TaskAttempt } from '../states/call-task';
import { callFault } from './call-faults';
import { MACHINE_OF_BUILD } from './direct-builds';
import { drillExecutionOf } from './drill-execution';
import { faultInWords, type FaultKind, type Place, type Plan, type PlannedFault } from './faults';
import { machineOf } from './places';
import type { Caller, CloudHooks, SimulatedCloud } from './simulated-cloud';
import { hang, taskFault } from './task-faults';
import type { TerraformFaults } from './terraform';
import { terraformPlan } from './terraform-plan';
import type { Trace } from './trace';
import { wrappedHost } from './wrapped-host';

const MINUTE_MS = 60_000;
/** How long an API server or a table is away. */
const OUTAGE_MS = 4 * MINUTE_MS;
/** A person takes this long to do a manual step. */
const PERSON_MS = 4 * MINUTE_MS;
const SKEW_MS = 120 * MINUTE_MS;
const SLOW_MS = 10_000;
/** An execution is redriven this long after it was aborted: the guard has begun by then. */
const REDRIVE_MS = 45_000;

/** Faults that last as long as the state does, and are seen by whatever is called there. */
const LASTING: ReadonlySet<FaultKind> = new Set(['table-slow', 'clock-ahead', 'clock-behind']);
const ABORTS: ReadonlySet<FaultKind> = new Set(['abort', 'abort-unheard', 'abort-heard-twice', 'redrive']);

/** Makes the faults of a plan happen, each once at its place, by standing between the parts of the simulated cloud. */
export class Injector implements CloudHooks {
  /** What has happened, in its order. */
  readonly injected: PlannedFault[] = [];
  private readonly visits = new Map<string, number>();
  private readonly pending: Set<PlannedFault>;
  private readonly tableMayBeFull: boolean;
  private tableFullUntil = 0;
  private eventPolicy: 'lost' | 'doubled' | undefined;

  constructor(
    private readonly plan: Pick<Plan, 'faults' | 'scenery'>,
    private readonly clock: DrillClock,
    private readonly trace: Trace,
    private readonly cloud: () => SimulatedCloud,
  ) {
    this.pending = new Set(plan.faults);
    this.tableMayBeFull = plan.faults.some(({ kind }) => kind === 'table-full');
  }

  async task(attempt: TaskAttempt, run: () => Promise<unknown>): Promise<unknown> {
    const place = { machine: machineOf(attempt.executionArn), state: attempt.state };
    this.visit(place);
    this.trace.say(place.machine, attempt.state);
    for (const fault of this.due(place)) this.begin(fault, attempt.executionArn);
    if (this.plan.scenery.cutOff && place.machine === 'Teardown') this.cutOff(Infinity);
    this.sendPerson(attempt, place);
    const fault = this.due(place).find(({ kind, call }) => call === 0 && !isOfTerraform({ kind, ...place }));
    const isOfBuild = attempt.resource.integration === 'startBuild.sync';
    try {
      // A build hangs by itself, so that CodeBuild's own timeout ends it.
      if (!fault || (fault.kind === 'hang' && isOfBuild)) return await run();
      this.note(fault);
      return await taskFault(fault.kind, attempt, run, this.clock);
    } catch (error) {
      this.trace.say(place.machine, `${attempt.state} failed: ${(error as Error).name} ${shortened(error)}`);
      throw error;
    }
  }

  host(host: Host, caller: Caller): Host {
    const { clock } = host;
    const skew = this.lasting(caller, 'clock-ahead') ? SKEW_MS : this.lasting(caller, 'clock-behind') ? -SKEW_MS : 0;
    if (caller.machine === 'Guard') {
      this.visit(caller);
      this.trace.say('Guard', caller.state);
      for (const fault of this.due(caller)) this.begin(fault, undefined, caller.drillId);
    }
    const isSlow = this.lasting(caller, 'table-slow');
    if (!isSlow && skew === 0 && !this.mayBeMet(caller)) return host;
    let calls = 0;
    const own: Host = {
      ...host,
      clock: skew === 0 ? clock : { ...clock, now: () => new Date(clock.now().getTime() + skew) },
    };
    return wrappedHost(own, async (port, method, call) => {
      const { process } = caller;
      if (port === 'history' && isSlow) await clock.sleep(SLOW_MS);
      if (port === 'history' && this.clock.now().getTime() < this.tableFullUntil) throw tableFull();
      calls += 1;
      const fault = this.due(caller).find((due) => due.call === calls && !isOfTerraform(due));
      if (!fault) return process.whileAlive(call());
      if (ABORTS.has(fault.kind)) {
        this.stop(fault, undefined, caller.drillId);
        return process.whileAlive(call());
      }
      this.note(fault, `${port}.${method}`);
      return callFault(fault.kind, { port, method, call, process, clock });
    });
  }

  /** Whether a call of this caller can meet a fault; a build may also be killed in any. */
  private mayBeMet(caller: Caller): boolean {
    return this.tableMayBeFull || caller.state in MACHINE_OF_BUILD || this.due(caller).length > 0;
  }

  async step(order: BuildOrder, caller: Caller, run: () => Promise<void>): Promise<void> {
    const fault = this.due(caller).find(({ kind }) => kind === 'hang');
    if (!fault) return run();
    this.note(fault);
    await hang(this.clock, order.signal);
    throw new Error('the build was told to stop while it hung');
  }

  terraform(caller: Caller): TerraformFaults {
    const at = (command: string, address: string, kinds: readonly FaultKind[]): PlannedFault | undefined => {
      const index = ADDRESSES.indexOf(address) + 1;
      return this.due(caller).find(({ kind, call }) => kinds.includes(kind) && call === index && isOf(command, kind));
    };
    return {
      refuse: (command, address) => {
        const fault = at(command, address, ['half-made', 'half-destroyed']);
        if (!fault) return undefined;
        this.note(fault, address);
        return `${address}: AWS refused it (InternalFailure)`;
      },
      changing: (command, address) => {
        const fault = at(command, address, ['killed']);
        if (!fault) return undefined;
        this.note(fault, address);
        caller.process.kill(new Error('the build was killed (signal 9)'));
        return new Promise(() => {});
      },
    };
  }

  status({ detail }: StatusChange): void {
    if (detail.status === 'RUNNING') return;
    const why = [detail.error, detail.cause].filter((part) => part !== null).join(': ');
    this.trace.say(machineOf(detail.stateMachineArn), `execution ${detail.name} ${detail.status} ${why.slice(0, 160)}`);
  }

  deliver({ detail }: StatusChange, deliver: () => void): void {
    if (detail.status === 'ABORTED' && this.eventPolicy === 'lost') {
      this.trace.say('EventBridge', `the event that ${detail.name} was aborted is lost`);
      return;
    }
    deliver();
    if (this.eventPolicy === 'doubled') this.clock.alarm(new Date(this.clock.now().getTime() + 20_000), deliver);
  }

  /** Faults of the surroundings and of whole executions begin when a state is entered. */
  private begin(fault: PlannedFault, executionArn: string | undefined, drillId = ''): void {
    const { mailer } = this.cloud().outside;
    const until = this.clock.now().getTime() + OUTAGE_MS;
    if (LASTING.has(fault.kind)) return this.note(fault, undefined, false);
    if (ABORTS.has(fault.kind)) return fault.call === 0 ? this.stop(fault, executionArn, drillId) : undefined;
    switch (fault.kind) {
      case 'table-full':
        this.tableFullUntil = until;
        break;
      case 'mail-refused':
        mailer.refused.add('drill@example.com');
        break;
      case 'unreachable':
        this.cutOff(until);
        break;
      case 'vanished':
        this.vanish();
        break;
      case 'second-same':
        this.start({ target: 'alpha' });
        break;
      case 'second-other':
        this.start({ target: 'beta' });
        break;
      case 'second-delivery':
        this.start(SCHEDULED);
        break;
      default:
        return;
    }
    this.note(fault);
  }

  /** Aborts the drill, or what was started apart from it. */
  private stop(fault: PlannedFault, executionArn: string | undefined, drillId: string): void {
    const { stepFunctions } = this.cloud();
    const arn = drillExecutionOf(stepFunctions, executionArn, drillId) ?? executionArn;
    if (arn === undefined) return;
    this.note(fault);
    if (fault.kind === 'abort-unheard') this.eventPolicy = 'lost';
    if (fault.kind === 'abort-heard-twice') this.eventPolicy = 'doubled';
    stepFunctions.stop(arn, undefined, 'somebody pressed Stop execution');
    if (fault.kind !== 'redrive') return;
    this.clock.alarm(new Date(this.clock.now().getTime() + REDRIVE_MS), () => {
      this.trace.say('somebody', `redrives ${arn.split(':').at(-1)}`);
      stepFunctions.redrive(arn);
    });
  }

  /** @param until in epoch milliseconds. */
  private cutOff(until: number): void {
    for (const cluster of this.cloud().outside.clusters.all()) cluster.unreachableUntil = until;
  }

  private vanish(): void {
    const { account } = this.cloud().outside;
    for (const type of ['eks:nodegroup', 'ec2:instance', 'ec2:natgateway']) {
      for (const resource of account.list()) if (resource.type === type) account.remove(resource.arn, 'somebody');
    }
  }

  private start(input: unknown): void {
    this.cloud().stepFunctions.start('cluster-drill', input);
  }

  /** Who is asked for a manual step does it after some minutes, unless the fault is that nobody comes. */
  private sendPerson({ state, token }: TaskAttempt, place: Place): void {
    if (token === '' || !state.startsWith('Await manual step')) return;
    if (this.due(place).some(({ kind }) => kind === 'hang')) return;
    this.clock.alarm(new Date(this.clock.now().getTime() + PERSON_MS), () => {
      try {
        this.cloud().stepFunctions.tokens.succeed(token, {});
      } catch {
        // The drill no longer waits.
      }
    });
  }

  private visit(place: Place): void {
    const key = keyOf(place);
    this.visits.set(key, (this.visits.get(key) ?? 0) + 1);
  }

  private due(place: Place): PlannedFault[] {
    if (this.pending.size === 0) return NONE;
    const visit = this.visits.get(keyOf(place)) ?? 0;
    return [...this.pending].filter(
      (fault) => fault.machine === place.machine && fault.state === place.state && visit >= fault.visit,
    );
  }

  private lasting(caller: Caller, kind: FaultKind): boolean {
    return this.due(caller).some((fault) => fault.kind === kind);
  }

  /** @param once whether it happens once; what lasts stays pending. */
  private note(fault: PlannedFault, detail?: string, once = true): void {
    if (once) this.pending.delete(fault);
    if (this.injected.includes(fault)) return;
    this.injected.push(fault);
    this.trace.say('FAULT', `${faultInWords(fault)}${detail === undefined ? '' : `: ${detail}`}`);
  }
}

const NONE: PlannedFault[] = [];

/** What the schedule's start says. */
export const SCHEDULED = { target: 'alpha', scheduledAt: '2026-10-05T06:00:00Z' };

/** Terraform's resources in their order, by address. */
const ADDRESSES: readonly string[] = terraformPlan({
  account: { arnOf: () => '' },
  clusterName: '',
  drillId: '',
  tags: {},
}).map(({ address }) => address);

/** Whether a fault happens at one of Terraform's resources, and not at a call of a port. */
function isOfTerraform({ kind, state }: Pick<PlannedFault, 'kind' | 'state'>): boolean {
  if (kind === 'half-made' || kind === 'half-destroyed') return true;
  return kind === 'killed' && (state === 'Provision cluster' || state === 'Destroy cluster');
}

function isOf(command: string, kind: FaultKind): boolean {
  return kind === 'killed' || (kind === 'half-made') === (command === 'apply');
}

function keyOf({ machine, state }: Place): string {
  return `${machine}/${state}`;
}

function shortened(error: unknown): string {
  return String((error as Error).message).slice(0, 200);
}

function tableFull(): Error {
  return Object.assign(new Error('The table cannot take so many requests'), {
    name: 'ProvisionedThroughputExceededException',
  });
}
