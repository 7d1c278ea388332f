import { createHash } from 'node:crypto';
import type { Stored } from './cluster-state';
import { isFields, type Fields, type Manifest } from './manifest';

/** What defaults depend on. */
interface Cluster {
  readonly name: string;
  all(group: string, kind: string): readonly Stored[];
}

/** What the API server fills in at creation: defaults, cluster addresses, protecting finalizers. */
export function defaulted(object: Manifest, cluster: Cluster): Manifest {
  const fill = DEFAULTS[object.kind];
  if (isFields(object.spec) && fill) fill(object, object.spec, cluster);
  if (object.kind === 'Namespace') defaultNamespace(object);
  return object;
}

const DEFAULTS: Readonly<Record<string, (object: Manifest, spec: Fields, cluster: Cluster) => void>> = {
  Deployment: (_, spec) => {
    spec['replicas'] ??= 1;
    spec['progressDeadlineSeconds'] ??= 600;
    spec['revisionHistoryLimit'] ??= 10;
    spec['strategy'] ??= { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } };
  },
  StatefulSet: (_, spec) => {
    spec['replicas'] ??= 1;
    spec['podManagementPolicy'] ??= 'OrderedReady';
    spec['updateStrategy'] ??= { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
  },
  DaemonSet: (_, spec) => {
    spec['updateStrategy'] ??= { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } };
  },
  Job: (_, spec) => {
    spec['completions'] ??= 1;
    spec['parallelism'] ??= 1;
    spec['backoffLimit'] ??= 6;
  },
  Service: (object, spec, cluster) => {
    spec['type'] ??= 'ClusterIP';
    spec['clusterIP'] ??= clusterIp(`${cluster.name}/${object.metadata.namespace}/${object.metadata.name}`);
    spec['sessionAffinity'] ??= 'None';
    // The AWS Load Balancer Controller holds a Service until its load balancer is gone.
    if (spec['type'] === 'LoadBalancer') addFinalizer(object, 'service.k8s.aws/resources');
  },
  PersistentVolumeClaim: (object, spec, cluster) => {
    addFinalizer(object, 'kubernetes.io/pvc-protection');
    spec['volumeMode'] ??= 'Filesystem';
    const defaultClass = defaultStorageClass(cluster);
    if (defaultClass !== undefined) spec['storageClassName'] ??= defaultClass;
  },
};

function defaultNamespace(object: Manifest): void {
  object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
  object.spec ??= { finalizers: ['kubernetes'] };
  object.status ??= { phase: 'Active' };
}

/** The storage class that a claim without one gets; EKS makes none by default since 1.30. */
function defaultStorageClass(cluster: Cluster): string | undefined {
  return cluster
    .all('storage.k8s.io', 'StorageClass')
    .find(({ object }) => object.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true')
    ?.object.metadata.name;
}

function addFinalizer(object: Manifest, finalizer: string): void {
  object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), finalizer])];
}

/** An address of EKS's default service range 172.20.0.0/16. */
function clusterIp(name: string): string {
  const digest = createHash('sha256').update(name).digest();
  return `172.20.${digest[0]}.${1 + ((digest[1] ?? 0) % 254)}`;
}
