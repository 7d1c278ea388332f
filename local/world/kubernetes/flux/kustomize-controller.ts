import { keyOf, nameKeyOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { wakeOwners } from '../gitops/ownership';
import { goDuration, inGoWords } from '../instants';
import { groupOf, versionOf, type Fields, type Manifest } from '../manifest';
import { healthOf } from '../object-health';
import { refusal } from '../refusal';
import {
  conditionsAt,
  digestOf,
  FINALIZER,
  fluxRuns,
  historyWith,
  KUSTOMIZATION,
  nextReconcile,
  reconcileMemoryOf,
  wakeDependents,
  type FluxCondition,
} from './flux-objects';
import {
  artifactOf,
  buildObjects,
  kustomizationSpecOf,
  SOURCE_RETRY_MS,
  type KustomizationSpec,
} from './kustomization-source';

/** How often health is asked for anew (kustomize-controller polls every few seconds). */
const HEALTH_POLL_MS = 10_000;

/** Flux waits at least this long for health, whatever `timeout` says (recorded). */
const LEAST_TIMEOUT_MS = 30_000;
/** `--requeue-dependency`. */
const DEPENDENCY_RETRY_MS = 30_000;
/** From the start of a reconcile to the applied objects (recorded: 0.2 to 0.5 s). */
const BUILD_MS = 250;

const KUSTOMIZE_MANAGER = { manager: 'kustomize-controller', operation: 'Apply' } as const;

/** Begins a reconcile: at creation, on a change, at every interval. */
export function reconcileKustomization(cluster: Cluster, key: string): void {
  const stored = cluster.byKey(key);
  if (!stored || !fluxRuns(cluster, 'kustomize-controller')) return;
  if (stored.object.metadata.deletionTimestamp) {
    finalizeKustomization(cluster, stored);
    return;
  }
  const spec = kustomizationSpecOf(stored);
  const memory = reconcileMemoryOf(stored);
  if (spec.suspend || memory.running) return;
  // The finalizer is the controller's own and no change of the spec.
  if (!stored.object.metadata.finalizers?.includes(FINALIZER))
    stored.object.metadata.finalizers = [...(stored.object.metadata.finalizers ?? []), FINALIZER];
  const source = artifactOf(cluster, stored);
  if ('problem' in source) {
    showReady(cluster, stored, { status: 'False', reason: 'ArtifactFailed', message: source.problem });
    nextReconcile(cluster, stored, SOURCE_RETRY_MS);
    return;
  }
  const blocked = unreadyDependency(cluster, stored, spec);
  if (blocked) {
    showReady(cluster, stored, { status: 'False', reason: 'DependencyNotReady', message: blocked });
    nextReconcile(cluster, stored, DEPENDENCY_RETRY_MS);
    return;
  }
  memory.running = { startedAt: cluster.at, revision: source.revision };
  showProgress(
    cluster,
    stored,
    `Fetching manifests for revision ${source.revision} with a timeout of ${timeoutWords(spec)}`,
  );
  cluster.after(BUILD_MS, 'flux-build', key);
}

function timeoutOf({ timeout, interval }: KustomizationSpec): number {
  return Math.max(LEAST_TIMEOUT_MS, goDuration(timeout, goDuration(interval, 300_000)));
}

function timeoutWords(spec: KustomizationSpec): string {
  return inGoWords(timeoutOf(spec));
}

function unreadyDependency(
  cluster: Cluster,
  stored: Stored,
  { dependsOn = [] }: KustomizationSpec,
): string | undefined {
  for (const { name, namespace = stored.object.metadata.namespace } of dependsOn) {
    const dependency = cluster.find(...KUSTOMIZATION, namespace, name);
    const place = nameKeyOf(namespace, name);
    if (!dependency)
      return `dependency '${place}' not found: kustomizations.kustomize.toolkit.fluxcd.io "${name}" not found`;
    const ready = ((dependency.object.status?.['conditions'] as Fields[] | undefined) ?? []).find(
      ({ type }) => type === 'Ready',
    );
    const isObserved = dependency.object.status?.['observedGeneration'] === dependency.object.metadata.generation;
    if (ready?.['status'] !== 'True' || !isObserved) return `dependency '${place}' is not ready`;
  }
  return undefined;
}

/** Builds and applies; then waits for health where the spec says so. */
export function buildAndApply(cluster: Cluster, key: string): void {
  const stored = cluster.byKey(key);
  const running = stored?.reconcile?.running;
  if (!stored || !running || stored.object.metadata.deletionTimestamp) return;
  const spec = kustomizationSpecOf(stored);
  const source = artifactOf(cluster, stored);
  if ('problem' in source) {
    fail(cluster, stored, 'ArtifactFailed', source.problem, 'Fetching manifests');
    return;
  }
  const manifests = buildObjects(cluster, stored, source);
  if (!Array.isArray(manifests)) {
    // A failed build was an attempt at the revision, a missing folder was none.
    if (manifests.reason === 'BuildFailed')
      cluster.setStatus(stored, { ...stored.object.status, lastAttemptedRevision: source.revision });
    fail(cluster, stored, manifests.reason, manifests.problem, manifests.stage);
    return;
  }
  running.revision = source.revision;
  const refused = firstRefusal(cluster, manifests);
  running.digest = digestOf(manifests);
  cluster.setStatus(stored, { ...stored.object.status, lastAttemptedRevision: source.revision });
  if (refused) {
    record(cluster, stored, 'ReconciliationFailed');
    fail(cluster, stored, 'ReconciliationFailed', refused, 'Detecting drift');
    return;
  }
  applyAll(cluster, stored, spec, manifests);
  running.checksFrom = cluster.at;
  if (!spec.wait && !spec.healthChecks?.length) {
    succeed(cluster, stored);
    return;
  }
  running.timeoutAt = cluster.at + timeoutOf(spec);
  cluster.schedule(running.timeoutAt, 'flux-health', key);
  const message = `Running health checks for revision ${source.revision} with a timeout of ${timeoutWords(spec)}`;
  showProgress(cluster, stored, message, { type: 'Healthy', status: 'Unknown', reason: 'Progressing', message });
  cluster.after(20, 'flux-health', key);
}

/** Objects are dry-run first; namespaces and definitions of the same set count as there. */
function firstRefusal(cluster: Cluster, manifests: readonly Manifest[]): string | undefined {
  const namespaces = new Set(manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name));
  for (const manifest of manifests) {
    const why = refusal(cluster, manifest);
    if (why === undefined || (why.startsWith('namespaces "') && namespaces.has(manifest.metadata.namespace ?? '')))
      continue;
    const { name, namespace } = manifest.metadata;
    const place = `${manifest.kind}/${namespace ? `${namespace}/` : ''}${name}`;
    if (why.startsWith('The Kubernetes API'))
      return `${place} dry-run failed: no matches for kind "${manifest.kind}" in version "${manifest.apiVersion}"\n`;
    return `${place} dry-run failed${why.includes(' is invalid: ') ? ' (Invalid)' : ' (NotFound)'}: ${why}\n`;
  }
  return undefined;
}

