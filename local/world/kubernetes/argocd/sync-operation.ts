import { keyOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { goDuration, timestamp } from '../instants';
import { groupOf, resourceName, versionOf, type Fields, type Manifest } from '../manifest';
import { healthOf } from '../object-health';
import { refusal } from '../refusal';
import { ARGO_MANAGER, argoRuns, countsApplications, memoryOf, specOf, type ApplicationSpec } from './application';
import type { Initiator, SyncMemory } from './application-memory';
import { aggregateHealth, healthStatus, updateStatus } from './application-health';
import {
  attemptOf,
  byWaveAndKind,
  compare,
  hookOf,
  imagesOf,
  renderTarget,
  summaryOf,
  syncStatus,
  waveOf,
  type Target,
} from './comparison';

/** Between two steps of a sync whose objects are healthy at once (seen: 0.1 to 0.3 s). */
const STEP_MS = 250;

/** Objects that are applied together before anything is waited for. */
interface Step {
  readonly phase: 'PreSync' | 'Sync' | 'PostSync';
  readonly manifests: readonly Manifest[];
}

/** Whether `CreateNamespace=true` has something to do. */
function makesNamespace(cluster: Cluster, spec: ApplicationSpec): boolean {
  const namespace = spec.destination?.namespace;
  const isAsked = (spec.syncPolicy?.syncOptions ?? []).includes('CreateNamespace=true');
  return isAsked && namespace !== undefined && !cluster.find('', 'Namespace', undefined, namespace);
}

/** The steps of a sync: hooks before, waves in order, hooks after. */
function stepsOf(spec: ApplicationSpec, sync: SyncMemory, target: Target): Step[] {
  const name = spec.destination?.namespace ?? '';
  const own = target.manifests.some((manifest) => manifest.kind === 'Namespace' && manifest.metadata.name === name);
  const made: Manifest[] =
    sync.makesNamespace && !own ? [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }] : [];
  const inPhase = (hook: string | undefined): Manifest[] =>
    target.manifests.filter((manifest) => hookOf(manifest) === hook).toSorted(byWaveAndKind);
  const inWaves = inPhase(undefined);
  const waves = [...new Set(inWaves.map(waveOf))].map((wave) =>
    inWaves.filter((manifest) => waveOf(manifest) === wave),
  );
  return [
    { phase: 'PreSync' as const, manifests: [...made, ...inPhase('PreSync')] },
    ...waves.map((manifests) => ({ phase: 'Sync' as const, manifests })),
    { phase: 'PostSync' as const, manifests: inPhase('PostSync') },
  ].filter(({ manifests }) => manifests.length > 0);
}

export function beginSync(cluster: Cluster, application: Stored, target: Target, initiatedBy: Initiator): void {
  const memory = memoryOf(application);
  const revision = target.revisions.join(',');
  const again = memory.attempted === attemptOf(application, target) && 'automated' in initiatedBy;
  memory.autoHeals = again ? memory.autoHeals + 1 : 0;
  memory.attempted = attemptOf(application, target);
  memory.sync = {
    revision,
    startedAt: cluster.at,
    retries: 0,
    step: 0,
    makesNamespace: makesNamespace(cluster, specOf(application)),
    applied: false,
    initiatedBy,
  };
  application.object['operation'] = operationOf(application, target, memory.sync);
  showOperation(cluster, application, { phase: 'Running' });
  cluster.after(STEP_MS, 'application-sync', keyOf(application.object));
}

function operationOf(application: Stored, target: Target, sync: SyncMemory): Fields {
  const spec = specOf(application);
  const automated = 'automated' in sync.initiatedBy;
  const several = spec.sources !== undefined;
  const { autoHeals } = memoryOf(application);
  return {
    initiatedBy: sync.initiatedBy,
    retry: spec.syncPolicy?.retry ?? (automated ? { limit: 5 } : {}),
    sync: {
      ...(autoHeals > 0 && automated && { autoHealAttemptsCount: autoHeals }),
      ...(spec.syncPolicy?.automated?.prune && { prune: true }),
      ...(several
        ? { revisions: target.revisions, sources: spec.sources }
        : { revision: target.revisions[0], source: spec.source }),
      ...(spec.syncPolicy?.syncOptions && { syncOptions: spec.syncPolicy.syncOptions }),
    },
  };
}

