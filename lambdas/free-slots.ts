import type { Host } from '../adapters/host';
import { LEASE_SECONDS } from '../domain/lease';

/**
 * Frees slots whose drill is closed, or never came to be. A drill that is dead but open keeps its slot until its
 * teardown has closed it, as its cluster may still stand.
 */
export async function freeSlots({ clock, history, log }: Pick<Host, 'clock' | 'history' | 'log'>): Promise<void> {
  for (const { slot, drillId, takenAt } of await history.slots()) {
    const mayBeOpening = Date.parse(takenAt) + LEASE_SECONDS * 1000 > clock.now().getTime();
    if (!(await isUnused(drillId, mayBeOpening, history))) continue;
    await history.releaseSlots(drillId);
    log(`freed slot ${slot}, which ${drillId} left`);
  }
}

/** @param mayBeOpening whether a drill without a record may still be about to write it. */
export async function isUnused(drillId: string, mayBeOpening: boolean, history: Host['history']): Promise<boolean> {
  const record = await history.record(drillId);
  return record ? record.status === 'closed' : !mayBeOpening;
}
