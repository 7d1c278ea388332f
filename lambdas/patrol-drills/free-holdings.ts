import type { Host } from '../../adapters/host';
import { isLive } from '../../domain/lease';
import type { Targets } from '../../domain/settings';
import { freeSlots, isUnused } from '../free-slots';
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
      if (!lease || !(await isUnused(lease.drillId, isLive(lease, clock.now()), history))) return;
      await history.releaseLease(name, lease.drillId);
      log(`freed the lease of ${name}, which ${lease.drillId} left`);
    });
  }
  await looks.take('slots', () => freeSlots(host));
}