/** Namespaces and definitions are applied before what needs them. */
function stageOf({ kind }: Manifest): number {
  return kind === 'Namespace' || kind === 'CustomResourceDefinition' ? 0 : 1;
}

function applyAll(cluster: Cluster, stored: Stored, spec: KustomizationSpec, manifests: readonly Manifest[]): void {
  const memory = reconcileMemoryOf(stored);
  for (const manifest of manifests.toSorted((a, b) => stageOf(a) - stageOf(b)))
    cluster.apply(manifest, KUSTOMIZE_MANAGER);
  const keys = manifests.map(keyOf);
  for (const key of memory.inventory) {
    const surplus = keys.includes(key) ? undefined : cluster.byKey(key);
    if (surplus && spec.prune) cluster.remove(surplus);
  }
  memory.inventory = keys;
  const entries = manifests.map(({ apiVersion, kind, metadata }) => ({
    id: `${metadata.namespace ?? ''}_${metadata.name}_${groupOf(apiVersion)}_${kind}`,
    v: versionOf(apiVersion),
  }));
  cluster.setStatus(stored, { ...stored.object.status, inventory: { entries } });
}

/** Looks whether what is waited for is healthy, has failed, or has taken too long. */
export function checkKustomizationHealth(cluster: Cluster, key: string): void {
  const stored = cluster.byKey(key);
  const running = stored?.reconcile?.running;
  if (!stored || running?.checksFrom === undefined || running.timeoutAt === undefined) return;
  const checked = checkedBy(stored);
  const unhealthy = checked.flatMap((entry) => {
    const live = cluster.byKey(entry);
    const status = live ? (healthOf(cluster, live, true) ?? 'Healthy') : 'Progressing';
    return status === 'Healthy' || status === 'Suspended' ? [] : [{ entry, failed: status === 'Degraded' }];
  });
  const took = inGoWords(cluster.at - running.checksFrom);
  if (unhealthy.length === 0) {
    succeed(cluster, stored, {
      type: 'Healthy',
      status: 'True',
      reason: 'Succeeded',
      message: `Health check passed in ${took}`,
    });
    return;
  }
  const failed = unhealthy.filter((object) => object.failed);
  const late = cluster.at >= running.timeoutAt;
  if (failed.length === 0 && !late) {
    // Objects that others make wake nobody here; the controller asks again by itself.
    if (!kustomizationSpecOf(stored).wait) cluster.after(HEALTH_POLL_MS, 'flux-health', key);
    return;
  }
  const listed = (failed.length > 0 ? failed : unhealthy)
    .map(({ entry, failed: hasFailed }) => `${placeOf(entry)} status: '${hasFailed ? 'Failed' : 'InProgress'}'`)
    .join(', ');
  const message =
    failed.length > 0 ? `failed early due to stalled resources: [${listed}]` : `timeout waiting for: [${listed}]`;
  record(cluster, stored, 'HealthCheckFailed');
  fail(cluster, stored, 'HealthCheckFailed', `health check failed after ${took}: ${message}`, 'Running health checks', {
    type: 'Healthy',
    status: 'False',
    reason: 'HealthCheckFailed',
    message,
  });
}

