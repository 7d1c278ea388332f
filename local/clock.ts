import type { Clock } from '../domain/clock';

/**
 * The clock of a local drill: a discrete-event clock. It stands still while any worker works and jumps to the next
 * wake-up when all of them sleep or wait, so a two-hour drill takes the seconds that its code takes, and the figures
 * are exactly what the simulated infrastructure took.
 */
export interface DrillClock extends Clock {
  /** Begins a piece of work during which time stands still (an execution of a state machine); call the result once when it ends. */
  work(): () => void;
  /** Sleeping is done by a worker: its work counts as paused until it wakes. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Pauses the calling worker while it waits for another one (a nested execution, a callback token). */
  idle<Result>(other: Promise<Result>): Promise<Result>;
  /** Calls back at an instant (a timeout, a person who acts), unless cancelled by the returned function. Not a worker. */
  alarm(at: Date, callback: () => void): () => void;
}

export interface DrillClockOptions {
  readonly start: Date;
  /** Drill seconds in a real second, for the eye; `unpaced` jumps at once (the virtual clock of tests and simulation). */
  readonly speed: number | 'unpaced';
  /** Told of every move of `now()`. */
  readonly onAdvance?: (now: Date) => void;
}

/**
 * Makes a drill clock. Wake-ups come one at a time, by instant and then in the order in which they were asked for, and
 * each worker comes to rest before the next one wakes: the same work gives the same order.
 *
 * Whoever sleeps or idles outside any `work()` holds nothing: it does not stop the clock while it is awake.
 * @throws RangeError for a speed that is not above zero.
 */
export function createDrillClock(options: DrillClockOptions): DrillClock {
  if (options.speed !== 'unpaced' && !(options.speed > 0)) {
    throw new RangeError(`speed ${options.speed} of the drill clock is not a number above zero`);
  }
  return new DiscreteEventClock(options);
}

/** How often `now()` moves while a jump is paced: often enough to look smooth. */
const TICK_MS = 25;
/** Waits shorter than this are added up first: a timer of a millisecond takes longer than that. */
const SHORTEST_WAIT_MS = 4;

class DiscreteEventClock implements DrillClock {
  private instant: number;
  private readonly speed: number | 'unpaced';
  private readonly onAdvance: (now: Date) => void;
  private readonly wakeUps = new WakeUps();
  /** Pieces of work that have begun and not ended. */
  private open = 0;
  /** Who sleeps or idles on behalf of an open piece of work; never more than there are open ones. */
  private readonly paused = new Set<object>();
  /** Counts everything that happens, so that a quiet turn of the event loop can be told from a busy one. */
  private activity = 0;
  private quietSince = -1;
  private looking = false;
  private pacing = false;
  /** Real milliseconds that were waited beyond what the jumps so far were worth (negative: still owed). */
  private ahead = 0;

  constructor(options: DrillClockOptions) {
    this.instant = options.start.getTime();
    this.speed = options.speed;
    this.onAdvance = options.onAdvance ?? (() => {});
  }

  now(): Date {
    return new Date(this.instant);
  }

