import type { Host } from '../../adapters/host';
import { messageOf } from '../../domain/errors';
import { clusterNameOf, DRILL_ID_VARIABLE, type BuildName } from '../../domain/names';
import { BUILD_STEPS } from '../build-steps';
import { programCommands } from '../builds/program-commands';
import type { BuildOrder, BuildOutcome } from '../builds/build-runner';
import { runPhases } from '../builds/run-phases';
import { Chance } from '../chance';
import type { DrillClock } from '../clock';
import { Deliveries } from '../deliveries';
import { EventBus } from '../event-bus';
import { Lambdas } from '../lambdas';
import type { Program } from '../program';
import { CodeBuild } from '../services/codebuild';
import type { StatusChange } from '../services/execution-status-change';
import { StepFunctions } from '../services/step-functions';
import type { TaskAttempt } from '../states/call-task';
import { WorldState } from '../world/world-state';
import type { TemplateTimer } from '../template';
import type { BootstrapFiles } from './bootstrap-files';
import { MACHINE_OF_BUILD, STATE_OF_PROJECT } from './direct-builds';
import type { Place } from './faults';
import { gitProgram } from './git';
import { helmProgram } from './helm';
import { machineOf } from './places';
import { Process } from './process';
import { SimulatedOutside } from './simulated-host';
import type { SimulatedStack } from './simulated-stack';
import { terraformProgram, type TerraformFaults, type TerraformRun } from './terraform';
import type { WorkFolders } from './work-folders';

/** Where a piece of work is done: a Lambda invocation or a build. */
export interface Caller extends Place {
  /** Id of the drill; empty while it is not known. */
  readonly drillId: string;
  readonly process: Process;
}

/** Where a simulation may stand between the parts of the cloud. */
export interface CloudHooks {
  task?(attempt: TaskAttempt, run: () => Promise<unknown>): Promise<unknown>;
  host?(host: Host, caller: Caller): Host;
  /** Runs a build's step. */
  step?(order: BuildOrder, caller: Caller, run: () => Promise<void>): Promise<void>;
  /** Told when an execution begins or ends. */
  status?(event: StatusChange): void;
  /** @param deliver brings the event to one target of a rule. */
  deliver?(event: StatusChange, deliver: () => void): void;
  terraform?(caller: Caller): TerraformFaults;
}

export interface SimulatedCloudOptions {
  readonly stack: SimulatedStack;
  readonly clock: DrillClock;
  readonly seed: number;
  /** The repository of each target by its URL. */
  readonly repository: (url: string) => BootstrapFiles;
  readonly folders: WorkFolders;
  readonly hooks?: CloudHooks;
}

/**
 * The account that simulated drills run in: the real definitions, handlers and steps over ports in memory, in one
 * process and without sockets, child processes or real time.
 */
export class SimulatedCloud {
  readonly outside: SimulatedOutside;
  readonly stepFunctions: StepFunctions;
  readonly codeBuild: CodeBuild;
  readonly lambdas: Lambdas;
  readonly terraformRuns: TerraformRun[] = [];
  /** Invocations for events and timers that failed, and those whose event was given up. */
  readonly failures: { readonly entry: string; readonly sentence: string }[] = [];
  readonly deadLetters: string[] = [];
  /** What the guard's Lambdas wrote to their logs. */
  readonly guardLog: string[] = [];
  private readonly services = { codeBuild: () => this.codeBuild, stepFunctions: () => this.stepFunctions };
  private readonly hooks: CloudHooks;
  private readonly deliveries: Deliveries;

  constructor(private readonly options: SimulatedCloudOptions) {
    const { clock, hooks = {}, seed, stack: simulated } = options;
    this.deliveries = new Deliveries(clock);
    const { place, stack } = simulated;
    this.hooks = hooks;
    this.outside = new SimulatedOutside(clock, place);
    const state = new WorldState();
    this.codeBuild = new CodeBuild({
      ...place,
      clock,
      state,
      chance: new Chance(seed),
      projects: stack.projects.map(({ name, buildspec, environment, timeoutMinutes }) => ({
        name,
        buildspec,
        environment,
        sourceDirectory: '',
        timeoutMinutes,
      })),
      runner: (order) => this.runBuild(order),
    });
    this.lambdas = new Lambdas(stack.functions, {});
    const bus = new EventBus(stack.rules, (target, event) => this.deliver(target, event as StatusChange));
    this.stepFunctions = new StepFunctions({
      ...place,
      clock,
      state,
      machines: stack.machines,
      tasks: {
        lambda: (arn, payload, { executionArn, state: name }) =>
          this.invoke(arn, payload, { machine: machineOf(executionArn), state: name }),
        startBuild: (parameters, signal) => this.codeBuild.runBuild(parameters, signal),
      },
      onStatusChange: (event) => {
        hooks.status?.(event);
        bus.put(event);
      },
      ...(hooks.task ? { aroundTask: hooks.task.bind(hooks) } : {}),
    });
    this.deployTargets();
  }

  /** Invokes a Lambda for a state, or for an event or a timer. */
  async invoke(arn: string, event: unknown, place: Place = this.guardPlace(arn)): Promise<unknown> {
    const process = new Process();
    const host = this.hostOf({ ...place, drillId: drillIdIn(event), process });
    return process.run(() => this.lambdas.invoke(arn, event, host));
  }

  /** Sends the functions that go by the clock on their way, each at its own pace, until the result is called. */
  startTimers(): () => void {
    const { clock, stack } = this.options;
    const cancels = new Map<string, () => void>();
    const wait = ({ logicalId, expression, targets }: TemplateTimer): void => {
      const at = new Date(clock.now().getTime() + periodOf(expression));
      const fire = (): void => {
        for (const target of targets) this.start(() => this.invokeAsync(target, { time: at.toISOString() }));
      };
      cancels.set(
        logicalId,
        clock.alarm(at, () => (fire(), wait({ logicalId, expression, targets }))),
      );
    };
    stack.stack.timers.forEach(wait);
    return () => cancels.forEach((cancel) => cancel());
  }

