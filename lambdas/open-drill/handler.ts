import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { budgetObstacle } from '../../domain/budget';
import { readDrillInput, type DrillRequest } from '../../domain/drill-input';
import { DrillError, ErrorName } from '../../domain/errors';
import { leaseEnd } from '../../domain/lease';
import { limitsSchema, type Limits } from '../../domain/limits';
import { clusterNameOf, drillIdOf, quarterOf } from '../../domain/names';
import { mayWait, OPENING_TURN_SECONDS } from '../../domain/opening';
import type { DrillRecord } from '../../domain/record';
import { freeSlots } from '../free-slots';
import { lambdaEntry } from '../lambda-entry';
import { readTargets } from '../read-targets';
import { earlierDrill } from './earlier-drills';
import { sweepEarlierLeaks } from './earlier-leaks';
import { environmentSchema, type Environment } from './environment';

const eventSchema = z.object({ input: z.unknown(), executionArn: z.string(), startedAt: z.string() });
type Event = z.infer<typeof eventSchema>;

/** What the state machine carries from state to state; everything else is read from the record. */
export interface OpenedDrill {
  readonly status: 'open';
  readonly drillId: string;
  readonly target: string;
  readonly deadlineSeconds: number;
  readonly terraformVersion: string;
}

/** The drill is not open yet: the machine asks again after a while. */
export interface WaitingDrill {
  readonly status: 'waiting';
  readonly waitSeconds: number;
  /** What it waits for. */
  readonly reason: string;
}

/**
 * *Open drill*, one turn: validates the input, drops a duplicate, holds the drill against the budget, has earlier drills
 * of the target cleaned up first, takes a slot and the lease, and writes the record. A drill that waits holds nothing.
 */
export async function openDrill(
  event: Event,
  host: Host,
  environment: Environment,
): Promise<OpenedDrill | WaitingDrill> {
  const { history } = host;
  const record = newRecord(event, readDrillInput(event.input, await readTargets(host, environment)), host.clock.now());
  if (await history.record(record.drillId)) return opened(await history.openRecord(record.drillId));
  if (record.scheduledAt !== undefined) await history.claimSchedule(record, record.scheduledAt);
  const limits = limitsSchema.parse(JSON.parse(environment.LIMITS));
  await refuseOverBudget(record, limits, host);

  const earlier = await earlierDrill(record, host, environment.TEARDOWN_MACHINE_ARN);
  if (earlier !== undefined) return waiting(event, new DrillError(ErrorName.LeaseHeld, earlier), host);
  const leaks = await sweepEarlierLeaks(record, host, environment.TEARDOWN_MACHINE_ARN);
  // Best effort: what cannot be removed in time keeps no drill from being held.
  if (leaks.beingSwept && mayWait(event.startedAt, host.clock.now()))
    return {
      status: 'waiting',
      waitSeconds: OPENING_TURN_SECONDS,
      reason: 'leaks of an earlier drill are being swept',
    };
  if (!(await hasSlot(record, limits, host))) return waiting(event, await noSlot(limits, host), host);

  await history.put(
    record.drillId,
    leaks.left.map((item) => ({ type: 'readiness', item })),
  );
  await open(record, host);
  return opened(record);
}

function newRecord(
  { executionArn, startedAt }: Event,
  { settings, ref, scheduledAt }: DrillRequest,
  now: Date,
): DrillRecord {
  const drillId = drillIdOf(settings.name, executionArn, startedAt);
  return {
    drillId,
    target: settings.name,
    trigger: scheduledAt === undefined ? 'demand' : 'schedule',
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
    executionArn,
    status: 'open',
    phase: 'opening',
    // Not when the execution started: it may have waited since.
    openedAt: now.toISOString(),
    settings,
    ref,
    clusterName: clusterNameOf(drillId),
    layers: {},
  };
}

function opened({ drillId, settings, target }: DrillRecord): OpenedDrill {
  return {
    status: 'open',
    drillId,
    target,
    deadlineSeconds: settings.deadlineSeconds,
    terraformVersion: settings.terraform.version,
  };
}

/** Waits for what the error says, or throws it when the drill has waited long enough. */
function waiting({ startedAt }: Event, why: DrillError, { clock, log }: Host): WaitingDrill {
  if (!mayWait(startedAt, clock.now())) throw why;
  log(why.message);
  return { status: 'waiting', waitSeconds: OPENING_TURN_SECONDS, reason: why.message };
}

/** An estimate over a list that may lag by a moment: drills that are opened in the same second may exceed it together. */
async function refuseOverBudget({ drillId, target, settings }: DrillRecord, limits: Limits, host: Host): Promise<void> {
  const now = host.clock.now();
  const drills = await host.history.drillsIn(quarterOf(now.toISOString()));
  const obstacle = budgetObstacle(
    drills.filter((drill) => drill.drillId !== drillId),
    settings,
    limits,
    now,
  );
  if (obstacle !== undefined)
    throw new DrillError(ErrorName.OverBudget, `target "${target}" is not drilled now: ${obstacle}`);
}

async function hasSlot(record: DrillRecord, { concurrentDrills }: Limits, host: Host): Promise<boolean> {
  const take = (): Promise<boolean> => host.history.takeSlot(record, concurrentDrills, host.clock.now().toISOString());
  if (await take()) return true;
  await freeSlots(host);
  return take();
}

async function noSlot({ concurrentDrills }: Limits, { history }: Host): Promise<DrillError> {
  const running = (await history.slots()).map(({ drillId }) => drillId).join(', ');
  return new DrillError(
    ErrorName.NoSlot,
    `as many drills run as limits.concurrentDrills in drill.yaml allows (${concurrentDrills}): ${running}; start this one again when one of them is closed`,
  );
}

/** A slot is of no use to a drill that is refused; after any other error the next try goes on with it. */
async function open(record: DrillRecord, { clock, history }: Host): Promise<void> {
  try {
    await history.open(record, leaseEnd(clock.now()));
  } catch (error) {
    if (error instanceof DrillError && error.name !== ErrorName.Transient) await history.releaseSlots(record.drillId);
    throw error;
  }
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: openDrill });
