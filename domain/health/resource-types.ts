import { CUSTOM_TYPES } from '../catalogue/custom-types';
import type { Kind, ResourceType } from '../ports/kubernetes';
import type { Settings, WorkloadSelector } from '../settings';

function type(apiVersion: string, kind: string, plural: string, namespaced = true): ResourceType {
  return { apiVersion, kind, plural, namespaced };
}

/** The resource types that health is read from. */
export const RESOURCE = {
  application: type('argoproj.io/v1alpha1', 'Application', 'applications'),
  gitRepository: type('source.toolkit.fluxcd.io/v1', 'GitRepository', 'gitrepositories'),
  kustomization: type('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'kustomizations'),
  helmRelease: type('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'helmreleases'),
  node: type('v1', 'Node', 'nodes', false),
  pod: type('v1', 'Pod', 'pods'),
  service: type('v1', 'Service', 'services'),
  claim: type('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  volume: type('v1', 'PersistentVolume', 'persistentvolumes', false),
  namespace: type('v1', 'Namespace', 'namespaces', false),
  storageClass: type('storage.k8s.io/v1', 'StorageClass', 'storageclasses', false),
  deployment: type('apps/v1', 'Deployment', 'deployments'),
  statefulSet: type('apps/v1', 'StatefulSet', 'statefulsets'),
  daemonSet: type('apps/v1', 'DaemonSet', 'daemonsets'),
  replicaSet: type('apps/v1', 'ReplicaSet', 'replicasets'),
  job: type('batch/v1', 'Job', 'jobs'),
  cronJob: type('batch/v1', 'CronJob', 'cronjobs'),
  ingress: type('networking.k8s.io/v1', 'Ingress', 'ingresses'),
  autoscaler: type('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  disruptionBudget: type('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  apiService: type('apiregistration.k8s.io/v1', 'APIService', 'apiservices', false),
  definition: type('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', false),
} as const satisfies Record<string, ResourceType>;

const KNOWN: readonly ResourceType[] = [...Object.values(RESOURCE), ...CUSTOM_TYPES];

/** Whether a selector may name a kind without its apiVersion. */
export function isKnownKind(kind: string): boolean {
  return KNOWN.some((resource) => resource.kind === kind);
}

/**
 * What Helm charts usually make that says how it is. helm-controller keeps no list of what a release made, so all of it
 * is read, and found by the labels that it gives each object.
 */
export const RELEASED: readonly ResourceType[] = [
  RESOURCE.deployment,
  RESOURCE.statefulSet,
  RESOURCE.daemonSet,
  RESOURCE.service,
  RESOURCE.job,
  RESOURCE.claim,
  RESOURCE.ingress,
  RESOURCE.apiService,
];

/** The types of the GitOps engine's own objects; from them follows what else is worth reading. */
export function engineTypes({ gitops }: Pick<Settings, 'gitops'>): readonly ResourceType[] {
  return gitops.engine === 'argocd'
    ? [RESOURCE.application]
    : [RESOURCE.gitRepository, RESOURCE.kustomization, RESOURCE.helmRelease];
}

/** The kind that a selector speaks of; with its place in the API where that is known. */
export function typeOf({ kind, apiVersion }: WorkloadSelector): Kind | ResourceType {
  const known = KNOWN.find(
    (resource) => resource.kind === kind && (apiVersion === undefined || resource.apiVersion === apiVersion),
  );
  return known ?? { apiVersion: apiVersion ?? 'v1', kind };
}

/** Whether the place of a kind in the API is known; where it is not, the API's discovery tells it. */
export function isType(kind: Kind | ResourceType): kind is ResourceType {
  return 'plural' in kind;
}

/** Whether a kind is one of the table: Kubernetes' own, or the engine's. Without it a reading says nothing. */
export function isEssential(kind: Kind): boolean {
  return Object.values(RESOURCE).some((type) => typeKey(type) === typeKey(kind));
}

/** Identifies a type within a snapshot, such as `apps/v1/Deployment`. */
export function typeKey({ apiVersion, kind }: Kind): string {
  return `${apiVersion}/${kind}`;
}
