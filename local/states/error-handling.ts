import type { ReferencePath } from './path';

/** What Step Functions lets no wildcard match: the first can be named, the second is never retried nor caught. */
const NOT_MATCHED_BY_ALL = new Set(['States.DataLimitExceeded', 'States.Runtime']);

/**
 * Whether an `ErrorEquals` list matches an error. `States.ALL` misses `States.DataLimitExceeded` (which can be named) and
 * `States.Runtime` (which always fails the execution); `States.TaskFailed` matches the same but for `States.Timeout`; a
 * missed heartbeat is a timeout too (Step Functions Developer Guide, "Handling errors").
 */
export function matches(errorEquals: readonly string[], error: string): boolean {
  if (error === 'States.Runtime') return false;
  return errorEquals.some((pattern) => {
    if (pattern === error) return true;
    if (pattern === 'States.ALL') return !NOT_MATCHED_BY_ALL.has(error);
    if (pattern === 'States.Timeout') return error === 'States.HeartbeatTimeout';
    return pattern === 'States.TaskFailed' && error !== 'States.Timeout' && !NOT_MATCHED_BY_ALL.has(error);
  });
}

export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly maxAttempts: number;
  readonly maxDelaySeconds: number;
}

export interface Catcher {
  readonly errorEquals: readonly string[];
  /** Null: the error is dropped and the state's input goes on. */
  readonly resultPath: ReferencePath | null;
  readonly next: string;
}

/** The retries of one visit to a state; every retrier counts its own. */
export class Retries {
  /** All retries of the visit so far: `$$.State.RetryCount`. */
  count = 0;
  private readonly used = new Map<Retrier, number>();

  constructor(private readonly retriers: readonly Retrier[]) {}

  /** Milliseconds to wait before trying again; undefined when the error is not (or no more) retried. */
  delayAfter(error: string): number | undefined {
    const retrier = this.retriers.find(({ errorEquals }) => matches(errorEquals, error));
    if (!retrier) return undefined;
    const used = this.used.get(retrier) ?? 0;
    if (used >= retrier.maxAttempts) return undefined;
    this.used.set(retrier, used + 1);
    this.count += 1;
    return Math.min(retrier.intervalSeconds * retrier.backoffRate ** used, retrier.maxDelaySeconds) * 1000;
  }
}
