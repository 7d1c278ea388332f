import type { Host } from '../../adapters/host';
import { DRILL_ID_VARIABLE, type BuildName } from '../../domain/names';
import { BUILD_STEPS } from '../build-steps';
import { programCommands } from '../builds/program-commands';
import type { BuildOrder, BuildOutcome } from '../builds/build-runner';
import { runPhases } from '../builds/run-phases';
import { Chance } from '../chance';
import type { DrillClock } from '../clock';
import { EventBus } from '../event-bus';
import { Lambdas } from '../lambdas';
import { CodeBuild } from '../services/codebuild';
import { StepFunctions } from '../services/step-functions';
import type { TaskAttempt } from '../states/call-task';
import { WorldState } from '../world/world-state';
import type { BootstrapFiles } from './bootstrap-files';
import { gitProgram } from './git';
import { helmProgram } from './helm';
import { SimulatedOutside } from './simulated-host';
import type { SimulatedStack } from './simulated-stack';
import { terraformProgram, type TerraformFaults, type TerraformRun } from './terraform';
import type { WorkFolders } from './work-folders';

/** Where a piece of work is done: a Lambda invocation or a build. */
export interface Caller {
  /** The state that it is done for, or the folder of the Lambda that an event woke. */
  readonly state: string;
  /** Id of the drill; empty while it is not known. */
  readonly drillId: string;
}

/** Where a simulation may stand between the parts of the cloud. */
export interface CloudHooks {
  task?(attempt: TaskAttempt, run: () => Promise<unknown>): Promise<unknown>;
  host?(host: Host, caller: Caller): Host;
  /** Runs a build's step. */
  step?(order: BuildOrder, run: () => Promise<void>): Promise<void>;
  /** @param deliver brings the event to one target of a rule. */
  deliver?(event: unknown, deliver: () => void): void;
  readonly terraform?: TerraformFaults;
}

export interface SimulatedCloudOptions {
  readonly stack: SimulatedStack;
  readonly clock: DrillClock;
  readonly seed: number;
  readonly repository: BootstrapFiles;
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
  private readonly hooks: CloudHooks;
  private readonly deliveries = new Set<Promise<unknown>>();

  constructor(private readonly options: SimulatedCloudOptions) {
    const { clock, hooks = {}, seed, stack: simulated } = options;
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
    const bus = new EventBus(stack.rules, (target, event) => this.deliver(target, event));
    this.stepFunctions = new StepFunctions({
      ...place,
      clock,
      state,
      machines: stack.machines,
      tasks: {
        lambda: (arn, payload, { state: name }) => this.invoke(arn, payload, name),
        startBuild: (parameters, signal) => this.codeBuild.runBuild(parameters, signal),
      },
      onStatusChange: (event) => bus.put(event),
      ...(hooks.task ? { aroundTask: hooks.task.bind(hooks) } : {}),
    });
    this.deployTargets();
  }

  /** Invokes a Lambda for a state, or for an event that nobody waits for. */
  invoke(arn: string, event: unknown, state = this.lambdas.entryOf(arn) ?? arn): Promise<unknown> {
    const { drillId = '' } = (event ?? {}) as { drillId?: string };
    return this.lambdas.invoke(arn, event, this.hostOf({ state, drillId }));
  }

  /** Runs something that nobody waits for, as a piece of work of its own on the clock. */
  start(work: () => Promise<unknown>): void {
    const ended = this.options.clock.work();
    const delivery = work().finally(ended);
    this.deliveries.add(delivery);
    void delivery.finally(() => this.deliveries.delete(delivery));
  }

  /** Resolves when no execution runs and no event is under way any more. */
  async settled(): Promise<void> {
    for (;;) {
      await Promise.all(this.deliveries);
      const running = this.stepFunctions
        .stateMachines()
        .flatMap(({ arn }) => this.stepFunctions.executionsOf(arn))
        .filter(({ status }) => status === 'RUNNING');
      if (running.length === 0 && this.deliveries.size === 0) return;
      await Promise.all(running.map(({ arn }) => this.stepFunctions.done(arn)));
    }
  }

  async close(): Promise<void> {
    await this.codeBuild.stopAll();
  }

  private deliver(target: string, event: unknown): void {
    const deliver = (): void => this.start(() => this.invoke(target, event).catch(() => {}));
    if (this.hooks.deliver) this.hooks.deliver(event, deliver);
    else deliver();
  }

  private hostOf(caller: Caller): Host {
    const host = this.outside.host(caller.drillId, {
      codeBuild: () => this.codeBuild,
      stepFunctions: () => this.stepFunctions,
    });
    return this.hooks.host?.(host, caller) ?? host;
  }

  private async runBuild(order: BuildOrder): Promise<BuildOutcome> {
    const run = (): Promise<void> => this.runStep(order);
    const step = (): Promise<void> => (this.hooks.step ? this.hooks.step(order, run) : run());
    const succeeded = await runPhases(order, async (command) => {
      if (command !== STEP_COMMAND) return 0;
      try {
        await step();
        return 0;
      } catch {
        return 1;
      }
    });
    return { succeeded, exported: {} };
  }

  private async runStep(order: BuildOrder): Promise<void> {
    const directory = this.options.folders.next();
    const { build } = this.options.stack.stack.projects.find(({ name }) => name === order.project)!;
    const drillId = order.environment[DRILL_ID_VARIABLE] ?? '';
    const host = this.hostOf({ state: build, drillId });
    const { account, clusters, objects } = this.outside;
    const programs = {
      git: gitProgram(this.options.repository),
      helm: helmProgram(clusters, host.clock, () => `drill-${drillId.slice(-6)}`),
      terraform: terraformProgram({
        account,
        clusters,
        clock: host.clock,
        objects,
        runs: this.terraformRuns,
        faults: this.hooks.terraform ?? {},
        version: order.environment['TERRAFORM_VERSION'] ?? '1.11.4',
      }),
    };
    const commands = programCommands(programs, host.commands, order.environment);
    await BUILD_STEPS[build as BuildName].run(order.environment, {
      ...host,
      directory,
      signal: order.signal,
      commands,
    });
  }

  private deployTargets(): void {
    const { stack, targets } = this.options.stack;
    const environment = stack.functions.find(({ entry }) => entry === 'open-drill')?.environment;
    const { TARGETS_BUCKET = '', TARGETS_KEY = '' } = environment ?? {};
    this.outside.objects(TARGETS_BUCKET).objects.set(TARGETS_KEY, targets);
  }
}

/** The command by which a buildspec runs its step. */
const STEP_COMMAND = 'node step.cjs';
