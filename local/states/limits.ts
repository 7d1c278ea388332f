import type { DrillClock } from '../clock';
import { StatesError } from './states-error';

export interface Limits {
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

export interface LimitedRun {
  /** Aborts when a limit is reached or the execution is stopped. Made when it is first asked for: most tasks never do. */
  readonly signal: AbortSignal;
  /** Begins the time between heartbeats anew. */
  beat(): void;
}

/**
 * Runs one try of a task within its limits, as an idle worker of the clock.
 * Rejects with States.Timeout or States.HeartbeatTimeout, or with the reason of `stop`; the run itself is told by its
 * signal and its result is dropped.
 */
export async function withinLimits<Result>(
  clock: DrillClock,
  stop: AbortSignal,
  limits: Limits,
  run: (limited: LimitedRun) => Promise<Result>,
): Promise<Result> {
  stop.throwIfAborted();
  const attempt = new Attempt();
  const follow = (): void => attempt.end(stop.reason);
  stop.addEventListener('abort', follow, { once: true });
  const timeout = alarmAfter(clock, limits.timeoutSeconds, () => attempt.end(new StatesError('States.Timeout', '')));
  const missed = (): void => attempt.end(new StatesError('States.HeartbeatTimeout', ''));
  let heartbeat = alarmAfter(clock, limits.heartbeatSeconds, missed);
  attempt.beats = () => {
    heartbeat();
    heartbeat = alarmAfter(clock, limits.heartbeatSeconds, missed);
  };
  try {
    return await clock.idle(attempt.race(run(attempt)));
  } finally {
    stop.removeEventListener('abort', follow);
    timeout();
    heartbeat();
  }
}

class Attempt implements LimitedRun {
  beats: () => void = () => {};
  private controller: AbortController | undefined;
  private ending: { readonly reason: unknown } | undefined;
  private reject: (reason: unknown) => void = () => {};

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.ending) this.controller.abort(this.ending.reason);
    }
    return this.controller.signal;
  }

  beat(): void {
    if (!this.ending) this.beats();
  }

  /** What the run gives, unless the attempt is ended first. */
  race<Result>(run: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.reject = reject;
      // It may have been ended while the run began.
      if (this.ending) reject(this.ending.reason);
      run.then(resolve, reject);
    });
  }

  end(reason: unknown): void {
    this.ending ??= { reason };
    this.controller?.abort(reason);
    this.reject(reason);
  }
}

function alarmAfter(clock: DrillClock, seconds: number | undefined, callback: () => void): () => void {
  if (seconds === undefined) return () => {};
  return clock.alarm(new Date(clock.now().getTime() + seconds * 1000), callback);
}
