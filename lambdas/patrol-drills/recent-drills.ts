import type { Host } from '../../adapters/host';
import { quarterOf } from '../../domain/names';
import type { DrillRecord } from '../../domain/record';

/** A drill that was closed within this time is looked at in any case, also when the quarter has turned since. */
export const RECENT_SECONDS = 24 * 3_600;

/** The drills of the current quarter and of the one that ended within the last day. The list may lag by a moment. */
export async function recentDrills({ clock, history }: Host): Promise<readonly DrillRecord[]> {
  const now = clock.now();
  const yesterday = new Date(now.getTime() - RECENT_SECONDS * 1000);
  const quarters = new Set([yesterday, now].map((at) => quarterOf(at.toISOString())));
  const drills: DrillRecord[] = [];
  for (const quarter of quarters) drills.push(...(await history.drillsIn(quarter)));
  return drills;
}
