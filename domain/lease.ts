import { DrillError, ErrorName } from './errors';
import type { History, Lease } from './ports/history';
import type { DrillRecord } from './record';

/** How often a build that works renews the lease; a Lambda of a waiting loop does at every turn. */
export const HEARTBEAT_SECONDS = 5 * 60;

/**
 * How long a lease is good for after a heartbeat, and so how long after its last sign of life a drill counts as dead.
 * The longest silence of a living drill lies between two builds: up to 5 minutes since the last heartbeat of the first
 * one, 15 while CodeBuild refuses to start another (1 + 2 + 4 + 8, `lib/story-tasks.ts`), 15 in its queue (`QUEUED`),
 * 3 until its step runs = 38. When that step's first heartbeat is lost as well, the next comes 5 minutes later: 43.
 */
export const LEASE_SECONDS = 45 * 60;

/**
 * A drill is overdue when it is open this long after its deadline would have passed: readiness (35 minutes at its own
 * timeout) and the longest teardown (6 h 55 min, as `lib/deadlines.ts` adds it up), rounded up.
 */
export const OVERDUE_SECONDS = 8 * 3_600;

/** When a lease ends that gets a heartbeat now. @param silence how long nothing may work for the drill, such as while it waits for a person. */
export function leaseEnd(now: Date, silence = 0): string {
  return new Date(now.getTime() + (LEASE_SECONDS + silence) * 1000).toISOString();
}

/** Whether a lease is good at an instant: at the instant at which it expires it is not any more. */
export function isLive(lease: Lease, now: Date): boolean {
  return Date.parse(lease.expiresAt) > now.getTime();
}

type Holder = Pick<DrillRecord, 'drillId' | 'target'>;

/**
 * A heartbeat of something that builds for a drill.
 * @param silence how long nothing may work for the drill after it, in seconds.
 * @throws DrillError `LeaseLost` when the drill does not hold the lease of its target any more; it must then stop.
 */
export async function keepLease(drill: Holder, history: History, now: Date, silence = 0): Promise<void> {
  const kept = await history.renewLease(drill.target, drill.drillId, now.toISOString(), leaseEnd(now, silence));
  if (!kept) throw leaseLost(drill, await history.lease(drill.target));
}

/**
 * A heartbeat of something that tears a drill down, which needs no lease but must not delete beside another drill of the
 * target. @throws DrillError `LeaseLost` when another drill holds the lease.
 */
export async function keepLeaseIfHeld(drill: Holder, history: History, now: Date): Promise<void> {
  if (await history.renewLease(drill.target, drill.drillId, now.toISOString(), leaseEnd(now))) return;
  const lease = await history.lease(drill.target);
  if (lease && lease.drillId !== drill.drillId && isLive(lease, now)) throw leaseLost(drill, lease);
}

function leaseLost({ drillId, target }: Holder, lease: Lease | undefined): DrillError {
  const holder =
    lease && lease.drillId !== drillId ? `drill ${lease.drillId} has it since ${lease.takenAt}` : 'nobody has it';
  return new DrillError(
    ErrorName.LeaseLost,
    `drill ${drillId} no longer holds the lease of target "${target}" (${holder}), so it builds and deletes nothing any more`,
  );
}
