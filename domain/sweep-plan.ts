import type { InventoryItem, InventoryScope } from './ports/inventory';
import type { Layer } from './layers';
import { ownerLayerOf } from './owner-layer';
import { monthlyCostOf } from './prices';
import type { DrillRecord } from './record';
import { deletionObstacle, ownershipOf, ownVpcsOf, type SweepFacts } from './sweep';
import { inSweepOrder } from './sweep-order';

/** One resource in a plan of the sweep: with its three proofs it is deleted, with an obstacle it is left alone. */
export interface SweepStep {
  readonly item: InventoryItem;
  /** Account, ownership and lease, each as a clause; empty when there is an obstacle. */
  readonly proofs: readonly string[];
  /** Why it may not be deleted. */
  readonly obstacle?: string;
  /** The layer that owns it, where that can be told. */
  readonly layer?: Layer;
  /** US dollars a month, where it has a price. */
  readonly monthlyCost?: number;
}

/** What the sweep would do with an inventory, in the order of doing it. Making a plan changes nothing. */
export function sweepPlan(
  items: readonly InventoryItem[],
  record: DrillRecord,
  facts: Pick<SweepFacts, 'account' | 'lease' | 'now'> & { readonly scope: InventoryScope },
): readonly SweepStep[] {
  const vpcIds = ownVpcsOf(items, record);
  const noted = { vpcIds, volumeIds: facts.scope.volumeIds };
  const held = {
    ...facts,
    vpcIds,
    volumeIds: [...noted.volumeIds, ...volumesOnInstances(items, record, noted)],
    ownsCluster: items.some((item) => isDrillCluster(item, record) && ownershipOf(item, record, noted)),
  };
  return inSweepOrder(items).map((item) => {
    const obstacle = deletionObstacle(item, record, held);
    const monthlyCost = monthlyCostOf(item);
    const layer = ownerLayerOf(item, record.settings);
    return {
      item,
      proofs: obstacle === undefined ? proofsOf(item, record, held) : [],
      ...(obstacle === undefined ? {} : { obstacle }),
      ...(layer === undefined ? {} : { layer }),
      ...(monthlyCost === undefined ? {} : { monthlyCost }),
    };
  });
}

function isDrillCluster({ type, arn }: InventoryItem, { clusterName }: DrillRecord): boolean {
  return type === 'eks:cluster' && arn.endsWith(`:cluster/${clusterName}`);
}

/** Volumes that hang on an instance which is itself proven to be the drill's. */
function volumesOnInstances(
  items: readonly InventoryItem[],
  record: DrillRecord,
  noted: Pick<SweepFacts, 'vpcIds' | 'volumeIds'>,
): string[] {
  const instances = items.filter((item) => item.type === 'ec2:instance' && ownershipOf(item, record, noted));
  return items.flatMap(({ arn, instanceId }) =>
    instances.some((instance) => instanceId !== undefined && instance.arn.endsWith(`/${instanceId}`))
      ? [arn.split('/').at(-1)!]
      : [],
  );
}

function proofsOf(item: InventoryItem, record: DrillRecord, facts: SweepFacts): string[] {
  const { target, settings } = record;
  return [
    `account ${settings.account} is the target's`,
    ownershipOf(item, record, facts)!,
    `no other drill holds the lease of ${target}`,
  ];
}
