import type { Cluster } from '../cluster';
import { controllerOf, keyOf } from '../cluster';
import type { Rollout, Stored } from '../cluster-state';
import { wakeOwners } from '../gitops/ownership';
import { matches } from '../label-selector';
import type { PodTemplate, WorkloadSpec } from '../manifest';
import { placePod } from './placing-pods';
import { CONTROLLER_MANAGER, createPod, isReady, podKey, podsOf, safeHash } from './pods';

const WORKLOAD_KINDS = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'batch/Job'] as const;

/**
 * Brings the pods of a workload in line with its spec: makes, places and removes them, and comes back when the next of
 * them is ready. What the API shows as status follows from the pods' instants (`workload-status.ts`).
 */
export function reconcileWorkload(cluster: Cluster, key: string): void {
  const workload = cluster.byKey(key);
  if (!workload || workload.object.metadata.deletionTimestamp) return;
  const spec = (workload.object.spec ?? {}) as WorkloadSpec;
  if (spec.suspend) return;
  const rollout = rolloutOf(cluster, workload, spec);
  PODS[workload.object.kind]?.(cluster, workload, spec, rollout);
  retireOldPods(cluster, rollout);
  comeBack(cluster, workload, key, spec, rollout);
  cluster.bump(workload);
  wakeOwners(cluster, workload);
}

/** The rollout of the current template; a new template begins a new one beside the old pods. */
function rolloutOf(cluster: Cluster, workload: Stored, spec: WorkloadSpec): Rollout {
  const { name, generation = 1 } = workload.object.metadata;
  const hash = safeHash(JSON.stringify(spec.template ?? {}), 10);
  const revision = `${name}-${hash}`;
  const current = workload.rollout;
  if (current?.revision === revision) {
    current.generation = generation;
    return current;
  }
  const old = [...(current?.old ?? []), ...(current?.pods ?? [])];
  const rollout: Rollout = { generation, startedAt: cluster.at, pods: [], revision, ...(old.length > 0 && { old }) };
  workload.rollout = rollout;
  if (workload.object.kind === 'Deployment') createReplicaSet(cluster, workload, spec, hash);
  return rollout;
}

function createReplicaSet(cluster: Cluster, workload: Stored, spec: WorkloadSpec, hash: string): void {
  const { name, namespace } = workload.object.metadata;
  const hashed = { 'pod-template-hash': hash };
  const template: PodTemplate = {
    ...spec.template,
    metadata: { ...spec.template?.metadata, labels: { ...spec.template?.metadata?.labels, ...hashed } },
  };
  const replicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace && { namespace }),
      labels: { ...template.metadata?.labels },
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(spec.replicas ?? 1),
        'deployment.kubernetes.io/revision': '1',
      },
      ownerReferences: [controllerOf(workload)],
    },
    spec: {
      replicas: spec.replicas ?? 1,
      selector: { matchLabels: { ...spec.selector?.matchLabels, ...hashed } },
      template,
    },
  };
  if (!cluster.find('apps', 'ReplicaSet', namespace, replicaSet.metadata.name))
    cluster.create(replicaSet, CONTROLLER_MANAGER);
}

type PodsOfKind = (cluster: Cluster, workload: Stored, spec: WorkloadSpec, rollout: Rollout) => void;

const PODS: Readonly<Record<string, PodsOfKind>> = {
  Deployment: (cluster, workload, spec, rollout) => {
    const replicaSet = cluster.find('apps', 'ReplicaSet', workload.object.metadata.namespace, rollout.revision);
    const owner = replicaSet ?? workload;
    scale(cluster, rollout, spec.replicas ?? 1, (index) => {
      const name = `${rollout.revision}-${safeHash(`${rollout.revision}/${index}/${cluster.at}`, 5)}`;
      const labels = { 'pod-template-hash': rollout.revision.slice(-10) };
      return createPod(cluster, owner, name, spec.template ?? {}, { labels });
    });
    placeAll(cluster, workload, rollout);
  },
  StatefulSet: (cluster, workload, spec, rollout) => {
    const ordered = (workload.object.spec?.['podManagementPolicy'] ?? 'OrderedReady') === 'OrderedReady';
    const ready = podsOf(cluster, rollout.pods).filter((pod) => isReady(pod, cluster.at)).length;
    const wanted = spec.replicas ?? 1;
    scale(cluster, rollout, ordered ? Math.min(wanted, ready + 1) : wanted, (index) =>
      createOrdinal(cluster, workload, spec, rollout, index),
    );
    placeAll(cluster, workload, rollout);
  },
  DaemonSet: (cluster, workload, spec, rollout) => {
    const nodes = eligibleNodes(cluster, spec).map(({ object }) => object.metadata.name);
    const there = new Map(podsOf(cluster, rollout.pods).map((pod) => [pod.object.spec?.['nodeName'], pod]));
    for (const node of nodes) {
      if (there.has(node)) continue;
      const name = `${workload.object.metadata.name}-${safeHash(`${rollout.revision}/${node}`, 5)}`;
      const template = { ...spec.template, spec: { ...spec.template?.spec, nodeName: node } };
      const pod = createPod(cluster, workload, name, template, {
        labels: { 'controller-revision-hash': rollout.revision.slice(-10) },
      });
      rollout.pods.push(podKey(pod));
      placePod(cluster, pod, workload, 0, node);
    }
    for (const [node, pod] of there) if (typeof node !== 'string' || !nodes.includes(node)) cluster.remove(pod);
  },
  Job: (cluster, workload, spec, rollout) => {
    scale(cluster, rollout, spec.completions ?? 1, (index) => {
      const name = `${workload.object.metadata.name}-${safeHash(`${rollout.revision}/${index}`, 5)}`;
      return createPod(cluster, workload, name, spec.template ?? {}, {
        labels: { 'job-name': workload.object.metadata.name },
      });
    });
    placeAll(cluster, workload, rollout);
  },
};

