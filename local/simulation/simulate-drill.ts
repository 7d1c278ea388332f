import { secondsBetween } from '../../domain/clock';
import { evidenceBucketOf, MACHINE } from '../../domain/names';
import type { DrillStory } from '../../domain/record';
import { createDrillClock, type DrillClock } from '../clock';
import type { ExecutionRecord } from '../services/execution-record';
import { raisedAlarms } from './alarms';
import { bootstrapFiles } from './bootstrap-files';
import type { Plan, PlannedFault } from './faults';
import { Injector, SCHEDULED } from './injector';
import { violationsOf, type Violation } from './invariants';
import { mutatedHooks, type Mutation } from './mutations';
import { furnish } from './scenery';
import { SimulatedCloud } from './simulated-cloud';
import type { SimulatedStack } from './simulated-stack';
import { Trace } from './trace';
import type { WorkFolders } from './work-folders';

/** How a simulated drill came out. */
export interface Outcome {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  /** The faults that happened; the place of the others was never reached. */
  readonly injected: readonly PlannedFault[];
  /** Verdict of each drill that was opened, in their order. */
  readonly verdicts: readonly string[];
  readonly alarms: readonly string[];
  /** How many resources are left, every one of them listed. */
  readonly left: number;
  readonly story: readonly string[];
}

export interface Simulation {
  readonly stack: SimulatedStack;
  readonly folders: WorkFolders;
  readonly mutation?: Mutation;
}

/** A simulation with something taken away. */
export function mutatedSimulation(stack: SimulatedStack, folders: WorkFolders, mutation?: Mutation): Simulation {
  if (!mutation) return { stack, folders };
  return { stack: mutation.stack?.(stack) ?? stack, folders, mutation };
}

const START = new Date('2026-10-05T06:00:00.000Z');
const HOUR_MS = 3_600_000;
/** The patrol goes round this often at most before what it left is called left. */
const MOST_ROUNDS = 80;
const DAY_SECONDS = 86_400;
/** The quarter of the start. */
const QUARTER = '2026Q4';

/** Runs the drill of a plan, whatever the guard does after it, and looks at what came of it. */
export async function simulateDrill(plan: Plan, { stack, folders, mutation }: Simulation): Promise<Outcome> {
  const clock = createDrillClock({ start: START, speed: 'unpaced' });
  const trace = new Trace(clock);
  const injector = new Injector(plan, clock, trace, () => cloud);
  const cloud: SimulatedCloud = new SimulatedCloud({
    stack,
    clock,
    seed: plan.seed,
    repository: (url) => bootstrapFiles(url, plan.scenery.manualStep),
    folders,
    hooks: mutatedHooks(injector, mutation),
  });
  furnish(cloud, plan.scenery);
  const stopTimers = cloud.startTimers();
  cloud.stepFunctions.start(MACHINE.drill, SCHEDULED);
  await cloud.settled();
  await patrolUntilQuiet(cloud, clock);
  stopTimers();
  const outcome = await look(plan, cloud, injector, trace);
  await cloud.close();
  folders.tidy();
  return outcome;
}

/** Lets the hours pass until the patrol has nothing to do any more: at least one round, and days if need be. */
async function patrolUntilQuiet(cloud: SimulatedCloud, clock: DrillClock): Promise<void> {
  let before = -1;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const started = executionsOf(cloud).length;
    if (round > 0 && started === before && (await isQuiet(cloud))) return;
    before = started;
    await clock.sleep(HOUR_MS);
    await cloud.settled();
  }
}

/** Whether another round of the patrol cannot change anything: it reports what was not reported for a day. */
async function isQuiet({ outside }: SimulatedCloud): Promise<boolean> {
  const { history } = outside;
  if ((await history.openDrills()).length > 0 || (await history.slots()).length > 0) return false;
  for (const target of TARGETS) if (await history.lease(target)) return false;
  const now = outside.clock.now();
  return (await history.drillsIn(QUARTER)).every(
    ({ mail, closedAt = '' }) => mail !== undefined || secondsBetween(closedAt, now) > DAY_SECONDS,
  );
}

const TARGETS = ['alpha', 'beta'];

function executionsOf({ stepFunctions }: SimulatedCloud): ExecutionRecord[] {
  return stepFunctions.stateMachines().flatMap(({ arn }) => stepFunctions.executionsOf(arn));
}

async function look(plan: Plan, cloud: SimulatedCloud, injector: Injector, trace: Trace): Promise<Outcome> {
  const { outside, terraformRuns } = cloud;
  const { account, history, mailer, place } = outside;
  const stories = await storiesOf(cloud);
  const executions = executionsOf(cloud);
  const alarms = raisedAlarms(cloud, executions);
  const leases = await Promise.all(TARGETS.map((target) => history.lease(target)));
  const evidence = outside.objects(evidenceBucketOf(place.account, place.region));
  const violations = violationsOf({
    plan,
    account,
    stories,
    executions,
    runningBuilds: cloud.runningBuilds(),
    alarms,
    abandoned: cloud.guardLog.flatMap(abandonedIn),
    leases: leases.filter((lease) => lease !== undefined),
    slots: await history.slots(),
    terraformRuns,
    mails: mailer.mails,
    report: (key) => evidence.objects.get(key),
  });
  for (const { invariant, sentence } of violations) trace.say('VIOLATED', `${invariant}: ${sentence}`);
  return {
    plan,
    violations,
    injected: injector.injected,
    verdicts: stories.map(({ record }) => record.verdict?.outcome ?? 'open'),
    alarms,
    left: account.list().filter(({ owner }) => stories.some(({ record }) => record.drillId === owner)).length,
    story: trace.lines,
  };
}

async function storiesOf({ outside }: SimulatedCloud): Promise<DrillStory[]> {
  const records = await outside.history.drillsIn(QUARTER);
  const stories = await Promise.all(records.map(({ drillId }) => outside.history.story(drillId)));
  return stories.filter((story) => story !== undefined);
}

function abandonedIn(line: string): string[] {
  if (!line.startsWith('{')) return [];
  const { resource } = JSON.parse(line) as { resource?: string };
  return resource === undefined ? [] : [resource];
}
