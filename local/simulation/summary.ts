import type { FaultKind } from './faults';
import type { Violation } from './invariants';
import type { Outcome } from './simulate-drill';

/** What is kept of an outcome when thousands are counted; the story only where an invariant did not hold. */
export interface Brief {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly injected: readonly FaultKind[];
  readonly verdicts: readonly string[];
  readonly alarms: readonly string[];
  readonly left: number;
  readonly story?: readonly string[];
}

export function briefOf({ plan, violations, injected, verdicts, alarms, left, story }: Outcome): Brief {
  return {
    seed: plan.seed,
    violations,
    injected: injected.map(({ kind }) => kind),
    verdicts,
    alarms,
    left,
    ...(violations.length === 0 ? {} : { story }),
  };
}

/** How many of each there were. */
export function countsOf(names: Iterable<string>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
