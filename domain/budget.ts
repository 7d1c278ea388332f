import { secondsBetween } from './clock';
import type { Limits } from './limits';
import type { DrillRecord } from './record';
import type { Settings } from './settings';

/** A teardown without trouble: draining takes 10 minutes and destroying 12 (as seen); the rest of the hour is for queues. */
const TEARDOWN_HOURS = 1;

/**
 * Why a drill must not be opened for what it may cost; undefined when it may. An estimate, from the hours that drill
 * clusters stood and a price for each hour: what the drills of this month have taken, and for each that has not ended,
 * and for the new one, what it may take at most until its deadline.
 * @param drills of the place that were opened in the quarter of `now`, without the new one.
 */
export function budgetObstacle(
  drills: readonly DrillRecord[],
  settings: Pick<Settings, 'deadlineSeconds'>,
  { dollarsPerClusterHour, monthlyDollars }: Limits,
  now: Date,
): string | undefined {
  const month = monthOf(now);
  const ofMonth = drills.filter(({ openedAt }) => monthOf(new Date(openedAt)) === month);
  const hours = ofMonth.reduce((sum, drill) => sum + clusterHours(drill, now), 0);
  const own = mostHours(settings);
  const dollars = (clusterHour: number): number => clusterHour * dollarsPerClusterHour;
  if (dollars(hours + own) <= monthlyDollars) return undefined;
  const drilled = ofMonth.length === 1 ? 'the one drill' : `the ${ofMonth.length} drills`;
  return `it may take ${own.toFixed(1)} cluster hours (${money(dollars(own))}), and ${drilled} of ${month} took ${hours.toFixed(1)} (${money(dollars(hours))}) of a budget of ${money(monthlyDollars)}; raise limits.monthlyDollars in drill.yaml, or wait for the next month`;
}

/** Hours for which the cluster of a drill stood, or may have stood when its teardown is over. */
function clusterHours({ bootstrapStartedAt, closedAt, settings, teardown }: DrillRecord, now: Date): number {
  if (closedAt === undefined) {
    const sofar = bootstrapStartedAt === undefined ? 0 : hoursBetween(bootstrapStartedAt, now);
    return Math.max(sofar, mostHours(settings));
  }
  if (bootstrapStartedAt === undefined) return 0;
  return Math.max(0, hoursBetween(bootstrapStartedAt, teardown?.finishedAt ?? closedAt));
}

function mostHours({ deadlineSeconds }: Pick<Settings, 'deadlineSeconds'>): number {
  return deadlineSeconds / 3_600 + TEARDOWN_HOURS;
}

function hoursBetween(from: string, to: string | Date): number {
  return secondsBetween(from, to) / 3_600;
}

/** Such as `2026-10`, in UTC. */
function monthOf(instant: Date): string {
  return instant.toISOString().slice(0, 7);
}

function money(dollars: number): string {
  return `${dollars.toFixed(2)} US dollars`;
}
