import type { Clock } from '../../domain/clock';
import type { DrillClock } from '../clock';

/**
 * The life of one Lambda invocation or build. When it dies, nothing more of it happens: whatever it waits for never
 * comes, and whoever started it is told.
 */
export class Process {
  isDead = false;
  private tell: (error: Error) => void = () => {};
  private readonly death = new Promise<never>((_, reject) => {
    this.tell = reject;
  });
  /** Takes away what would wake each of those who sleep. */
  private readonly sleepers = new Set<() => void>();
  private wake: () => void = () => {};

  constructor() {
    // Nobody may wait for it any more when it dies.
    this.death.catch(() => {});
  }

  /** Runs what the process does, until it is done or the process dies. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    return Promise.race([work(), this.death]);
  }

  kill(error: Error): void {
    this.isDead = true;
    // Who sleeps must not go on sleeping on behalf of work that has ended.
    for (const cancel of this.sleepers) cancel();
    this.sleepers.clear();
    this.wake();
    this.tell(error);
  }

  /** What was waited for, unless the process has died by then. */
  async whileAlive<Result>(waiting: Promise<Result>): Promise<Result> {
    try {
      const result = await waiting;
      return this.isDead ? await never() : result;
    } catch (error) {
      if (this.isDead) return never();
      throw error;
    }
  }

  /** A clock that the process sleeps by. */
  clock(clock: DrillClock): Clock {
    return { now: () => clock.now(), sleep: (milliseconds, signal) => this.sleep(clock, milliseconds, signal) };
  }

  /**
   * A build may sleep twice at once (its heartbeat waits for the table while Terraform works), and is one worker of the
   * clock all the same: it rests as long as anything of it sleeps.
   */
  private sleep(clock: DrillClock, milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (this.isDead) return never();
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel();
        signal?.removeEventListener('abort', abort);
        this.sleepers.delete(cancel);
        if (this.sleepers.size === 0) this.wake();
      };
      const abort = (): void => (end(), reject(signal?.reason));
      const at = new Date(clock.now().getTime() + Math.max(0, Math.ceil(milliseconds)));
      const cancel = clock.alarm(at, () => (end(), resolve()));
      signal?.addEventListener('abort', abort, { once: true });
      if (this.sleepers.size === 0) void clock.idle(new Promise<void>((wake) => (this.wake = wake)));
      this.sleepers.add(cancel);
    });
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
