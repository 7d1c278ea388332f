import type { Execution } from './ports/executions';
import type { Lease } from './ports/history';
import type { DrillRecord } from './record';
import { isLive, OVERDUE_SECONDS } from './lease';

/** What is known of an open drill, or of one that holds a lease and has no record yet. */
export interface Signs {
  readonly record: Pick<DrillRecord, 'drillId' | 'openedAt' | 'settings'> | undefined;
  /** Undefined when Step Functions does not know it (any more). */
  readonly execution: Pick<Execution, 'status'> | undefined;
  /** The lease of its target, whoever holds it. */
  readonly lease: Lease | undefined;
  /** The drill in question. */
  readonly drillId: string;
  readonly now: Date;
}

/**
 * Why a drill is held to be dead, as the end of the sentence "it was interrupted: …"; undefined while it lives. An
 * execution that ended cannot close its drill any more; one that runs, but has given no heartbeat for the time of a
 * lease or is open long after its deadline, never will.
 */
export function causeOfDeath({ record, execution, lease, drillId, now }: Signs): string | undefined {
  if (execution?.status !== 'RUNNING') return execution ? endOfExecution(execution.status) : 'its execution is gone';
  if (lease?.drillId === drillId && !isLive(lease, now)) return `its last heartbeat was at ${lease.heartbeatAt}`;
  if (record && isOverdue(record, now)) return `it was still open at ${now.toISOString()}, long after its deadline`;
  return undefined;
}

const ENDS: Readonly<Record<string, string>> = {
  ABORTED: 'was aborted',
  TIMED_OUT: 'timed out',
  FAILED: 'failed',
  SUCCEEDED: 'ended without closing it',
};

/** How an execution ended, by its status in Step Functions: `its execution was aborted`. */
export function endOfExecution(status: string): string {
  return `its execution ${ENDS[status] ?? `ended as ${status}`}`;
}

function isOverdue({ openedAt, settings }: Pick<DrillRecord, 'openedAt' | 'settings'>, now: Date): boolean {
  return now.getTime() > Date.parse(openedAt) + (settings.deadlineSeconds + OVERDUE_SECONDS) * 1000;
}
