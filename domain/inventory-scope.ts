import { TERRAFORM_OUTPUT } from './names';
import type { InventoryScope } from './ports/inventory';
import type { DrillStory } from './record';

/** By what the drill's resources are found: its id and cluster, its VPC and the volumes that *Drain cluster* saw. */
export function inventoryScopeOf({ record, outputs, leaks }: DrillStory): InventoryScope {
  const vpcId = outputs['provision-cluster']?.[TERRAFORM_OUTPUT.vpcId];
  const volumeIds = outputs['drain-cluster']?.['volumeIds'];
  const noted = Array.isArray(volumeIds) ? volumeIds.filter((id) => typeof id === 'string') : [];
  // A volume that was found on an instance is tied to the drill by nothing else once the instance is gone.
  const leakedVolumes = leaks.filter(({ type }) => type === 'ec2:volume').map(({ arn }) => arn.split('/').at(-1)!);
  return {
    drillId: record.drillId,
    clusterName: record.clusterName,
    since: record.openedAt,
    ...(typeof vpcId === 'string' ? { vpcId } : {}),
    volumeIds: [...new Set([...noted, ...leakedVolumes])],
  };
}
