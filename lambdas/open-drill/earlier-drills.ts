import { leaseHeld } from '../../adapters/history-errors';
import type { Host } from '../../adapters/host';
import { DrillError, ErrorName } from '../../domain/errors';
import { MACHINE } from '../../domain/names';
import type { DrillRecord } from '../../domain/record';
import { causeOfDeath } from '../../domain/signs-of-life';
import { endDeadDrill } from '../guard-drill/start-teardown';

/**
 * What an earlier drill of the target that is still open means for a new one. A dead one is torn down first, whoever
 * else noticed its death; what nobody holds any more is freed.
 * @returns what must be waited for, as a sentence; undefined when the target is free.
 * @throws DrillError `LeaseHeld` when it lives, or is dead and cannot be torn down.
 */
export async function earlierDrill(
  { drillId, target }: DrillRecord,
  host: Host,
  teardownMachineArn: string,
): Promise<string | undefined> {
  const lease = await host.history.lease(target);
  if (lease && lease.drillId !== drillId) {
    const record = await host.history.record(lease.drillId);
    const execution = await host.executions.execution(lease.executionArn);
    const why = causeOfDeath({ record, execution, lease, drillId: lease.drillId, now: host.clock.now() });
    if (record?.status === 'closed' || (!record && why !== undefined)) await free(target, lease.drillId, host);
    else if (why === undefined) throw leaseHeld(lease);
    else return tearDownFirst(record!, why, host, teardownMachineArn);
  }
  return withoutLease(target, [drillId, lease?.drillId], host, teardownMachineArn);
}

async function free(target: string, drillId: string, { history, log }: Host): Promise<void> {
  await history.releaseLease(target, drillId);
  await history.releaseSlots(drillId);
  log(`freed the lease of ${target}, which ${drillId} left`);
}

/** Drills that are open and have lost their lease: a live one will notice and stop. */
async function withoutLease(
  target: string,
  others: readonly (string | undefined)[],
  host: Host,
  teardownMachineArn: string,
): Promise<string | undefined> {
  const { clock, executions, history } = host;
  const open = (await history.openDrills()).filter((one) => one.target === target && !others.includes(one.drillId));
  for (const { drillId } of open) {
    // The list may lag behind the close of one.
    const record = await history.record(drillId);
    if (record?.status !== 'open') continue;
    const execution = await executions.execution(record.executionArn);
    const why = causeOfDeath({ record, execution, lease: undefined, drillId, now: clock.now() });
    if (why !== undefined) return tearDownFirst(record, why, host, teardownMachineArn);
    return `drill ${drillId} of target "${target}" has lost its lease and is still running`;
  }
  return undefined;
}

async function tearDownFirst(
  record: DrillRecord,
  why: string,
  host: Host,
  teardownMachineArn: string,
): Promise<string> {
  const { drillId, target } = record;
  if (await endDeadDrill(record, why, host, teardownMachineArn))
    return `drill ${drillId} of target "${target}" died (${why}) and is being torn down`;
  throw new DrillError(
    ErrorName.LeaseHeld,
    `drill ${drillId} of target "${target}" died, and so did its teardowns; mend what the last one says, then start ${MACHINE.teardown} with {"drillId": "${drillId}"}`,
  );
}