/** Goes on with a sync: applies the next step, waits for it, retries or ends it. */
export function continueSync(cluster: Cluster, key: string): void {
  const application = cluster.byKey(key);
  const sync = application?.application?.sync;
  if (!application || !sync || !argoRuns(cluster)) return;
  if (sync.retryAt !== undefined && sync.retryAt > cluster.at) return;
  const target = renderTarget(cluster, application);
  if ('error' in target) {
    fail(cluster, application, sync, `ComparisonError: ${target.error}`, []);
    return;
  }
  if (sync.retryAt !== undefined) {
    delete sync.retryAt;
    sync.makesNamespace = makesNamespace(cluster, specOf(application));
    showOperation(cluster, application, { phase: 'Running', message: `Retrying operation. Attempt #${sync.retries}` });
  }
  const steps = stepsOf(specOf(application), sync, target);
  const step = steps[sync.step];
  if (!step) {
    succeed(cluster, application, sync, target);
    return;
  }
  if (!sync.applied && !applyStep(cluster, application, sync, step)) return;
  waitForStep(cluster, application, sync, step, steps.length === sync.step + 1 && step.phase === 'Sync');
}

/** Applies all objects of a step; false when the attempt failed. */
function applyStep(cluster: Cluster, application: Stored, sync: SyncMemory, step: Step): boolean {
  const serverSide = (specOf(application).syncPolicy?.syncOptions ?? []).includes('ServerSideApply=true');
  const failures: string[] = [];
  const results = step.manifests.map((manifest) => {
    const failure = refusal(cluster, manifest) ?? undefined;
    if (failure !== undefined) {
      failures.push(failure);
      return resultOf(manifest, step, 'SyncFailed', 'Failed', failure);
    }
    const { outcome } = cluster.apply(manifest, { manager: ARGO_MANAGER, operation: serverSide ? 'Apply' : 'Update' });
    // The namespace of CreateNamespace=true is made for the Application, not owned by it.
    if (manifest.metadata.annotations) track(application, keyOf(manifest));
    return resultOf(
      manifest,
      step,
      'Synced',
      'Running',
      `${resourceName(manifest)} ${serverSide ? 'serverside-applied' : outcome}`,
    );
  });
  sync.applied = true;
  const before = resultsSoFar(application).filter((result) => !results.some((other) => sameObject(result, other)));
  showOperation(cluster, application, { phase: 'Running', results: [...before, ...results] });
  if (failures.length === 0) return true;
  const missing = failures.every((failure) => /^namespaces ".*" not found$/.test(failure));
  const lead = missing
    ? 'one or more objects failed to apply'
    : 'one or more synchronization tasks completed unsuccessfully';
  fail(cluster, application, sync, `${lead}, reason: ${[...new Set(failures)].join(',')}`, [...before, ...results]);
  return false;
}

function track(application: Stored, key: string): void {
  const memory = memoryOf(application);
  if (!memory.tracked.includes(key)) memory.tracked.push(key);
}