/** What is waited for: everything that was applied with `wait`, otherwise what `healthChecks` names. */
function checkedBy(stored: Stored): readonly string[] {
  const { wait, healthChecks = [] } = kustomizationSpecOf(stored);
  if (wait) return stored.reconcile?.inventory ?? [];
  return healthChecks.map(({ apiVersion, kind, name, namespace }) =>
    keyOf({ apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } }),
  );
}

/** `Deployment/shop/web` from a key. */
function placeOf(key: string): string {
  const [type = '', name = ''] = key.split('|');
  return `${type.slice(type.indexOf('/') + 1)}/${name.replace(/^\//, '')}`;
}

function succeed(cluster: Cluster, stored: Stored, healthy?: FluxCondition): void {
  const running = stored.reconcile?.running;
  if (!running) return;
  record(cluster, stored, 'ReconciliationSucceeded');
  const ready: FluxCondition = {
    type: 'Ready',
    status: 'True',
    reason: 'ReconciliationSucceeded',
    message: `Applied revision: ${running.revision}`,
  };
  cluster.setStatus(stored, {
    ...stored.object.status,
    conditions: conditionsAt(stored, healthy ? [ready, healthy] : [ready], cluster.at),
    lastAppliedRevision: running.revision,
    lastAttemptedRevision: running.revision,
    observedGeneration: stored.object.metadata.generation,
  });
  delete reconcileMemoryOf(stored).running;
  nextReconcile(cluster, stored, goDuration(kustomizationSpecOf(stored).interval, 300_000));
  const { name } = stored.object.metadata;
  wakeDependents(cluster, ({ object }) =>
    ((object.spec?.['dependsOn'] as { name: string }[] | undefined) ?? []).some(
      (dependency) => dependency.name === name,
    ),
  );
  wakeOwners(cluster, stored);
}