  work(): () => void {
    this.open += 1;
    this.stir();
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.open -= 1;
      this.withdrawPauses();
      this.stir();
    };
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!Number.isFinite(milliseconds)) {
      return Promise.reject(new RangeError(`cannot sleep for ${milliseconds} milliseconds`));
    }
    return new Promise((resolve, reject) => {
      const resume = this.pause();
      const abort = (): void => {
        this.wakeUps.remove(wakeUp);
        resume();
        reject(signal?.reason);
      };
      const wakeUp = this.wakeUps.add(this.instant + Math.max(0, Math.ceil(milliseconds)), () => {
        signal?.removeEventListener('abort', abort);
        resume();
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  async idle<Result>(other: Promise<Result>): Promise<Result> {
    const resume = this.pause();
    try {
      return await other;
    } finally {
      resume();
    }
  }

  alarm(at: Date, callback: () => void): () => void {
    const wakeUp = this.wakeUps.add(at.getTime(), callback);
    this.stir();
    return () => this.wakeUps.remove(wakeUp);
  }

  private get working(): number {
    return this.open - this.paused.size;
  }

  /** Pauses one piece of work, if any is not paused; the result resumes it. */
  private pause(): () => void {
    const pause = {};
    if (this.working > 0) this.paused.add(pause);
    this.stir();
    return () => {
      this.paused.delete(pause);
      this.stir();
    };
  }

  /** Work that ends while somebody still sleeps on its behalf (an aborted execution) takes that pause with it. */
  private withdrawPauses(): void {
    for (const pause of this.paused) {
      if (this.working >= 0) return;
      this.paused.delete(pause);
    }
  }

  private stir(): void {
    this.activity += 1;
    if (this.working === 0) this.lookNextTurn();
  }

  private lookNextTurn(): void {
    if (this.looking) return;
    this.looking = true;
    setImmediate(() => {
      this.looking = false;
      this.look();
    });
  }

  /** Wakes the next one when nobody works and nothing has happened for a whole turn of the event loop. */
  private look(): void {
    if (this.working > 0 || this.pacing) return;
    if (this.quietSince !== this.activity) {
      this.quietSince = this.activity;
      this.lookNextTurn();
      return;
    }
    const next = this.wakeUps.first();
    if (!next || !this.waitedFor(next.at)) return;
    this.wakeUps.remove(next);
    this.moveTo(next.at);
    this.stir();
    next.wake();
  }

  /** Whether the jump to an instant has been paced; if not, waits a tick in real time and looks again. */
  private waitedFor(at: number): boolean {
    if (this.speed === 'unpaced' || at <= this.instant) return true;
    const worth = (at - this.instant) / this.speed;
    const wait = worth - this.ahead;
    if (wait < SHORTEST_WAIT_MS) {
      this.ahead -= worth;
      return true;
    }
    this.pacing = true;
    const since = performance.now();
    setTimeout(() => this.tick(performance.now() - since), Math.min(TICK_MS, wait));
    return false;
  }

  /** Moves by what was waited for, never past the next wake-up, and not at all when work has begun meanwhile. */
  private tick(waited: number): void {
    this.pacing = false;
    const next = this.wakeUps.first();
    if (this.working > 0 || !next || this.speed === 'unpaced') return;
    this.ahead += waited;
    const reached = Math.min(next.at, this.instant + Math.floor(this.ahead * this.speed));
    if (reached > this.instant) {
      // A process that was busy for seconds does not make the next jumps free.
      this.ahead = Math.min(TICK_MS, this.ahead - (reached - this.instant) / this.speed);
      this.moveTo(reached);
    }
    this.look();
  }

  private moveTo(at: number): void {
    if (at <= this.instant) return;
    this.instant = at;
    this.onAdvance(this.now());
  }
}

interface WakeUp {
  readonly at: number;
  readonly sequence: number;
  readonly wake: () => void;
}

/** Wake-ups in order of instant and registration; kept backwards, so that the next one is at the cheap end. */
class WakeUps {
  private readonly backwards: WakeUp[] = [];
  private sequence = 0;

  add(at: number, wake: () => void): WakeUp {
    this.sequence += 1;
    const wakeUp = { at, sequence: this.sequence, wake };
    this.backwards.splice(this.placeOf(wakeUp), 0, wakeUp);
    return wakeUp;
  }

  first(): WakeUp | undefined {
    return this.backwards.at(-1);
  }

  /** Removes one; nothing happens when it is not there any more. */
  remove(wakeUp: WakeUp): void {
    const place = this.placeOf(wakeUp);
    if (this.backwards[place] === wakeUp) this.backwards.splice(place, 1);
  }

  /** The index of the first one that does not come later (binary search). */
  private placeOf(wakeUp: WakeUp): number {
    let low = 0;
    let high = this.backwards.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comesLater(this.backwards[middle]!, wakeUp)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function comesLater(one: WakeUp, other: WakeUp): boolean {
  return one.at === other.at ? one.sequence > other.sequence : one.at > other.at;
}
