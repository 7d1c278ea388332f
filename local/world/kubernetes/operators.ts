import { controllerOf, keyOf, labelsOf, type Cluster } from './cluster';
import type { Stored } from './cluster-state';
import { SECONDS } from './durations';
import { timestamp } from './instants';
import { groupOf, type Fields, type Manifest } from './manifest';
import { statusOf } from './object-status';
import { conditionOf } from './object-health';
import { kindsOperatedBy, operatedKind, type Operated } from './operated-resources';
import type { Derived } from './workloads/workload-status';

export function isOperated(object: Manifest): boolean {
  return operatedKind(object) !== undefined;
}

const OPERATOR = { manager: 'operator', operation: 'Update' } as const;

/** Lets the operator answer a resource; comes back while the operator does not run. */
export function operate(cluster: Cluster, key: string): void {
  const resource = cluster.byKey(key);
  if (!resource || resource.object.metadata.deletionTimestamp) return;
  const operated = operatedKind(resource.object);
  if (!operated || !operatorRuns(cluster, operated)) return;
  for (const manifest of operated.makes?.(resource.object) ?? []) {
    if (!cluster.byKey(keyOf(manifest)))
      cluster.create(
        { ...manifest, metadata: { ...manifest.metadata, ownerReferences: [controllerOf(resource)] } },
        OPERATOR,
      );
  }
  cluster.bump(resource);
  if (!operated.makes && !operated.sumsUpOwner && resource.object.status?.['conditions'] === undefined) {
    const condition = {
      lastTransitionTime: timestamp(cluster.at),
      message: 'reconciled',
      reason: 'Valid',
      status: 'True',
      type: operated.condition,
    };
    cluster.setStatus(resource, { conditions: [condition] });
    cluster.after(1, 'settled', key);
  }
}

/** An operator became available: everything that waits for it is looked at. */
export function wakeOperated(cluster: Cluster, operator: Stored): void {
  for (const { group, kind, operated } of kindsOperatedBy(labelsOf(operator.object))) {
    const seconds = operated.makes ? SECONDS.operatorActs : SECONDS.customResourceReady;
    for (const resource of cluster.all(group, kind)) cluster.after(seconds * 1000, 'operate', keyOf(resource.object));
  }
}

function operatorRuns(cluster: Cluster, { operator }: Operated): boolean {
  const workloads = [...cluster.all('apps', 'Deployment'), ...cluster.all('apps', 'StatefulSet')];
  return workloads.some((workload) => {
    const labels = labelsOf(workload.object);
    const labelled = Object.entries(operator).every(([key, value]) => labels[key] === value);
    return labelled && isAvailable(workload.object.kind, statusOf(cluster, workload) ?? {});
  });
}

function isAvailable(kind: string, status: Fields): boolean {
  return kind === 'Deployment'
    ? conditionOf(status, 'Available')?.['status'] === 'True'
    : Number(status['readyReplicas'] ?? 0) > 0;
}

/** Custom resources that make workloads, or sum up those of their owner, are available when those are. */
export function customResourceStatus(cluster: Cluster, stored: Stored): Derived | undefined {
  const operated = operatedKind(stored.object);
  if (!operated || (!operated.makes && !operated.sumsUpOwner)) return undefined;
  const maker = operated.sumsUpOwner ? ownerOf(cluster, stored) : stored;
  const made = (maker?.dependents ?? []).map((key) => cluster.byKey(key)).filter((one) => one !== undefined);
  const workloads = made.filter(({ object }) => groupOf(object.apiVersion) === 'apps');
  if (workloads.length === 0) return { status: {}, until: Infinity };
  const readyAt = Math.max(
    ...workloads
      .flatMap((workload) => (workload.rollout?.pods.length ? workload.rollout.pods : ['']))
      .map((key) => cluster.byKey(key)?.pod?.readyAt ?? Infinity),
  );
  const available = readyAt <= cluster.at;
  const since = timestamp(available ? readyAt : (workloads[0]?.bornAt ?? cluster.at));
  const { generation } = stored.object.metadata;
  const condition = (type: string, holds: boolean): Fields => ({
    lastTransitionTime: since,
    observedGeneration: generation,
    ...(!holds && { message: 'shard 0: pods are not ready', reason: 'NoPodReady' }),
    status: holds ? 'True' : 'False',
    type,
  });
  const conditions = [condition(operated.condition, available), condition('Reconciled', true)];
  const says = operated.says?.(stored.object, available) ?? {};
  return {
    status: { conditions, observedGeneration: generation, replicas: workloads.length, ...says },
    until: readyAt > cluster.at ? Math.min(readyAt, cluster.at + 1000) : Infinity,
  };
}

function ownerOf(cluster: Cluster, { object }: Stored): Stored | undefined {
  const [owner] = object.metadata.ownerReferences ?? [];
  return (
    owner && cluster.all(groupOf(owner.apiVersion), owner.kind).find((one) => one.object.metadata.name === owner.name)
  );
}