/** Goes on when everything of the step is healthy; the last wave is not waited for. */
function waitForStep(cluster: Cluster, application: Stored, sync: SyncMemory, step: Step, isLast: boolean): void {
  const lua = countsApplications(cluster);
  const waiting = isLast
    ? []
    : step.manifests.filter((manifest) => {
        const live = cluster.byKey(keyOf(manifest));
        return live === undefined || (healthOf(cluster, live, lua) ?? 'Healthy') !== 'Healthy';
      });
  const degraded = waiting.find((manifest) => {
    const live = cluster.byKey(keyOf(manifest));
    // A degraded child Application is waited for; a degraded workload or hook fails the sync.
    return live && manifest.kind !== 'Application' && healthOf(cluster, live, lua) === 'Degraded';
  });
  if (degraded) {
    fail(
      cluster,
      application,
      sync,
      `one or more synchronization tasks completed unsuccessfully, reason: ${resourceName(degraded)} is degraded`,
      resultsSoFar(application),
    );
    return;
  }
  const [first] = waiting;
  if (first) {
    const more = waiting.length - 1;
    const { name } = first.metadata;
    const rest = more > 0 ? ` and ${more} more resources` : '';
    const message = `waiting for healthy state of ${groupOf(first.apiVersion)}/${first.kind}/${name}${rest}`;
    const state = application.object.status?.['operationState'] as Fields | undefined;
    if (state?.['message'] !== message)
      showOperation(cluster, application, { phase: 'Running', message, results: resultsSoFar(application) });
    return;
  }
  sync.step += 1;
  sync.applied = false;
  const results = structuredClone(resultsSoFar(application));
  // What was waited for succeeded; the last wave's objects stay "Running" for ever.
  if (!isLast) for (const result of results) result['hookPhase'] = 'Succeeded';
  showOperation(cluster, application, { phase: 'Running', results });
  cluster.after(STEP_MS, 'application-sync', keyOf(application.object));
}

function succeed(cluster: Cluster, application: Stored, sync: SyncMemory, target: Target): void {
  const spec = specOf(application);
  const memory = memoryOf(application);
  const comparison = compare(cluster, application, target);
  if (spec.syncPolicy?.automated?.prune) {
    for (const key of comparison.surplus) {
      const stored = cluster.byKey(key);
      if (stored) cluster.remove(stored);
    }
    memory.tracked = memory.tracked.filter((key) => !comparison.surplus.includes(key));
  }
  const results = resultsSoFar(application);
  delete memory.sync;
  delete application.object['operation'];
  const { conditions: _conditions, ...before } = application.object.status ?? {};
  const history = (before['history'] as Fields[] | undefined) ?? [];
  const healed = memory.autoHeals > 0 && 'automated' in sync.initiatedBy;
  const entry = {
    deployStartedAt: timestamp(sync.startedAt),
    deployedAt: timestamp(cluster.at),
    id: history.length,
    initiatedBy: sync.initiatedBy,
    ...(spec.sources
      ? { revisions: target.revisions, source: { repoURL: '' }, sources: spec.sources }
      : { revision: target.revisions[0], source: spec.source }),
  };
  const now = compare(cluster, application, target);
  const { operation } = (before['operationState'] ?? {}) as { operation?: Fields };
  updateStatus(cluster, application, {
    ...before,
    health: healthStatus(before, aggregateHealth(cluster, target.manifests), cluster.at),
    // Self-heal adds nothing to the history.
    history: healed ? history : [...history, entry],
    operationState: {
      finishedAt: timestamp(cluster.at),
      message: 'successfully synced (all tasks run)',
      operation,
      phase: 'Succeeded',
      ...(sync.retries > 0 && { retryCount: sync.retries }),
      startedAt: timestamp(sync.startedAt),
      syncResult: { resources: results, ...deployed(spec, target.revisions) },
    },
    reconciledAt: timestamp(cluster.at),
    resources: now.resources,
    summary: summaryOf(target.manifests, cluster),
    sync: syncStatus(spec, now.synced ? 'Synced' : 'OutOfSync', target.revisions),
  });
  cluster.after(100, 'application-health', keyOf(application.object));
}

