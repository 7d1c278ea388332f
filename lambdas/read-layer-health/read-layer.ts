import type { Host } from '../../adapters/host';
import { readCluster } from '../../adapters/read-cluster';
import { judgeClusterLayer } from '../../domain/health/judge-cluster-layer';
import { judgeLayer } from '../../domain/health/judge-layer';
import type { LayerReading } from '../../domain/health/layer-reading';
import { resourcesToRead } from '../../domain/health/resource-types';
import type { Layer } from '../../domain/layers';
import type { EksCluster } from '../../domain/ports/eks';
import type { KubernetesObject } from '../../domain/ports/kubernetes';
import type { DrillRecord } from '../../domain/record';

export interface ReadLayer {
  readonly reading: LayerReading;
  /** Everything that was read, for what else can be told from it. */
  readonly objects: readonly KubernetesObject[];
}

/** Reads a layer: the cluster from EKS and its nodes, the others from the Kubernetes API. */
export async function readLayer(
  record: DrillRecord,
  layer: Layer,
  { clock, eks }: Pick<Host, 'clock' | 'eks'>,
): Promise<ReadLayer> {
  const { clusterName, settings } = record;
  const cluster = await eks.cluster(clusterName);
  const snapshot = hasEndpoint(cluster)
    ? await readCluster(eks.kubernetes(cluster), resourcesToRead(layer, settings), clock)
    : undefined;
  const objects = snapshot && 'objects' in snapshot ? Object.values(snapshot.objects).flat() : [];
  const now = clock.now();
  if (layer === 'cluster') {
    const parts = await eks.parts(clusterName);
    return { reading: judgeClusterLayer({ settings, clusterName, cluster, parts, snapshot, now }), objects };
  }
  if (!snapshot) {
    const obstacle = cluster ? `EKS says ${cluster.status} of ${clusterName}` : `EKS knows no cluster ${clusterName}`;
    return { reading: { layer, readAt: now.toISOString(), components: [], obstacle }, objects };
  }
  // Check readiness has resolved the commit before anything was built, so it is there; '' matches no revision.
  return { reading: judgeLayer({ layer, settings, commit: record.commit ?? '', now, snapshot }), objects };
}

function hasEndpoint(cluster: EksCluster | undefined): cluster is EksCluster {
  return cluster?.status === 'ACTIVE' && cluster.endpoint !== undefined && cluster.certificateAuthority !== undefined;
}
