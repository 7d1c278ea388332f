import { applyAddon, joinNodes, leaveNodes, noticeInfrastructure, removeAddon } from './nodes';
import {
  finalizeApplication,
  lookAtHealth,
  refreshApplication,
  resyncApplication,
  syncByPerson,
  wakeApplications,
} from './argocd/application-controller';
import { isArgoController } from './argocd/application';
import { bringManagedArgocd } from './argocd/managed-argocd';
import { continueSync } from './argocd/sync-operation';
import { reconcileBalancer, reconcileIngress, wakeIngresses, wantsBalancer } from './cloud/load-balancers';
import { releaseClaim } from './cloud/volumes';
import { keyOf, type Cluster, type Watcher } from './cluster';
import type { Stored } from './cluster-state';
import { isFluxController, KUSTOMIZATION, HELM_RELEASE, GIT_REPOSITORY, HELM_REPOSITORY } from './flux/flux-objects';
import { checkReleaseHealth, installRelease, reconcileHelmRelease } from './flux/helm-controller';
import { buildAndApply, checkKustomizationHealth, reconcileKustomization } from './flux/kustomize-controller';
import { reconcileGitRepository, reconcileHelmRepository } from './flux/source-controller';
import { wakeOwners } from './gitops/ownership';
import { groupOf } from './manifest';
import { endNamespace } from './namespaces';
import { isOperated, operate, wakeOperated } from './operators';
import { retryPending, reconcileWorkload } from './workloads/workload-controller';

type Handler = (cluster: Cluster, key: string) => void;

/** Which part of an object's key says what it is. */
function isOf(key: string, [group, kind]: readonly [string, string]): boolean {
  return key.startsWith(`${group}/${kind}|`);
}

/** What can stand on a cluster's agenda. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  gone: (cluster, key) => cluster.forget(key),
  workload: (cluster, key) => {
    reconcileWorkload(cluster, key);
    settled(cluster, key);
  },
  settled,
  'retry-pending': retryPending,
  'nodes-join': joinNodes,
  'nodes-leave': leaveNodes,
  addon: applyAddon,
  'addon-leaves': removeAddon,
  'managed-argocd': bringManagedArgocd,
  balancer: reconcileBalancer,
  ingress: reconcileIngress,
  'release-claim': releaseClaim,
  namespace: endNamespace,
  operate,
  application: refreshApplication,
  'application-sync': continueSync,
  'application-health': lookAtHealth,
  'application-resync': resyncApplication,
  'application-finalize': finalizeApplication,
  'person-syncs': syncByPerson,
  flux: reconcileFlux,
  'flux-interval': (cluster, key) => {
    const due = cluster.byKey(key)?.reconcile?.nextAt ?? 0;
    if (due <= cluster.at) reconcileFlux(cluster, key);
  },
  'flux-build': (cluster, key) => (isOf(key, KUSTOMIZATION) ? buildAndApply : installRelease)(cluster, key),
  'flux-health': (cluster, key) =>
    (isOf(key, KUSTOMIZATION) ? checkKustomizationHealth : checkReleaseHealth)(cluster, key),
};

function reconcileFlux(cluster: Cluster, key: string): void {
  if (isOf(key, KUSTOMIZATION)) reconcileKustomization(cluster, key);
  else if (isOf(key, HELM_RELEASE)) reconcileHelmRelease(cluster, key);
  else if (isOf(key, GIT_REPOSITORY)) reconcileGitRepository(cluster, key);
  else if (isOf(key, HELM_REPOSITORY)) reconcileHelmRepository(cluster, key);
}

/** More tasks than a week of a large cluster makes: a controller that wakes itself for ever is a bug of the simulation. */
const MOST_TASKS = 1_000_000;

/** Lets the controllers work until an instant: everything that is due is done at its own time, in order. */
export function workUntil(cluster: Cluster, until: number): void {
  const { agenda } = cluster.state;
  noticeInfrastructure(cluster);
  for (let count = 0; agenda[0] && agenda[0].at <= until; count++) {
    if (count > MOST_TASKS)
      throw new Error(`the simulated cluster ${cluster.name} does not come to rest: ${JSON.stringify(agenda[0])}`);
    const task = agenda.shift()!;
    cluster.at = Math.max(cluster.at, task.at);
    HANDLERS[task.do]?.(cluster, task.key);
  }
  cluster.at = Math.max(cluster.at, until);
  cluster.state.workedUntil = cluster.at;
}

