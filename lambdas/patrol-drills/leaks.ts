import type { Host } from '../../adapters/host';
import type { Abandoned } from '../../domain/abandoned';
import { inventoryScopeOf } from '../../domain/inventory-scope';
import { isLive } from '../../domain/lease';
import { clusterNameOf, TAG } from '../../domain/names';
import type { DrillStory } from '../../domain/record';
import { startTeardownAgain } from '../guard-drill/start-teardown';
import type { Looks } from './look';
import { recentDrills } from './recent-drills';

/**
 * Looks for what outlived its drill: by the tag of a drill which is not open, and by the teardowns of this quarter that
 * could not prove that nothing is left (what controllers made carries no tag of the drill). A closed drill is torn down
 * again, within the number of teardowns that any drill gets; what carries the tag of a drill without a record is never
 * deleted, because nothing proves whose it is.
 * @returns what stays.
 */
export async function lookForLeaks(
  host: Host,
  teardownMachineArn: string,
  looks: Looks,
): Promise<readonly Abandoned[]> {
  const abandoned: Abandoned[] = [];
  const leaking = (await recentDrills(host)).filter(({ status, teardown }) => {
    return status === 'closed' && teardown?.outcome !== 'nothing-left';
  });
  const suspects = [...(await host.inventory.taggedDrills()), ...leaking.map(({ drillId }) => drillId)];
  for (const drillId of new Set(suspects)) {
    await looks.take(`leaks of ${drillId}`, async () => {
      const story = await host.history.story(drillId);
      const found = story ? await ofKnown(story, host, teardownMachineArn) : await ofUnknown(drillId, host);
      if (found) abandoned.push(found);
    });
  }
  return abandoned;
}

async function ofKnown(story: DrillStory, host: Host, teardownMachineArn: string): Promise<Abandoned | undefined> {
  const { drillId, status, target } = story.record;
  if (status === 'open') return undefined;
  const resources = (await host.inventory.find(inventoryScopeOf(story))).map(({ arn }) => arn).toSorted();
  if (resources.length === 0) return undefined;
  const lease = await host.history.lease(target);
  if (lease && lease.drillId !== drillId && isLive(lease, host.clock.now())) {
    // Its sweep would delete nothing beside another drill of the target; the first patrol after that one sees to it.
    host.log(`${resources.length} resources of ${drillId} wait until ${lease.drillId} gives the lease back`);
    return undefined;
  }
  if (await startTeardownAgain(drillId, host, teardownMachineArn)) {
    host.log(`drill ${drillId} is closed and left ${resources.length} resources; it is torn down again`);
    return undefined;
  }
  return { drillId, resources, why: 'all teardowns that were started for it have ended without removing them' };
}

async function ofUnknown(drillId: string, host: Host): Promise<Abandoned | undefined> {
  const items = await host.inventory.find({ drillId, clusterName: clusterNameOf(drillId), volumeIds: [] });
  // Only by the tag itself: a cluster of the same name may be somebody else's.
  const own = items.filter(({ tags }) => tags[TAG.drill] === drillId);
  const resources = own.map(({ arn }) => arn).toSorted();
  if (resources.length === 0) return undefined;
  return { drillId, resources, why: 'the history has no such drill, so nothing proves that they may be deleted' };
}
