/** Any JSON object. */
export type Fields = Record<string, unknown>;

/** Metadata as the API server keeps it. */
export interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time: string;
  fieldsType: 'FieldsV1';
  fieldsV1: Fields;
  subresource?: string;
}

/** An object of the Kubernetes API: what is applied, stored and served. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: Fields;
  status?: Fields;
  [field: string]: unknown;
}

/** The parts of a pod template that the simulation reads. */
export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: PodSpec;
}

export interface PodSpec {
  containers?: { name: string; image?: string; [field: string]: unknown }[];
  volumes?: { name: string; persistentVolumeClaim?: { claimName: string } }[];
  nodeSelector?: Record<string, string>;
  [field: string]: unknown;
}

/** The parts of a workload's spec (Deployment, StatefulSet, DaemonSet, Job) that the simulation reads. */
export interface WorkloadSpec {
  replicas?: number;
  completions?: number;
  suspend?: boolean;
  paused?: boolean;
  progressDeadlineSeconds?: number;
  backoffLimit?: number;
  selector?: { matchLabels?: Record<string, string> };
  template?: PodTemplate;
  volumeClaimTemplates?: { metadata: { name: string; labels?: Record<string, string> }; spec: Fields }[];
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The API group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/** `kind.group/name` as tools name an object to people, such as `deployment.apps/web` or `service/web`. */
export function resourceName(manifest: Manifest): string {
  const group = groupOf(manifest.apiVersion);
  return `${manifest.kind.toLowerCase()}${group ? `.${group}` : ''}/${manifest.metadata.name}`;
}
