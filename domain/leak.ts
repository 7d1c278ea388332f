import type { InventoryItem } from './ports/inventory';
import { monthlyCostOf } from './prices';
import type { Leak } from './record';

/** The leak that an item of the inventory is, with its price where it has one. */
export function leakOf(item: InventoryItem, status: Leak['status'], obstacle?: string): Leak {
  const monthlyCost = monthlyCostOf(item);
  return {
    arn: item.arn,
    type: item.type,
    ...(item.layer ? { layer: item.layer } : {}),
    ...(item.createdAt ? { createdAt: item.createdAt } : {}),
    ...(monthlyCost === undefined ? {} : { monthlyCost }),
    reason: item.reason,
    status,
    ...(obstacle === undefined ? {} : { obstacle }),
  };
}
