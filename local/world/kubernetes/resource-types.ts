/** A type that the API server serves. */
export interface ServedType {
  readonly group: string;
  readonly versions: readonly string[];
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

type Row = readonly [group: string, version: string, kind: string, plural: string, scope?: 'cluster'];

const BUILT_IN: readonly Row[] = [
  ['', 'v1', 'Namespace', 'namespaces', 'cluster'],
  ['', 'v1', 'Node', 'nodes', 'cluster'],
  ['', 'v1', 'PersistentVolume', 'persistentvolumes', 'cluster'],
  ['', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'],
  ['', 'v1', 'Pod', 'pods'],
  ['', 'v1', 'Service', 'services'],
  ['', 'v1', 'ServiceAccount', 'serviceaccounts'],
  ['', 'v1', 'ConfigMap', 'configmaps'],
  ['', 'v1', 'Secret', 'secrets'],
  ['', 'v1', 'Event', 'events'],
  ['', 'v1', 'Endpoints', 'endpoints'],
  ['', 'v1', 'ResourceQuota', 'resourcequotas'],
  ['', 'v1', 'LimitRange', 'limitranges'],
  ['apps', 'v1', 'Deployment', 'deployments'],
  ['apps', 'v1', 'StatefulSet', 'statefulsets'],
  ['apps', 'v1', 'DaemonSet', 'daemonsets'],
  ['apps', 'v1', 'ReplicaSet', 'replicasets'],
  ['batch', 'v1', 'Job', 'jobs'],
  ['batch', 'v1', 'CronJob', 'cronjobs'],
  ['autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'],
  ['policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets'],
  ['networking.k8s.io', 'v1', 'Ingress', 'ingresses'],
  ['networking.k8s.io', 'v1', 'IngressClass', 'ingressclasses', 'cluster'],
  ['networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies'],
  ['discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices'],
  ['storage.k8s.io', 'v1', 'StorageClass', 'storageclasses', 'cluster'],
  ['storage.k8s.io', 'v1', 'CSIDriver', 'csidrivers', 'cluster'],
  ['storage.k8s.io', 'v1', 'VolumeAttachment', 'volumeattachments', 'cluster'],
  ['scheduling.k8s.io', 'v1', 'PriorityClass', 'priorityclasses', 'cluster'],
  ['rbac.authorization.k8s.io', 'v1', 'Role', 'roles'],
  ['rbac.authorization.k8s.io', 'v1', 'RoleBinding', 'rolebindings'],
  ['rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles', 'cluster'],
  ['rbac.authorization.k8s.io', 'v1', 'ClusterRoleBinding', 'clusterrolebindings', 'cluster'],
  ['apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions', 'cluster'],
  ['apiregistration.k8s.io', 'v1', 'APIService', 'apiservices', 'cluster'],
  [
    'admissionregistration.k8s.io',
    'v1',
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
    'cluster',
  ],
  ['admissionregistration.k8s.io', 'v1', 'MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', 'cluster'],
  ['coordination.k8s.io', 'v1', 'Lease', 'leases'],
];

/** What every API server serves without a custom resource definition. */
const BUILT_IN_TYPES: readonly ServedType[] = BUILT_IN.map(([group, version, kind, plural, scope]) => ({
  group,
  versions: [version],
  kind,
  plural,
  namespaced: scope !== 'cluster',
}));

const BUILT_IN_BY_KIND = new Map(BUILT_IN_TYPES.map((type) => [`${type.group}/${type.kind}`, type]));
const BUILT_IN_BY_PLURAL = new Map(BUILT_IN_TYPES.map((type) => [`${type.group}/${type.plural}`, type]));

export function builtInKind(group: string, kind: string): ServedType | undefined {
  return BUILT_IN_BY_KIND.get(`${group}/${kind}`);
}

export function builtInPlural(group: string, plural: string): ServedType | undefined {
  return BUILT_IN_BY_PLURAL.get(`${group}/${plural}`);
}

export function builtInTypes(group: string): readonly ServedType[] {
  return BUILT_IN_TYPES.filter((type) => type.group === group);
}

export function isBuiltInGroup(group: string): boolean {
  return builtInTypes(group).length > 0;
}
