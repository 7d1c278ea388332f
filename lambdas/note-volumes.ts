import type { Host } from '../adapters/host';
import { volumeIdsOf } from '../domain/drain';
import { messageOf } from '../domain/errors';
import { RESOURCE } from '../domain/health/resource-types';
import { NOTED_VOLUMES, volumesNotedIn } from '../domain/inventory-scope';
import type { KubernetesApi } from '../domain/ports/kubernetes';
import type { DrillStory } from '../domain/record';

/**
 * Notes the EBS volumes that the cluster has made so far. *Drain cluster* reads them too, but when the API does not
 * answer by then, nothing else ties a volume without tags to the drill. One list request; without its answer the caller
 * goes on all the same.
 */
export async function noteVolumes(
  { record, outputs }: DrillStory,
  api: KubernetesApi,
  { history, log }: Pick<Host, 'history' | 'log'>,
): Promise<void> {
  try {
    const noted = volumesNotedIn(outputs, NOTED_VOLUMES);
    const volumeIds = [...new Set([...noted, ...volumeIdsOf((await api.list(RESOURCE.volume)) ?? [])])];
    if (volumeIds.length === noted.length) return;
    await history.put(record.drillId, [{ type: 'outputs', build: NOTED_VOLUMES, item: { volumeIds } }]);
  } catch (error) {
    log(`the volumes of the cluster could not be noted: ${messageOf(error)}`);
  }
}