/** An attempt failed: the next one is announced, or the operation ends for good (the same commit is not tried again). */
function fail(
  cluster: Cluster,
  application: Stored,
  sync: SyncMemory,
  reason: string,
  results: readonly Fields[],
): void {
  const spec = specOf(application);
  const retry = spec.syncPolicy?.retry ?? ('automated' in sync.initiatedBy ? { limit: 5 } : {});
  const limit = retry.limit ?? 0;
  if (limit < 0 || sync.retries < limit) {
    sync.retries += 1;
    const { duration, factor = 2, maxDuration } = retry.backoff ?? {};
    const wait = Math.min(goDuration(duration, 5000) * factor ** sync.retries, goDuration(maxDuration, 180_000));
    Object.assign(sync, { retryAt: cluster.at + wait, step: 0, applied: false });
    const message = `${reason}. Retrying attempt #${sync.retries} at ${kitchen(cluster.at + wait)}.`;
    showOperation(cluster, application, { phase: 'Running', message, results, finishedAt: timestamp(cluster.at) });
    cluster.after(wait, 'application-sync', keyOf(application.object));
    return;
  }
  const message = sync.retries > 0 ? `${reason} (retried ${sync.retries} times).` : reason;
  delete memoryOf(application).sync;
  delete application.object['operation'];
  showOperation(cluster, application, { phase: 'Failed', message, results, finishedAt: timestamp(cluster.at) }, sync);
  const condition = {
    lastTransitionTime: timestamp(cluster.at),
    message: `Failed last sync attempt to [${sync.revision}]: ${message}`,
    type: 'SyncError',
  };
  updateStatus(cluster, application, { ...application.object.status, conditions: [condition] });
  cluster.after(100, 'application-health', keyOf(application.object));
}

/** An hour and minute as Go's `time.Kitchen`: no date, no zone. */
function kitchen(instant: number): string {
  const date = new Date(instant);
  const hours = date.getUTCHours();
  return `${hours % 12 || 12}:${String(date.getUTCMinutes()).padStart(2, '0')}${hours < 12 ? 'AM' : 'PM'}`;
}

interface OperationView {
  readonly phase: string;
  readonly message?: string;
  readonly results?: readonly Fields[];
  readonly finishedAt?: string;
}

/** Writes `status.operationState`; `operation` stays what was requested. */
function showOperation(cluster: Cluster, application: Stored, view: OperationView, ended?: SyncMemory): void {
  const sync = ended ?? application.application?.sync;
  if (!sync) return;
  const spec = specOf(application);
  const before = application.object.status ?? {};
  const operation = application.object['operation'] ?? (before['operationState'] as Fields | undefined)?.['operation'];
  const revisions = sync.revision.split(',');
  updateStatus(cluster, application, {
    ...before,
    operationState: {
      ...(view.finishedAt && { finishedAt: view.finishedAt }),
      ...(view.message && { message: view.message }),
      operation,
      phase: view.phase,
      ...(sync.retries > 0 && { retryCount: sync.retries }),
      startedAt: timestamp(sync.startedAt),
      ...(view.results && { syncResult: { resources: view.results, ...deployed(spec, revisions) } }),
    },
  });
}

function deployed(spec: ApplicationSpec, revisions: readonly string[]): Fields {
  if (spec.sources) return { revision: '', revisions, source: { repoURL: '' }, sources: spec.sources };
  return { revision: revisions[0], source: spec.source };
}

function resultsSoFar(application: Stored): Fields[] {
  const state = application.object.status?.['operationState'] as { syncResult?: { resources?: Fields[] } } | undefined;
  return state?.syncResult?.resources ?? [];
}

function sameObject(a: Fields, b: Fields): boolean {
  return ['group', 'kind', 'namespace', 'name'].every((field) => a[field] === b[field]);
}

function resultOf(manifest: Manifest, step: Step, status: string, hookPhase: string, message: string): Fields {
  const images = imagesOf(manifest);
  return {
    group: groupOf(manifest.apiVersion),
    hookPhase,
    ...(images.length > 0 && { images }),
    kind: manifest.kind,
    message,
    name: manifest.metadata.name,
    namespace: manifest.metadata.namespace ?? '',
    status,
    syncPhase: step.phase,
    version: versionOf(manifest.apiVersion),
  };
}
