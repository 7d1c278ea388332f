import type { ObjectReading } from '../record';

/** The worst first: what has failed ends the wait, what is degraded is the likelier cause than what only waits. */
const WEIGHT: Readonly<Record<ObjectReading['status'], number>> = {
  failed: 0,
  degraded: 1,
  suspended: 2,
  missing: 3,
  progressing: 4,
  healthy: 5,
};

export function byWeight(one: ObjectReading, other: ObjectReading): number {
  return WEIGHT[one.status] - WEIGHT[other.status];
}