/** Something became ready (or stuck): whoever waits for it hears of it. */
function settled(cluster: Cluster, key: string): void {
  const stored = cluster.byKey(key);
  if (!stored) return;
  const { kind } = stored.object;
  wakeOwners(cluster, stored);
  if (kind === 'Service') wakeIngresses(cluster, stored);
  if (kind === 'StatefulSet' && isArgoController(stored) && hasReadyPod(cluster, stored)) wakeApplications(cluster);
  if ((kind !== 'Deployment' && kind !== 'StatefulSet') || !hasReadyPod(cluster, stored)) return;
  wakeOperated(cluster, stored);
  if (isFluxController(stored)) wakeFlux(cluster);
}

function hasReadyPod(cluster: Cluster, stored: Stored): boolean {
  return (stored.rollout?.pods ?? []).some((pod) => (cluster.byKey(pod)?.pod?.readyAt ?? Infinity) <= cluster.at);
}

function wakeFlux(cluster: Cluster): void {
  for (const type of [GIT_REPOSITORY, HELM_REPOSITORY, KUSTOMIZATION, HELM_RELEASE]) {
    for (const stored of cluster.all(type[0], type[1])) cluster.after(500, 'flux', keyOf(stored.object));
  }
}

/** Reaction times of the controllers to a write (recorded: 0.1 to 0.6 s; see series-app-of-apps-… for Argo CD). */
const REACTIONS: Readonly<Record<string, { readonly task: string; readonly milliseconds: number }>> = {
  'apps/Deployment': { task: 'workload', milliseconds: 150 },
  'apps/StatefulSet': { task: 'workload', milliseconds: 150 },
  'apps/DaemonSet': { task: 'workload', milliseconds: 150 },
  'batch/Job': { task: 'workload', milliseconds: 150 },
  '/Service': { task: 'balancer', milliseconds: 1000 },
  'networking.k8s.io/Ingress': { task: 'ingress', milliseconds: 1000 },
  'argoproj.io/Application': { task: 'application', milliseconds: 600 },
  'kustomize.toolkit.fluxcd.io/Kustomization': { task: 'flux', milliseconds: 500 },
  'helm.toolkit.fluxcd.io/HelmRelease': { task: 'flux', milliseconds: 500 },
  'source.toolkit.fluxcd.io/GitRepository': { task: 'flux', milliseconds: 1500 },
  'source.toolkit.fluxcd.io/HelmRepository': { task: 'flux', milliseconds: 1500 },
  '/PersistentVolumeClaim': { task: 'retry-pending', milliseconds: 500 },
  'storage.k8s.io/StorageClass': { task: 'retry-pending', milliseconds: 500 },
};

/** When a scenario's person syncs an Application: a while after it appeared. */
const PERSON_SYNCS_AFTER_MS = 90_000;

/** What the controllers of every simulated cluster hear of. */
export const watcher: Watcher = {
  written(cluster, stored, key) {
    const { object } = stored;
    const type = `${groupOf(object.apiVersion)}/${object.kind}`;
    const reaction = REACTIONS[type];
    if (reaction && !(type === '/Service' && !wantsBalancer(stored)))
      cluster.after(reaction.milliseconds, reaction.task, key);
    if (isOperated(object)) cluster.after(2000, 'operate', key);
    if (object.metadata.deletionTimestamp) {
      if (object.kind === 'Namespace') cluster.after(500, 'namespace', key);
      if (object.kind === 'PersistentVolumeClaim') cluster.after(500, 'release-claim', key);
    }
    if (type === 'argoproj.io/Application' && stored.bornAt === cluster.at && object.metadata.generation === 1)
      cluster.after(PERSON_SYNCS_AFTER_MS, 'person-syncs', key);
    wakeOwners(cluster, stored);
  },
  removed(cluster, stored) {
    wakeOwners(cluster, stored);
  },
};
