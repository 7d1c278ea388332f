import { TERRAFORM_OUTPUT } from './names';
import type { InventoryScope } from './ports/inventory';
import type { DrillStory } from './record';

/** Key of the outputs that hold the volumes seen at the end of a layer or when the drill failed, before any draining. */
export const NOTED_VOLUMES = 'noted-volumes';

/** By what the drill's resources are found: its id and cluster, its VPC and the volumes that its cluster was seen with. */
export function inventoryScopeOf({ record, outputs, leaks }: DrillStory): InventoryScope {
  const vpcId = outputs['provision-cluster']?.[TERRAFORM_OUTPUT.vpcId];
  const noted = ['drain-cluster', NOTED_VOLUMES].flatMap((key) => volumesNotedIn(outputs, key));
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

/** Ids of the volumes that one item of the outputs holds. */
export function volumesNotedIn(outputs: DrillStory['outputs'], key: string): readonly string[] {
  const volumeIds = outputs[key]?.['volumeIds'];
  return Array.isArray(volumeIds) ? volumeIds.filter((id) => typeof id === 'string') : [];
}
