import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';
import { type Kustomization, isOfCommit } from './flux-shape';
import { type Condition, conditionOf, deletion, inWords, reading } from './object-reading';

const SUCCEEDED = 'ReconciliationSucceeded';

/**
 * How a Flux Kustomization stands.
 *
 * `Ready` turns Unknown at every interval, of a good one and of a failing one alike; what stands then is the last
 * outcome in `status.history`. `status.observedGeneration` stays -1 until the first success, so it says nothing of a
 * failure. `Ready` stays True at the old revision while suspended, and while being deleted.
 * @param commit the drill's commit when its source is the bootstrap repository, otherwise undefined
 */
export function judgeKustomization(object: KubernetesObject, commit?: string): ObjectReading {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { spec, status = {} } = object as Kustomization;
  if (spec?.suspend) return reading(object, 'suspended', 'spec.suspend is true: it is not reconciled');

  const ready = conditionOf(object, 'Ready');
  if (!ready) return reading(object, 'progressing', 'has no Ready condition yet');
  if (ready.observedGeneration !== undefined && ready.observedGeneration < (object.metadata.generation ?? 0)) {
    return reading(object, 'progressing', `Ready is of generation ${ready.observedGeneration}`);
  }
  if (ready.status === 'False') return reading(object, severityOf(ready), inWords(ready));

  const { lastAppliedRevision: applied, lastAttemptedRevision: attempted } = status;
  const last = status.history?.[0];
  const lastIsOfAttempt = last !== undefined && last.metadata?.revision === attempted;
  if (ready.status !== 'True' && lastIsOfAttempt && last.lastReconciledStatus !== SUCCEEDED) {
    return reading(
      object,
      'degraded',
      `Ready is Unknown during a retry; the last outcome was ${last.lastReconciledStatus}`,
    );
  }
  const flaw = revisionFlaw(applied, attempted, commit);
  if (flaw) return reading(object, 'progressing', `${flaw}; ${inWords(conditionOf(object, 'Reconciling') ?? ready)}`);
  if (!lastIsOfAttempt || last.lastReconciledStatus !== SUCCEEDED) {
    return reading(object, 'progressing', `status.history has no success at ${attempted} yet`);
  }
  if ((status.observedGeneration ?? -1) < (object.metadata.generation ?? 0)) {
    return reading(object, 'progressing', `status.observedGeneration is ${status.observedGeneration}`);
  }
  // Ready's lastTransitionTime is the last reconcile; the first success at this revision is since when it stands.
  return reading(object, 'healthy', `status.lastAppliedRevision is ${applied}`, last.firstReconciled);
}

/**
 * The revision must be the one of the last attempt (new objects are on the cluster as soon as it is attempted, but
 * applied only after the health checks) and that of the drill.
 */
function revisionFlaw(
  applied: string | undefined,
  attempted: string | undefined,
  commit: string | undefined,
): string | undefined {
  if (applied === undefined) return 'status.lastAppliedRevision is absent';
  if (applied !== attempted)
    return `status.lastAppliedRevision is ${applied}, status.lastAttemptedRevision is ${attempted}`;
  if (commit !== undefined && !isOfCommit(applied, commit)) {
    return `status.lastAppliedRevision is ${applied}, not ${commit.slice(0, 7)}`;
  }
  return undefined;
}

/**
 * What Ready=False means for the wait. Flux retries everything for ever; a build or a path that is wrong at a pinned
 * commit stays wrong.
 */
function severityOf({ reason, message = '' }: Condition): ObjectReading['status'] {
  switch (reason) {
    case 'BuildFailed':
      return 'failed';
    case 'ArtifactFailed':
      if (message.includes('path not found')) return 'failed';
      return message.includes('artifact not found') ? 'progressing' : 'degraded';
    case 'DependencyNotReady':
      return message.includes('not found') ? 'degraded' : 'progressing';
    case 'Progressing':
    case 'ProgressingWithRetry':
      return 'progressing';
    default:
      // ReconciliationFailed, HealthCheckFailed, PruneFailed …: CRDs, secrets and slow pods may still come.
      return 'degraded';
  }
}
