import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';
import { judgeApiService } from './api-service';
import { judgeApplication } from './argo-application';
import { judgeApplicationSet } from './argo-application-set';
import { judgeAutoscaler } from './autoscaler';
import { judgeConditions } from './conditions';
import { judgeCronJob } from './cron-job';
import { judgeDaemonSet } from './daemon-set';
import { judgeDefinition } from './definition';
import { judgeDeployment } from './deployment';
import { judgeDisruptionBudget } from './disruption-budget';
import { judgeIngress, judgeService } from './entry-point';
import { judgeHelmRelease } from './flux-helm-release';
import { judgeKustomization } from './flux-kustomization';
import { judgeSource } from './flux-source';
import { judgeJob } from './job';
import { judgeNamespace } from './namespace';
import { judgeNode } from './node';
import type { Related, Rule } from './object-reading';
import { judgePod } from './pod';
import { judgeReplicaSet } from './replica-set';
import { judgeStatefulSet } from './stateful-set';
import { SYSTEM_KINDS } from './system-kinds';
import { judgeClaim, judgeVolume } from './volume';

/**
 * The registry: the rule of each kind, by `group/Kind` (the core group is empty). Every kind that is not here is read by
 * its conditions (`judgeConditions`).
 *
 * To add a kind:
 * 1. Write its rule, in a file named after the subject; `saying('Ready')` where a condition is all there is to it.
 * 2. Register it: a kind of a system of the catalogue in `system-kinds.ts`, any other here. Nothing else is needed for
 *    it to be read: where the API serves the kinds that a unit makes is looked up in its discovery.
 * 3. Give it a row in `docs/health.md` and a recording in `test/recorded`; tests hold both to this table.
 */
export const RULES: Readonly<Record<string, Rule>> = {
  'apps/Deployment': judgeDeployment,
  'apps/StatefulSet': judgeStatefulSet,
  'apps/DaemonSet': judgeDaemonSet,
  'apps/ReplicaSet': judgeReplicaSet,
  'batch/Job': judgeJob,
  'batch/CronJob': judgeCronJob,
  '/Pod': judgePod,
  '/PersistentVolumeClaim': judgeClaim,
  '/PersistentVolume': judgeVolume,
  '/Service': judgeService,
  'networking.k8s.io/Ingress': judgeIngress,
  '/Node': judgeNode,
  '/Namespace': judgeNamespace,
  'autoscaling/HorizontalPodAutoscaler': judgeAutoscaler,
  'policy/PodDisruptionBudget': judgeDisruptionBudget,
  'apiregistration.k8s.io/APIService': judgeApiService,
  'apiextensions.k8s.io/CustomResourceDefinition': judgeDefinition,
  // Where they are units of the drill, `gitopsView` judges them with the pinned commit.
  'argoproj.io/Application': (object) => judgeApplication(object),
  'argoproj.io/ApplicationSet': judgeApplicationSet,
  'kustomize.toolkit.fluxcd.io/Kustomization': (object) => judgeKustomization(object),
  'helm.toolkit.fluxcd.io/HelmRelease': judgeHelmRelease,
  'source.toolkit.fluxcd.io/GitRepository': judgeSource,
  'source.toolkit.fluxcd.io/HelmRepository': judgeSource,
  'source.toolkit.fluxcd.io/OCIRepository': judgeSource,
  'source.toolkit.fluxcd.io/Bucket': judgeSource,
  'source.toolkit.fluxcd.io/HelmChart': judgeSource,
  ...SYSTEM_KINDS,
};

/** How one object stands, by the rule of its kind. */
export function judgeObject(object: KubernetesObject, related?: Related): ObjectReading {
  const rule = ruleOf({ group: groupOf(object.apiVersion), kind: object.kind }) ?? judgeConditions;
  return rule(object, related);
}

/** The rule of a kind, or of its whole group. */
export function ruleOf({ group, kind }: { readonly group: string; readonly kind: string }): Rule | undefined {
  return RULES[kindKey({ group, kind })] ?? RULES[kindKey({ group, kind: '*' })];
}

/** A kind whatever its version, as the registry names it, such as `apps/Deployment`. */
export function kindKey({ group, kind }: { readonly group: string; readonly kind: string }): string {
  return `${group}/${kind}`;
}

/** The API group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
