import type { Clock } from '../../domain/clock';

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
  private readonly sleepers = new Set<AbortController>();

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
    for (const sleeper of this.sleepers) sleeper.abort(error);
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
  clock(clock: Clock): Clock {
    return { now: () => clock.now(), sleep: (milliseconds, signal) => this.sleep(clock, milliseconds, signal) };
  }

  private async sleep(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
    const sleeper = new AbortController();
    const wake = (): void => sleeper.abort(signal?.reason);
    if (signal?.aborted) wake();
    signal?.addEventListener('abort', wake, { once: true });
    this.sleepers.add(sleeper);
    try {
      await this.whileAlive(clock.sleep(milliseconds, sleeper.signal));
    } finally {
      this.sleepers.delete(sleeper);
      signal?.removeEventListener('abort', wake);
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
