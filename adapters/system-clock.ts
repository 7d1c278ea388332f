import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../domain/clock';

/** The wall clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, signal ? { signal } : undefined);
  },
};
