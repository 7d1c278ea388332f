import { TERRAFORM_OUTPUT } from './names';
import type { InventoryScope } from './ports/inventory';
import type { DrillStory } from './record';

/** By what the drill's resources are found: its id and cluster, its VPC and the volumes that *Drain cluster* saw. */
export function inventoryScopeOf({ record, outputs }: DrillStory): InventoryScope {
  const vpcId = outputs['provision-cluster']?.[TERRAFORM_OUTPUT.vpcId];
  const volumeIds = outputs['drain-cluster']?.['volumeIds'];
  return {
    drillId: record.drillId,
    clusterName: record.clusterName,
    since: record.openedAt,
    ...(typeof vpcId === 'string' ? { vpcId } : {}),
    volumeIds: Array.isArray(volumeIds) ? volumeIds.filter((id) => typeof id === 'string') : [],
  };
}
