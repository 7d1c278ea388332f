import type { Lease } from './ports/history';
import type { DrillRecord } from './record';
import { isLive, OVERDUE_SECONDS } from './lease';

/** An execution at its end. Whoever stops one may give an error and a cause; events have null for none. */
export interface Ended {
  readonly status: string;
  readonly error?: string | null | undefined;
  readonly cause?: string | null | undefined;
}

/** What is known of an open drill, or of one that holds a lease and has no record yet. */
export interface Signs {
  readonly record: Pick<DrillRecord, 'drillId' | 'openedAt' | 'settings'> | undefined;
  /** Undefined when Step Functions does not know it (any more). */
  readonly execution: Ended | undefined;
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
  if (execution?.status !== 'RUNNING') return execution ? endOfExecution(execution) : 'its execution is gone';
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

/** How an execution ended, by its status in Step Functions, and what it says of that: `its execution was aborted (…)`. */
export function endOfExecution({ status, error, cause }: Ended): string {
  const said = [error, firstSentence(cause ?? '')].filter(Boolean).join(': ');
  return `its execution ${ENDS[status] ?? `ended as ${status}`}${said === '' ? '' : ` (${said})`}`;
}

const LONGEST = 160;

/** Causes may be whole stack traces, or the JSON of a build. */
function firstSentence(text: string): string {
  const [first = ''] = text.trim().split(/\n|(?<=[.!?])\s/);
  const sentence = first.replace(/\.$/, '');
  return sentence.length > LONGEST ? `${sentence.slice(0, LONGEST - 1)}…` : sentence;
}

function isOverdue({ openedAt, settings }: Pick<DrillRecord, 'openedAt' | 'settings'>, now: Date): boolean {
  return now.getTime() > Date.parse(openedAt) + (settings.deadlineSeconds + OVERDUE_SECONDS) * 1000;
}
