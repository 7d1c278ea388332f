import type { DrillClock } from '../clock';
import { StatesError } from './states-error';

export interface Limits {
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

export interface LimitedRun {
  /** Aborts when a limit is reached or the execution is stopped. */
  readonly signal: AbortSignal;
  /** Begins the time between heartbeats anew. */
  readonly beat: () => void;
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
  const attempt = new AbortController();
  const stopped = new Promise<never>((_resolve, reject) => {
    attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason), { once: true });
  });
  const follow = (): void => attempt.abort(stop.reason);
  stop.addEventListener('abort', follow, { once: true });
  const timeout = alarmAfter(clock, limits.timeoutSeconds, () => {
    attempt.abort(new StatesError('States.Timeout', ''));
  });
  const missed = (): void => attempt.abort(new StatesError('States.HeartbeatTimeout', ''));
  let heartbeat = alarmAfter(clock, limits.heartbeatSeconds, missed);
  const beat = (): void => {
    heartbeat();
    heartbeat = alarmAfter(clock, limits.heartbeatSeconds, missed);
  };
  try {
    return await clock.idle(Promise.race([run({ signal: attempt.signal, beat }), stopped]));
  } finally {
    stop.removeEventListener('abort', follow);
    timeout();
    heartbeat();
  }
}

function alarmAfter(clock: DrillClock, seconds: number | undefined, callback: () => void): () => void {
  if (seconds === undefined) return () => {};
  return clock.alarm(new Date(clock.now().getTime() + seconds * 1000), callback);
}