/** Build and artifact failures write no history; the others do before they come here. */
function fail(
  cluster: Cluster,
  stored: Stored,
  reason: string,
  message: string,
  stage: string,
  healthy?: FluxCondition,
): void {
  const spec = kustomizationSpecOf(stored);
  const memory = reconcileMemoryOf(stored);
  const doing = `${stage} for revision ${memory.running?.revision} with a timeout of ${timeoutWords(spec)}`;
  const conditions: FluxCondition[] = [
    { type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry', message: doing },
    { type: 'Ready', status: 'False', reason, message },
    ...(healthy ? [healthy] : []),
  ];
  cluster.setStatus(stored, {
    ...stored.object.status,
    conditions: conditionsAt(stored, conditions, cluster.at),
    observedGeneration: stored.object.status?.['lastAppliedRevision'] ? stored.object.status['observedGeneration'] : -1,
  });
  delete memory.running;
  nextReconcile(cluster, stored, goDuration(spec.retryInterval, goDuration(spec.interval, 300_000)));
}

function record(cluster: Cluster, stored: Stored, outcome: string): void {
  const running = stored.reconcile?.running;
  if (!running?.digest) return;
  const status = stored.object.status ?? {};
  const history = historyWith(status, {
    digest: running.digest,
    outcome,
    revision: running.revision,
    at: cluster.at,
    took: inGoWords(cluster.at - running.startedAt),
  });
  cluster.setStatus(stored, { ...status, history });
}

/** Ready without Reconciling: a missing source or dependency, whose time stays between retries. */
function showReady(cluster: Cluster, stored: Stored, ready: Omit<FluxCondition, 'type'>): void {
  const status = stored.object.status ?? {};
  cluster.setStatus(stored, {
    ...status,
    conditions: conditionsAt(stored, [{ type: 'Ready', ...ready }], cluster.at),
    observedGeneration: status['observedGeneration'] ?? -1,
  });
}

function showProgress(cluster: Cluster, stored: Stored, message: string, healthy?: FluxCondition): void {
  const status = stored.object.status ?? {};
  const before = ((status['conditions'] as Fields[] | undefined) ?? []).filter(({ type }) => type === 'Healthy');
  const conditions: FluxCondition[] = [
    { type: 'Reconciling', status: 'True', reason: 'Progressing', message },
    { type: 'Ready', status: 'Unknown', reason: 'Progressing', message: 'Reconciliation in progress' },
    ...(healthy ? [healthy] : []),
  ];
  const written = conditionsAt(stored, conditions, cluster.at);
  cluster.setStatus(stored, {
    ...status,
    conditions: healthy ? written : [...written, ...before],
    observedGeneration: status['observedGeneration'] ?? -1,
  });
}

/** A Kustomization that is deleted prunes what it applied, unless it is suspended or told to orphan it. */
function finalizeKustomization(cluster: Cluster, stored: Stored): void {
  const spec = kustomizationSpecOf(stored);
  const memory = reconcileMemoryOf(stored);
  const prunes =
    spec.deletionPolicy === undefined || spec.deletionPolicy === 'MirrorPrune'
      ? spec.prune === true
      : spec.deletionPolicy !== 'Orphan';
  const left =
    spec.suspend || !prunes
      ? []
      : memory.inventory.map((key) => cluster.byKey(key)).filter((object) => object !== undefined);
  for (const object of left) cluster.remove(object);
  if (left.length === 0 || spec.deletionPolicy !== 'WaitForTermination') {
    cluster.dropFinalizer(stored, (name) => name === FINALIZER);
    return;
  }
  if (memory.finalizing && memory.nextAt !== undefined && memory.nextAt > cluster.at) return;
  memory.finalizing = true;
  delete memory.running;
  nextReconcile(cluster, stored, 5000);
}
