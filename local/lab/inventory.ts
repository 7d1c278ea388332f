import { AwsInventory } from '../../adapters/aws-inventory';
import { inventoryScopeOf } from '../../domain/inventory-scope';
import type { DrillStory } from '../../domain/record';
import type { Lab } from './lab';

/** ARNs of what of a drill is there, asked of the services by the product's own inventory. */
export async function inventoryOf(lab: Lab, story: DrillStory): Promise<string[]> {
  const found = await new AwsInventory(lab.clients).find(inventoryScopeOf(story));
  return found.map(({ arn }) => arn).toSorted();
}
