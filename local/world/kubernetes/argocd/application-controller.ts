import { keyOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { timestamp } from '../instants';
import type { Fields } from '../manifest';
import { RESOURCES_FINALIZER, argoRuns, isAutomated, memoryOf, specOf, APPLICATION } from './application';
import { aggregateHealth, healthStatus, updateStatus } from './application-health';
import type { Initiator } from './application-memory';
import {
  attemptOf,
  compare,
  renderTarget,
  summaryOf,
  syncStatus,
  waveOf,
  withCondition,
  type Comparison,
  type Target,
} from './comparison';
import { beginSync } from './sync-operation';

/** `--app-resync` and its jitter: 120 s plus up to 60 s by default. */
const RESYNC_MS = 150_000;

/** Compares an Application with its source and syncs it if it may: at creation, on changes, at every resync. */
export function refreshApplication(cluster: Cluster, key: string): void {
  const application = cluster.byKey(key);
  if (!application || !argoRuns(cluster)) return;
  if (application.object.metadata.deletionTimestamp) {
    finalizeApplication(cluster, key);
    return;
  }
  const requested = application.object['operation'] as { initiatedBy?: Initiator } | undefined;
  const refused = invalidSpec(cluster, application);
  if (refused) {
    updateStatus(cluster, application, {
      conditions: withCondition([], 'InvalidSpecError', refused, cluster.at),
      health: healthStatus(application.object.status, 'Unknown', cluster.at),
      sync: { status: 'Unknown' },
    });
    return;
  }
  const target = renderTarget(cluster, application);
  memoryOf(application).comparedAt = cluster.at;
  cluster.after(RESYNC_MS, 'application-resync', key);
  if ('error' in target) {
    showComparisonError(cluster, application, target.error);
    return;
  }
  const comparison = compare(cluster, application, target);
  showComparison(cluster, application, target, comparison);
  if (memoryOf(application).sync) return;
  if (requested) beginSync(cluster, application, target, requested.initiatedBy ?? { username: 'admin' });
  else if (maySync(application, target, comparison)) beginSync(cluster, application, target, { automated: true });
}

/** At a resync only what may have changed by itself needs a look: a source that failed, drift, a lost reaction. */
export function resyncApplication(cluster: Cluster, key: string): void {
  const application = cluster.byKey(key);
  const comparedAt = application?.application?.comparedAt ?? Infinity;
  // A later comparison has its own resync.
  if (comparedAt + RESYNC_MS > cluster.at) return;
  refreshApplication(cluster, key);
}

function invalidSpec(cluster: Cluster, application: Stored): string | undefined {
  const { project = 'default', destination } = specOf(application);
  const { namespace } = application.object.metadata;
  if (!cluster.find('argoproj.io', 'AppProject', namespace, project))
    return `Application referencing project ${project} which does not exist`;
  if (destination?.name && destination.name !== 'in-cluster')
    return `application destination can't have unknown name: ${destination.name}`;
  return undefined;
}

/** A path, revision, chart or repository that does not exist: sync Unknown, health as the live objects are (Healthy when none). */
function showComparisonError(cluster: Cluster, application: Stored, message: string): void {
  const spec = specOf(application);
  const before = application.object.status ?? {};
  const names = (spec.sources ?? (spec.source ? [spec.source] : [])).map(({ targetRevision }) => targetRevision ?? '');
  updateStatus(cluster, application, {
    ...before,
    conditions: withCondition(
      (before['conditions'] as Fields[] | undefined) ?? [],
      'ComparisonError',
      message,
      cluster.at,
    ),
    controllerNamespace: application.object.metadata.namespace,
    health: before['health'] ?? healthStatus(before, 'Healthy', cluster.at),
    reconciledAt: timestamp(cluster.at),
    resourceHealthSource: 'appTree',
    sync: syncStatus(spec, 'Unknown', names),
  });
}

function showComparison(cluster: Cluster, application: Stored, target: Target, comparison: Comparison): void {
  const { conditions, ...before } = application.object.status ?? {};
  const kept = ((conditions as Fields[] | undefined) ?? []).filter(({ type }) => type === 'SyncError');
  const spec = specOf(application);
  updateStatus(cluster, application, {
    ...before,
    ...(kept.length > 0 && { conditions: kept }),
    controllerNamespace: application.object.metadata.namespace,
    health: healthStatus(before, aggregateHealth(cluster, target.manifests), cluster.at),
    reconciledAt: timestamp(cluster.at),
    resourceHealthSource: 'appTree',
    resources: comparison.resources,
    sourceHydrator: {},
    ...(spec.sources ? { sourceTypes: target.sourceTypes } : { sourceType: target.sourceTypes[0] }),
    summary: summaryOf(target.manifests, cluster),
    sync: syncStatus(spec, comparison.synced ? 'Synced' : 'OutOfSync', target.revisions),
  });
}

/** The same source at the same revision is synced by itself once; after that only drift is, with self-heal. */
function maySync(application: Stored, target: Target, { synced }: Comparison): boolean {
  const spec = specOf(application);
  if (synced || !isAutomated(spec)) return false;
  const memory = memoryOf(application);
  if (memory.attempted !== attemptOf(application, target)) return true;
  const succeeded = (application.object.status?.['operationState'] as Fields | undefined)?.['phase'] === 'Succeeded';
  return succeeded && spec.syncPolicy?.automated?.selfHeal === true;
}

/** The health of something that belongs to the Application may have changed: health and resources are looked at again. */
export function lookAtHealth(cluster: Cluster, key: string): void {
  const application = cluster.byKey(key);
  const { status, metadata } = application?.object ?? {};
  if (!application || !status?.['health'] || !status['sync'] || metadata?.deletionTimestamp || !argoRuns(cluster))
    return;
  if (application.application?.sync) cluster.after(100, 'application-sync', key);
  const target = renderTarget(cluster, application);
  if ('error' in target) return;
  const { resources, synced } = compare(cluster, application, target);
  const before = status;
  const health = healthStatus(before, aggregateHealth(cluster, target.manifests), cluster.at);
  const sync = syncStatus(specOf(application), synced ? 'Synced' : 'OutOfSync', target.revisions);
  const next = { ...before, health, resources, summary: summaryOf(target.manifests, cluster), sync };
  if (JSON.stringify(next) !== JSON.stringify(before)) updateStatus(cluster, application, next);
  // Drift: what somebody changed or deleted is put right by a full comparison.
  if (!synced && !application.application?.sync) cluster.after(500, 'application', key);
}

/** Deletes what belongs to an Application, latest wave first, and lets it go when all of it is gone. */
export function finalizeApplication(cluster: Cluster, key: string): void {
  const application = cluster.byKey(key);
  if (!application?.object.metadata.deletionTimestamp || !argoRuns(cluster)) return;
  const cascades = (application.object.metadata.finalizers ?? []).some((name) => name.startsWith(RESOURCES_FINALIZER));
  const memory = memoryOf(application);
  if (!cascades || (memory.finalizeAt !== undefined && memory.finalizeAt > cluster.at)) return;
  const left = memory.tracked.map((tracked) => cluster.byKey(tracked)).filter((stored) => stored !== undefined);
  if (left.length === 0) {
    cluster.dropFinalizer(application, (name) => name.startsWith(RESOURCES_FINALIZER));
    return;
  }
  const last = Math.max(...left.map(({ object }) => waveOf(object)));
  for (const stored of left) if (waveOf(stored.object) === last) cluster.remove(stored);
  memory.finalizeAt = cluster.at + 3000;
  cluster.after(3000, 'application-finalize', key);
}

/** All Applications are looked at when the controller starts. */
export function wakeApplications(cluster: Cluster): void {
  for (const application of cluster.all(...APPLICATION)) cluster.after(600, 'application', keyOf(application.object));
}

/** The scenario's person syncs the Application by hand, once nothing else does. */
export function syncByPerson(cluster: Cluster, key: string): void {
  const application = cluster.byKey(key);
  if (!application) return;
  const fault = cluster.around.faults.find(
    (entry) => entry.kind === 'person-syncs' && entry.component === application.object.metadata.name,
  );
  if (fault?.kind !== 'person-syncs') return;
  const target = renderTarget(cluster, application);
  if (application.application?.sync || !application.object.status?.['sync'] || 'error' in target)
    cluster.after(5000, 'person-syncs', key);
  else beginSync(cluster, application, target, { username: fault.user });
}
