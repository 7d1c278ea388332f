/**
 * Time as a parameter: nothing in `domain/`, `lambdas/` or `buildspecs/` reads a clock of its own, so the same code
 * runs on the wall clock, on the local drill's fast clock and on the virtual clock of tests.
 */
export interface Clock {
  now(): Date;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Whole and fractional seconds from one instant to another (negative when `to` is earlier). */
export function secondsBetween(from: string | Date, to: string | Date): number {
  return (millisecondsOf(to) - millisecondsOf(from)) / 1000;
}

function millisecondsOf(instant: string | Date): number {
  return typeof instant === 'string' ? Date.parse(instant) : instant.getTime();
}

/** The latest of some instants, or undefined when there is none. Instants are compared as times, not as text. */
export function latest(instants: Iterable<string | undefined>): string | undefined {
  let result: string | undefined;
  for (const instant of instants) {
    if (instant !== undefined && (result === undefined || Date.parse(instant) > Date.parse(result))) result = instant;
  }
  return result;
}

/** The earliest of some instants, or undefined when there is none. */
export function earliest(instants: Iterable<string | undefined>): string | undefined {
  let result: string | undefined;
  for (const instant of instants) {
    if (instant !== undefined && (result === undefined || Date.parse(instant) < Date.parse(result))) result = instant;
  }
  return result;
}

/** An instant for people, in UTC: `2026-10-05 06:00:12 UTC`. */
export function instantWords(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
