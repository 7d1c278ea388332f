import type { Clock } from '../domain/clock';
import { snapshotOf, type ClusterSnapshot, type UnreadableCluster } from '../domain/health/cluster-snapshot';
import { KubernetesUnavailableError, type KubernetesApi, type ResourceType } from '../domain/ports/kubernetes';

/** Lists all objects of some types at once. An API that does not answer is a reading of its own, not an error. */
export async function readCluster(
  api: KubernetesApi,
  types: readonly ResourceType[],
  clock: Pick<Clock, 'now'>,
): Promise<ClusterSnapshot | UnreadableCluster> {
  const readAt = clock.now().toISOString();
  try {
    return snapshotOf(readAt, await Promise.all(types.map(async (type) => [type, await api.list(type)] as const)));
  } catch (error) {
    if (error instanceof KubernetesUnavailableError) return { readAt, unavailable: error };
    throw error;
  }
}
