import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';
import {
  judgeApiService,
  judgeAutoscaler,
  judgeDefinition,
  judgeDisruptionBudget,
  judgeNamespace,
} from './cluster-parts';
import { judgeConditions } from './conditions';
import { judgeDaemonSet } from './daemon-set';
import { judgeDeployment } from './deployment';
import { judgeIngress, judgeService } from './entry-point';
import { judgeHelmRelease } from './flux-helm-release';
import { judgeCronJob, judgeJob } from './job';
import { judgeNode } from './node';
import type { Related, Rule } from './object-reading';
import { judgePod } from './pod';
import { judgeStatefulSet } from './stateful-set';
import { judgeClaim, judgeVolume } from './volume';

/** The rule of each kind; every other kind is read by its conditions. */
const RULES: Readonly<Record<string, Rule>> = {
  'apps/Deployment': judgeDeployment,
  'apps/StatefulSet': judgeStatefulSet,
  'apps/DaemonSet': judgeDaemonSet,
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
  'helm.toolkit.fluxcd.io/HelmRelease': judgeHelmRelease,
};

/** How one object stands, by the rule of its kind. Argo CD Applications and Flux Kustomizations have judges of their own. */
export function judgeObject(object: KubernetesObject, related?: Related): ObjectReading {
  const rule = RULES[`${groupOf(object.apiVersion)}/${object.kind}`] ?? judgeConditions;
  return rule(object, related);
}

/** The API group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
