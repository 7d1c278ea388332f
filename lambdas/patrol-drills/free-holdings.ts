import type { Host } from '../../adapters/host';
import { isLive, LEASE_SECONDS } from '../../domain/lease';
import type { Targets } from '../../domain/settings';
import type { Looks } from './look';

/**
 * Frees leases and slots whose drill is closed, or never came to be: a drill that died between taking them and writing
 * its record. What an open drill holds stays with it, dead or not, until its teardown has closed it.
 */
export async function freeHoldings(targets: Targets, host: Host, looks: Looks): Promise<void> {
  const { clock, history, log } = host;
  for (const { name } of targets) {
    await looks.take(`lease of ${name}`, async () => {
      const lease = await history.lease(name);
      if (!lease || !(await isUnused(lease.drillId, isLive(lease, clock.now()), host))) return;
      await history.releaseLease(name, lease.drillId);
      log(`freed the lease of ${name}, which ${lease.drillId} left`);
    });
  }
  await looks.take('slots', async () => {
    for (const { slot, drillId, takenAt } of await history.slots()) {
      const mayBeOpening = Date.parse(takenAt) + LEASE_SECONDS * 1000 > clock.now().getTime();
      if (!(await isUnused(drillId, mayBeOpening, host))) continue;
      await history.releaseSlots(drillId);
      log(`freed slot ${slot}, which ${drillId} left`);
    }
  });
}

async function isUnused(drillId: string, mayBeOpening: boolean, { history }: Host): Promise<boolean> {
  const record = await history.record(drillId);
  return record ? record.status === 'closed' : !mayBeOpening;
}
