import { createHash } from 'node:crypto';
import { keyOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { timestamp } from '../instants';
import type { Fields } from '../manifest';
import { conditionOf } from '../object-health';
import { statusOf } from '../object-status';
import type { ReconcileMemory } from './reconcile-memory';

export const KUSTOMIZATION = ['kustomize.toolkit.fluxcd.io', 'Kustomization'] as const;
export const HELM_RELEASE = ['helm.toolkit.fluxcd.io', 'HelmRelease'] as const;
export const GIT_REPOSITORY = ['source.toolkit.fluxcd.io', 'GitRepository'] as const;
export const HELM_REPOSITORY = ['source.toolkit.fluxcd.io', 'HelmRepository'] as const;
export const FINALIZER = 'finalizers.fluxcd.io';

export type FluxController = 'source-controller' | 'kustomize-controller' | 'helm-controller';
const CONTROLLERS: ReadonlySet<string> = new Set(['source-controller', 'kustomize-controller', 'helm-controller']);

export function isFluxController({ object }: Stored): boolean {
  return CONTROLLERS.has(object.metadata.name) && object.metadata.labels?.['app.kubernetes.io/part-of'] === 'flux';
}

export function fluxRuns(cluster: Cluster, controller: FluxController): boolean {
  return cluster
    .all('apps', 'Deployment')
    .some(
      (deployment) =>
        deployment.object.metadata.name === controller &&
        isFluxController(deployment) &&
        conditionOf(statusOf(cluster, deployment) ?? {}, 'Available')?.['status'] === 'True',
    );
}

export function reconcileMemoryOf(stored: Stored): ReconcileMemory {
  return (stored.reconcile ??= { inventory: [] });
}

/** A condition of a Flux object. */
export interface FluxCondition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

/** Conditions as Flux writes them: the time moves with the status or, in a reconcile, when the condition is set anew. */
export function conditionsAt(stored: Stored, conditions: readonly FluxCondition[], at: number): Fields[] {
  return conditions.map((condition) => {
    const before = conditionOf(stored.object.status ?? {}, condition.type);
    const same =
      before?.['status'] === condition.status &&
      before['reason'] === condition.reason &&
      before['message'] === condition.message;
    const lastTransitionTime = before && same ? before['lastTransitionTime'] : timestamp(at);
    return {
      lastTransitionTime,
      message: condition.message,
      observedGeneration: stored.object.metadata.generation,
      reason: condition.reason,
      status: condition.status,
      type: condition.type,
    };
  });
}

interface Outcome {
  readonly digest: string;
  readonly outcome: string;
  readonly revision: string;
  readonly at: number;
  /** How long it took, in Go's words. */
  readonly took: string;
}

/** `status.history` with one more reconcile; a digest that comes again counts up. The last five are kept. */
export function historyWith(status: Fields, { digest, outcome, revision, at, took }: Outcome): Fields[] {
  const history = (status['history'] as Fields[] | undefined) ?? [];
  const before = history.find((entry) => entry['digest'] === digest);
  const entry = {
    digest,
    firstReconciled: before?.['firstReconciled'] ?? timestamp(at),
    lastReconciled: timestamp(at),
    lastReconciledDuration: took,
    lastReconciledStatus: outcome,
    metadata: { revision },
    totalReconciliations: Number(before?.['totalReconciliations'] ?? 0) + 1,
  };
  return [entry, ...history.filter((other) => other !== before)].slice(0, 5);
}

export function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`;
}

/** Schedules the next reconcile; tasks that were due earlier are void. */
export function nextReconcile(cluster: Cluster, stored: Stored, milliseconds: number): void {
  const memory = reconcileMemoryOf(stored);
  memory.nextAt = cluster.at + milliseconds;
  cluster.after(milliseconds, 'flux-interval', keyOf(stored.object));
}

/** Tells everything that depends on an object to try again soon. */
export function wakeDependents(cluster: Cluster, dependsOn: (candidate: Stored) => boolean): void {
  for (const type of [KUSTOMIZATION, HELM_RELEASE]) {
    for (const candidate of cluster.all(type[0], type[1]))
      if (dependsOn(candidate)) cluster.after(500, 'flux', keyOf(candidate.object));
  }
}
