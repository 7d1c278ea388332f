import type { InventoryItem } from './ports/inventory';
import { ownerLayerOf } from './owner-layer';
import { monthlyCostOf } from './prices';
import type { Leak } from './record';
import type { Settings } from './settings';

/** The leak that an item of the inventory is, with the layer that owns it and its price where they can be told. */
export function leakOf(item: InventoryItem, status: Leak['status'], settings: Settings, obstacle?: string): Leak {
  const monthlyCost = monthlyCostOf(item);
  const layer = ownerLayerOf(item, settings);
  return {
    arn: item.arn,
    type: item.type,
    ...(layer ? { layer } : {}),
    ...(item.createdAt ? { createdAt: item.createdAt } : {}),
    ...(monthlyCost === undefined ? {} : { monthlyCost }),
    reason: item.reason,
    status,
    ...(obstacle === undefined ? {} : { obstacle }),
  };
}
