import type { Host } from '../../adapters/host';
import type { Abandoned } from '../../domain/abandoned';
import { inventoryScopeOf } from '../../domain/inventory-scope';
import { isLive } from '../../domain/lease';
import { clusterNameOf, TAG } from '../../domain/names';
import type { InventoryScope } from '../../domain/ports/inventory';
import type { DrillStory } from '../../domain/record';
import { startTeardownAgain } from '../guard-drill/start-teardown';
import type { Looks } from './look';

/**
 * Looks for resources that carry the tag of a drill which is not open. A closed drill is torn down again, within the
 * number of teardowns that any drill gets; what carries the tag of a drill without a record is never deleted, because
 * nothing proves whose it is.
 * @returns what stays.
 */
export async function lookForLeftovers(
  host: Host,
  teardownMachineArn: string,
  looks: Looks,
): Promise<readonly Abandoned[]> {
  const abandoned: Abandoned[] = [];
  for (const drillId of await host.inventory.taggedDrills()) {
    await looks.take(`leftovers of ${drillId}`, async () => {
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
  const resources = await resourcesOf(inventoryScopeOf(story), host);
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
  const resources = await resourcesOf({ drillId, clusterName: clusterNameOf(drillId), volumeIds: [] }, host);
  if (resources.length === 0) return undefined;
  return { drillId, resources, why: 'the history has no such drill, so nothing proves that they may be deleted' };
}

/** What is there now and carries the drill's own tag, sorted. */
async function resourcesOf(scope: InventoryScope, { inventory }: Host): Promise<readonly string[]> {
  const items = await inventory.find(scope);
  return items
    .filter(({ tags }) => tags[TAG.drill] === scope.drillId)
    .map(({ arn }) => arn)
    .toSorted();
}
