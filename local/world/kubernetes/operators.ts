import { controllerOf, keyOf, labelsOf, type Cluster } from './cluster';
import type { Stored } from './cluster-state';
import { SECONDS } from './durations';
import { timestamp } from './instants';
import type { Fields, Manifest } from './manifest';
import { conditionOf } from './object-health';
import { statusOf } from './object-status';
import { kindsOperatedBy, operatedKind, type Operated } from './operated-resources';

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
