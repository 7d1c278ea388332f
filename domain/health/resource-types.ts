import { CUSTOM_TYPES } from '../catalogue/custom-types';
import type { ResourceType } from '../ports/kubernetes';
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
  storageClass: type('storage.k8s.io/v1', 'StorageClass', 'storageclasses', false),
  deployment: type('apps/v1', 'Deployment', 'deployments'),
  statefulSet: type('apps/v1', 'StatefulSet', 'statefulsets'),
  daemonSet: type('apps/v1', 'DaemonSet', 'daemonsets'),
  job: type('batch/v1', 'Job', 'jobs'),
  ingress: type('networking.k8s.io/v1', 'Ingress', 'ingresses'),
  autoscaler: type('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  apiService: type('apiregistration.k8s.io/v1', 'APIService', 'apiservices', false),
  definition: type('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', false),
} as const satisfies Record<string, ResourceType>;

const KNOWN: readonly ResourceType[] = [...Object.values(RESOURCE), ...CUSTOM_TYPES];

/** Whether a selector may name a kind without its apiVersion. */
export function isKnownKind(kind: string): boolean {
  return KNOWN.some((resource) => resource.kind === kind);
}

/** The types of the GitOps engine's own objects; from them follows what else is worth reading. */
export function engineTypes({ gitops }: Pick<Settings, 'gitops'>): readonly ResourceType[] {
  return gitops.engine === 'argocd'
    ? [RESOURCE.application]
    : [RESOURCE.gitRepository, RESOURCE.kustomization, RESOURCE.helmRelease];
}

/** The type that a selector speaks of. A kind that is not in the table is pluralised as Kubernetes does by default. */
export function typeOf(selector: WorkloadSelector): ResourceType {
  const { kind, apiVersion, namespace } = selector;
  const known = KNOWN.find(
    (resource) => resource.kind === kind && (apiVersion === undefined || resource.apiVersion === apiVersion),
  );
  return known ?? type(apiVersion ?? 'v1', kind, pluralOf(kind), namespace !== undefined);
}

/** Identifies a type within a snapshot, such as `apps/v1/Deployment`. */
export function typeKey({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return `${apiVersion}/${kind}`;
}

/** The guess of Kubernetes' own REST mapper, which CRD authors follow: policy → policies, ingress → ingresses. */
function pluralOf(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}