/** Nodes that a DaemonSet wants a pod on; it does not wait for them to be ready. */
export function eligibleNodes(cluster: Cluster, spec: WorkloadSpec): Stored[] {
  return cluster
    .all('', 'Node')
    .filter(({ object }) => matches(object.metadata.labels, spec.template?.spec?.nodeSelector));
}

function scale(cluster: Cluster, rollout: Rollout, wanted: number, create: (index: number) => Stored): void {
  const there = podsOf(cluster, rollout.pods);
  rollout.pods = there.map(podKey);
  for (let index = there.length; index < wanted; index++) rollout.pods.push(podKey(create(index)));
  for (const pod of there.slice(wanted)) cluster.remove(pod);
}

function placeAll(cluster: Cluster, workload: Stored, rollout: Rollout): void {
  podsOf(cluster, rollout.pods).forEach((pod, index) => placePod(cluster, pod, workload, index));
}

function createOrdinal(
  cluster: Cluster,
  workload: Stored,
  spec: WorkloadSpec,
  rollout: Rollout,
  index: number,
): Stored {
  const { name, namespace } = workload.object.metadata;
  const claims = (spec.volumeClaimTemplates ?? []).map((template) => {
    const claimName = `${template.metadata.name}-${name}-${index}`;
    if (!cluster.find('', 'PersistentVolumeClaim', namespace, claimName)) {
      const labels = { ...template.metadata.labels, ...spec.selector?.matchLabels };
      cluster.create(
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: claimName, ...(namespace && { namespace }), labels },
          spec: template.spec,
        },
        CONTROLLER_MANAGER,
      );
    }
    return { name: template.metadata.name, claimName };
  });
  const labels = {
    'statefulset.kubernetes.io/pod-name': `${name}-${index}`,
    'controller-revision-hash': rollout.revision,
  };
  return createPod(cluster, workload, `${name}-${index}`, spec.template ?? {}, { labels, claims });
}

/** Pods of the template before serve until all new ones are ready. */
function retireOldPods(cluster: Cluster, rollout: Rollout): void {
  if (!rollout.old || !podsOf(cluster, rollout.pods).every((pod) => isReady(pod, cluster.at))) return;
  for (const pod of podsOf(cluster, rollout.old)) cluster.remove(pod);
  delete rollout.old;
}

/** Looks again when the next pod is ready, and when a Deployment gives up progressing. */
function comeBack(cluster: Cluster, workload: Stored, key: string, spec: WorkloadSpec, rollout: Rollout): void {
  const instants = podsOf(cluster, rollout.pods).map((pod) => pod.pod?.readyAt);
  const next = Math.min(...instants.filter((at) => typeof at === 'number').filter((at) => at > cluster.at));
  if (Number.isFinite(next)) cluster.schedule(next, 'workload', key);
  if (workload.object.kind !== 'Deployment' || rollout.startedAt !== cluster.at) return;
  cluster.schedule(rollout.startedAt + (spec.progressDeadlineSeconds ?? 600) * 1000, 'settled', key);
}

/** A node, a storage class or a claim appeared: pods that found no place are tried again, DaemonSets get their pods. */
export function retryPending(cluster: Cluster): void {
  for (const kind of WORKLOAD_KINDS) {
    const [group = '', name = ''] = kind.split('/');
    for (const workload of cluster.all(group, name)) {
      const pending = podsOf(cluster, workload.rollout?.pods ?? []).some((pod) => pod.pod?.scheduledAt === undefined);
      if (pending || name === 'DaemonSet') reconcileWorkload(cluster, keyOf(workload.object));
    }
  }
}
