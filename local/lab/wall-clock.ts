import { systemClock } from '../../adapters/system-clock';
import type { DrillClock } from '../clock';

/** setTimeout takes at most this many milliseconds (a signed 32-bit number), 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What the drill itself waits for (the next poll, the next round of the sweep) is waited for this much shorter … */
const IMPATIENCE = 5;
/** … but for short waits, which keep two reads apart. */
const SHORT_MS = 10_000;

/**
 * The wall clock as the clock of a local drill. Programs that nobody rehearses, such as Terraform, tell real time, so a
 * drill with them has no other: nothing jumps, and work needs no counting. Only the drill's own sleeps are cut short,
 * because everything that they wait for answers at once or is simulated.
 */
export const wallClock: DrillClock = {
  ...systemClock,
  sleep: (milliseconds, signal) =>
    systemClock.sleep(milliseconds > SHORT_MS ? milliseconds / IMPATIENCE : milliseconds, signal),
  work: () => () => {},
  idle: (other) => other,
  alarm: (at, callback) => {
    const timer = setTimeout(callback, Math.min(LONGEST_TIMER_MS, Math.max(0, at.getTime() - Date.now())));
    // Alarms are deadlines, and a deadline alone keeps nobody.
    timer.unref();
    return () => clearTimeout(timer);
  },
};
