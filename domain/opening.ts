import { secondsBetween } from './clock';

/**
 * How long a drill waits for earlier ones before it is refused. A teardown without trouble takes 25 minutes; after two
 * hours the drill would begin in the middle of the working day, which is worse than one that is missed and alarmed about.
 */
export const OPENING_WAIT_SECONDS = 2 * 3_600;

/** What a drill waits for changes within minutes. */
export const OPENING_TURN_SECONDS = 60;

/** Whether a drill whose execution started then may go on waiting. */
export function mayWait(startedAt: string, now: Date): boolean {
  return secondsBetween(startedAt, now) < OPENING_WAIT_SECONDS;
}
