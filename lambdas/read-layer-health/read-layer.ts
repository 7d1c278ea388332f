import type { Host } from '../../adapters/host';
import { readCluster } from '../../adapters/read-cluster';
import { judgeClusterLayer } from '../../domain/health/judge-cluster-layer';
import { judgeLayer } from '../../domain/health/judge-layer';
import type { LayerReading } from '../../domain/health/layer-reading';
import { combined, type ClusterSnapshot, type UnreadableCluster } from '../../domain/health/cluster-snapshot';
import { engineTypes, RESOURCE } from '../../domain/health/resource-types';
import { typesToRead } from '../../domain/health/types-to-read';
import type { Layer } from '../../domain/layers';
import type { EksCluster } from '../../domain/ports/eks';
import type { KubernetesApi, KubernetesObject } from '../../domain/ports/kubernetes';
import type { DrillRecord } from '../../domain/record';
import type { Settings } from '../../domain/settings';

export interface ReadLayer {
  readonly reading: LayerReading;
  /** Everything that was read, for what else can be told from it. */
  readonly objects: readonly KubernetesObject[];
  /** By which it was read; absent when it did not answer, and for the cluster layer. */
  readonly api?: KubernetesApi;
}

/** Reads a layer: the cluster from EKS and its nodes, the others from the Kubernetes API. */
export async function readLayer(
  record: DrillRecord,
  layer: Layer,
  { clock, eks }: Pick<Host, 'clock' | 'eks'>,
): Promise<ReadLayer> {
  const { clusterName, settings } = record;
  const cluster = await eks.cluster(clusterName);
  const api = hasEndpoint(cluster) ? eks.kubernetes(cluster) : undefined;
  const snapshot = api && (await snapshotFor(layer, settings, api, clock));
  const objects = snapshot && 'objects' in snapshot ? Object.values(snapshot.objects).flat() : [];
  const now = clock.now();
  if (layer === 'cluster') {
    const parts = await eks.parts(clusterName);
    const capabilities = settings.gitops.managed ? await eks.capabilities(clusterName) : [];
    const reading = judgeClusterLayer({ settings, clusterName, cluster, parts, capabilities, snapshot, now });
    return { reading, objects };
  }
  if (!snapshot) {
    const obstacle = cluster ? `EKS says ${cluster.status} of ${clusterName}` : `EKS knows no cluster ${clusterName}`;
    return { reading: { layer, readAt: now.toISOString(), components: [], obstacle }, objects };
  }
  // Check readiness has resolved the commit before anything was built, so it is there; '' matches no revision.
  const reading = judgeLayer({ layer, settings, commit: record.commit ?? '', now, snapshot });
  return { reading, objects, ...(api && !('unavailable' in snapshot) ? { api } : {}) };
}

/** Two reads, the engine's objects first: what they make says which types the second must list. */
async function snapshotFor(
  layer: Layer,
  settings: Settings,
  api: KubernetesApi,
  clock: Host['clock'],
): Promise<ClusterSnapshot | UnreadableCluster> {
  if (layer === 'cluster') return readCluster(api, [RESOURCE.node], clock);
  const engine = await readCluster(api, engineTypes(settings), clock);
  if ('unavailable' in engine) return engine;
  const rest = await readCluster(api, typesToRead(layer, settings, engine), clock);
  if ('unavailable' in rest) return rest;
  return combined(engine, rest);
}

function hasEndpoint(cluster: EksCluster | undefined): cluster is EksCluster {
  return cluster?.status === 'ACTIVE' && cluster.endpoint !== undefined && cluster.certificateAuthority !== undefined;
}
