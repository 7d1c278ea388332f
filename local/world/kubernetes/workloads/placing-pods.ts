import type { Cluster } from '../cluster';
import { keyOf, labelsOf } from '../cluster';
import type { Stored } from '../cluster-state';
import { componentNamesOf } from '../component-names';
import { SECONDS, startSecondsOf } from '../durations';
import type { PodSpec } from '../manifest';
import { matches } from '../label-selector';
import { crashes, slowness, unsealedAfter } from '../surroundings';
import { boundAtOf } from '../cloud/volumes';

/** From a pod's placement to the start of its containers, as part of the way to its readiness. */
const STARTED_AT_SHARE = 0.8;

/** Nodes that take pods now. */
function readyNodes(cluster: Cluster): Stored[] {
  return cluster.all('', 'Node').filter((node) => (node.nodeReadyAt ?? Infinity) <= cluster.at);
}

/**
 * Places a pod that has no node yet, and settles when it starts and is ready. `node` is given for a DaemonSet's pods.
 * A pod that cannot be placed says why and is tried again when a node, a claim or a storage class appears.
 */
export function placePod(cluster: Cluster, pod: Stored, workload: Stored, ordinal: number, node?: string): void {
  const run = (pod.pod ??= {});
  if (run.scheduledAt !== undefined) return;
  const spec = (pod.object.spec ?? {}) as PodSpec;
  const nodes = readyNodes(cluster).filter(({ object }) => matches(object.metadata.labels, spec.nodeSelector));
  const chosen = node ?? nodes[ordinal % Math.max(1, nodes.length)]?.object.metadata.name;
  const claims = boundAtOfClaims(cluster, pod, spec);
  const why = chosen === undefined ? noNode(cluster) : claims.missing;
  cluster.bump(pod);
  if (why !== undefined) {
    run.unschedulable = why;
    return;
  }
  delete run.unschedulable;
  run.scheduledAt = cluster.at;
  run.node = chosen!;
  const names = componentNamesOf(workload.object);
  const seconds = startSecondsOf(names) * slowness(cluster.around.faults, names);
  const duration = cluster.around.chance.milliseconds(`start of ${keyOf(pod.object)}`, seconds);
  const from = Math.max(cluster.at, claims.attachedAt);
  run.startedAt = from + Math.round(duration * STARTED_AT_SHARE);
  run.readyAt = crashes(cluster.around.faults, names) ? null : from + duration;
  if (workload.object.kind === 'StatefulSet' && labelsOf(workload.object)['app.kubernetes.io/name'] === 'vault') {
    const seconds = unsealedAfter(cluster.around.faults);
    if (seconds === undefined) delete run.readyAt;
    else run.readyAt = Math.max(from + duration, cluster.at + seconds * 1000);
  }
}

function noNode(cluster: Cluster): string {
  const all = cluster.all('', 'Node').length;
  return all === 0
    ? 'no nodes available to schedule pods'
    : `0/${all} nodes are available: ${all} node(s) didn't match Pod's node affinity/selector or had untolerated taint(s).`;
}

/** When all claims of a pod are bound and attached (provisioning begins with their first pod), or which one cannot be. */
function boundAtOfClaims(cluster: Cluster, pod: Stored, spec: PodSpec): { attachedAt: number; missing?: string } {
  let attachedAt = 0;
  for (const { persistentVolumeClaim } of spec.volumes ?? []) {
    if (!persistentVolumeClaim) continue;
    const name = persistentVolumeClaim.claimName;
    const claim = cluster.find('', 'PersistentVolumeClaim', pod.object.metadata.namespace, name);
    const nodes = cluster.all('', 'Node').length;
    if (!claim)
      return {
        attachedAt,
        missing: `0/${nodes} nodes are available: persistentvolumeclaim "${name}" not found. not found`,
      };
    const boundAt = boundAtOf(cluster, claim);
    if (boundAt === undefined)
      return {
        attachedAt,
        missing: `0/${nodes} nodes are available: pod has unbound immediate PersistentVolumeClaims. not found`,
      };
    attachedAt = Math.max(attachedAt, boundAt + SECONDS.volumeAttached * 1000);
  }
  return { attachedAt };
}