  /** Runs something that nobody waits for, as a piece of work of its own on the clock. */
  start(work: () => Promise<unknown>): void {
    this.deliveries.start(work);
  }

  /** Resolves when no execution runs and no event is under way any more. */
  settled(): Promise<void> {
    return this.deliveries.settled(this.stepFunctions);
  }

  runningBuilds(): number {
    return this.options.stack.stack.projects
      .flatMap(({ name }) => this.codeBuild.buildsOf(name))
      .filter(({ status }) => status === 'IN_PROGRESS').length;
  }

  async close(): Promise<void> {
    await this.codeBuild.stopAll();
  }

  private deliver(target: string, event: StatusChange): void {
    const deliver = (): void => this.start(() => this.invokeAsync(target, event));
    if (this.hooks.deliver) this.hooks.deliver(event, deliver);
    else deliver();
  }

  /** As Lambda invokes for an event: tried three times, then the event goes to the dead letters. */
  private async invokeAsync(arn: string, event: unknown): Promise<void> {
    const entry = this.lambdas.entryOf(arn) ?? arn;
    for (const pause of ASYNC_PAUSES_MS) {
      await this.options.clock.sleep(pause);
      try {
        await this.invoke(arn, event);
        return;
      } catch (error) {
        this.failures.push({ entry, sentence: messageOf(error) });
      }
    }
    this.deadLetters.push(entry);
  }

  private guardPlace(arn: string): Place {
    return { machine: 'Guard', state: this.lambdas.entryOf(arn) ?? arn };
  }

  /** @param programs what a build has on its PATH. */
  private hostOf(caller: Caller, programs?: Readonly<Record<string, Program>>, environment = {}): Host {
    const host = this.outside.host(caller.drillId, this.services);
    const log = caller.machine === 'Guard' ? (line: string): void => void this.guardLog.push(line) : host.log;
    const own: Host = {
      ...host,
      log,
      clock: caller.process.clock(this.options.clock),
      ...(programs ? { commands: programCommands(programs, host.commands, environment) } : {}),
    };
    return this.hooks.host?.(own, caller) ?? own;
  }

  private async runBuild(order: BuildOrder): Promise<BuildOutcome> {
    const process = new Process();
    const state = STATE_OF_PROJECT[order.project] ?? order.project;
    const drillId = order.environment[DRILL_ID_VARIABLE] ?? '';
    const caller: Caller = { machine: MACHINE_OF_BUILD[state] ?? '', state, drillId, process };
    const stopped = (): void => this.killAfterGrace(process);
    order.signal.addEventListener('abort', stopped, { once: true });
    const run = (): Promise<void> => this.runStep(order, caller);
    const step = (): Promise<void> => (this.hooks.step ? this.hooks.step(order, caller, run) : run());
    const succeeded = await runPhases(order, async (command) => {
      if (command !== STEP_COMMAND) return 0;
      try {
        await process.run(step);
        return 0;
      } catch (error) {
        order.log(messageOf(error));
        return 1;
      }
    });
    return { succeeded, exported: {} };
  }

  /** A build that was told to stop is ended when it does not end by itself. */
  private killAfterGrace(process: Process): void {
    const at = new Date(this.options.clock.now().getTime() + GRACE_MS);
    this.options.clock.alarm(at, () => process.kill(new Error('the build did not stop and was killed (signal 9)')));
  }

  private async runStep(order: BuildOrder, caller: Caller): Promise<void> {
    const { folders, repository, stack } = this.options;
    const directory = folders.next();
    const { build } = stack.stack.projects.find(({ name }) => name === order.project)!;
    const { account, clusters, objects } = this.outside;
    const clock = caller.process.clock(this.options.clock);
    const programs = {
      git: gitProgram(repository),
      helm: helmProgram(clusters, clock, () => clusterNameOf(caller.drillId)),
      terraform: terraformProgram({
        account,
        clusters,
        clock,
        objects,
        runs: this.terraformRuns,
        faults: this.hooks.terraform?.(caller) ?? {},
        version: order.environment['TERRAFORM_VERSION'] ?? '1.11.4',
      }),
    };
    const host = this.hostOf(caller, programs, order.environment);
    await BUILD_STEPS[build as BuildName].run(order.environment, { ...host, directory, signal: order.signal });
  }

  private deployTargets(): void {
    const { stack, targets } = this.options.stack;
    const environment = stack.functions.find(({ entry }) => entry === 'open-drill')?.environment;
    const { TARGETS_BUCKET = '', TARGETS_KEY = '' } = environment ?? {};
    this.outside.objects(TARGETS_BUCKET).objects.set(TARGETS_KEY, targets);
  }
}

/** How long a stopped build may take to end. */
const GRACE_MS = 90_000;

/** Lambda tries an event again after one minute, and after two more. */
const ASYNC_PAUSES_MS = [0, 60_000, 120_000] as const;

const HOUR_MS = 3_600_000;
const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: HOUR_MS, day: 24 * HOUR_MS };

/** How often a schedule comes; everything that is no `rate(…)` comes once a day here. */
function periodOf(expression: string): number {
  const [, count = '1', unit = 'day'] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return Number(count) * UNIT_MS[unit]!;
}

function drillIdIn(event: unknown): string {
  const { drillId } = (event ?? {}) as { readonly drillId?: unknown };
  return typeof drillId === 'string' ? drillId : '';
}

/** The command by which a buildspec runs its step. */
const STEP_COMMAND = 'node step.cjs';
