import { quarterOf } from './names';
import type { DrillRecord } from './record';

/** How long before its end a quarter without a drill is told: time enough to hold two. */
const ENDING_DAYS = 14;

const DAY_MILLISECONDS = 86_400_000;

/** A quarter in which a target was not drilled. */
export interface MissedQuarter {
  readonly target: string;
  readonly quarter: string;
  /** Whether it has passed, or is about to. */
  readonly isOver: boolean;
}

/** Names the lines of the log that the alarm counts (`$.notice`), one for each missed quarter. */
export const MISSED_QUARTER_NOTICE = 'missed-quarter';

/**
 * What a target has missed at an instant: its last quarter, unless this one makes up for it, and this one when it ends
 * soon. A quarter that ended before the target was known does not count.
 * @param drills those of this quarter and of the last one.
 * @param knownSince when the target was first seen.
 */
export function missedQuarters(
  target: string,
  drills: readonly DrillRecord[],
  knownSince: string,
  now: Date,
): readonly MissedQuarter[] {
  const isDrilled = (quarter: string): boolean =>
    drills.some((drill) => drill.target === target && quarterOf(drill.openedAt) === quarter && ranToVerdict(drill));
  const current = quarterOf(now.toISOString());
  if (isDrilled(current)) return [];
  const missed: MissedQuarter[] = [];
  const begin = startOf(current);
  const last = quarterBefore(now);
  if (Date.parse(knownSince) < begin && !isDrilled(last)) missed.push({ target, quarter: last, isOver: true });
  const daysLeft = (endOf(current) - now.getTime()) / DAY_MILLISECONDS;
  if (daysLeft <= ENDING_DAYS) missed.push({ target, quarter: current, isOver: false });
  return missed;
}

/** A drill that was refused before it built anything proves nothing; one that failed does, and its report says what. */
function ranToVerdict({ bootstrapStartedAt, verdict }: DrillRecord): boolean {
  return verdict !== undefined && bootstrapStartedAt !== undefined;
}

/** The quarter before that of an instant. */
export function quarterBefore(now: Date): string {
  return quarterOf(new Date(startOf(quarterOf(now.toISOString())) - 1).toISOString());
}

/** The first instant of a quarter in UTC, in milliseconds. */
function startOf(quarter: string): number {
  const [year, number] = quarter.split('Q').map(Number);
  return Date.UTC(year!, (number! - 1) * 3);
}

function endOf(quarter: string): number {
  const [year, number] = quarter.split('Q').map(Number);
  return Date.UTC(year!, number! * 3);
}

/** What the mail says is told once of each quarter: that it ends, and that it has passed. */
export function subjectOf({ target, quarter, isOver }: MissedQuarter): string {
  return `quarter/${target}/${quarter}/${isOver ? 'over' : 'ending'}`;
}

export function sentenceOf({ target, quarter, isOver }: MissedQuarter): string {
  return isOver
    ? `Target ${target} was not drilled in ${quarter}, nor since: nobody knows whether it can be rebuilt.`
    : `Target ${target} has not been drilled in ${quarter}, which ends within ${ENDING_DAYS} days.`;
}
