import { controllerOf, keyOf, labelsOf, type Cluster } from './cluster';
import type { Stored } from './cluster-state';
import { SECONDS } from './durations';
import { timestamp } from './instants';
import { groupOf, isFields, type Fields, type Manifest } from './manifest';
import { statusOf } from './object-status';
import { conditionOf } from './object-health';
import type { Derived } from './workloads/workload-status';
import { workloadManifest } from './workload-manifests';

/** An operator answers a custom resource once it runs: it makes workloads, or says that the resource is ready. */
interface Operated {
  /** Labels of the operator's own workload (a Deployment). */
  readonly operator: Readonly<Record<string, string>>;
  /** Condition that tells of success. */
  readonly condition: string;
  readonly makes?: (resource: Manifest) => Manifest[];
}

const OPERATED: Readonly<Record<string, Operated>> = {
  'monitoring.coreos.com/Prometheus': {
    operator: { app: 'kube-prometheus-stack-operator' },
    condition: 'Available',
    makes: monitoringSet,
  },
  'monitoring.coreos.com/Alertmanager': {
    operator: { app: 'kube-prometheus-stack-operator' },
    condition: 'Available',
    makes: monitoringSet,
  },
  'operator.tigera.io/Installation': {
    operator: { 'app.kubernetes.io/name': 'tigera-operator' },
    condition: 'Available',
    makes: calico,
  },
  'external-secrets.io/ClusterSecretStore': {
    operator: { 'app.kubernetes.io/name': 'external-secrets' },
    condition: 'Ready',
  },
  'external-secrets.io/SecretStore': { operator: { 'app.kubernetes.io/name': 'external-secrets' }, condition: 'Ready' },
  'external-secrets.io/ExternalSecret': {
    operator: { 'app.kubernetes.io/name': 'external-secrets' },
    condition: 'Ready',
  },
  'kyverno.io/ClusterPolicy': {
    operator: { 'app.kubernetes.io/component': 'admission-controller' },
    condition: 'Ready',
  },
  'cert-manager.io/Certificate': { operator: { 'app.kubernetes.io/name': 'cert-manager' }, condition: 'Ready' },
  'cert-manager.io/ClusterIssuer': { operator: { 'app.kubernetes.io/name': 'cert-manager' }, condition: 'Ready' },
};

export function isOperated({ apiVersion, kind }: Manifest): boolean {
  return OPERATED[`${groupOf(apiVersion)}/${kind}`] !== undefined;
}

const OPERATOR = { manager: 'operator', operation: 'Update' } as const;

/** Lets the operator answer a resource; comes back while the operator does not run. */
export function operate(cluster: Cluster, key: string): void {
  const resource = cluster.byKey(key);
  if (!resource || resource.object.metadata.deletionTimestamp) return;
  const operated = OPERATED[`${groupOf(resource.object.apiVersion)}/${resource.object.kind}`];
  if (!operated || !operatorRuns(cluster, operated)) return;
  for (const manifest of operated.makes?.(resource.object) ?? []) {
    if (!cluster.byKey(keyOf(manifest)))
      cluster.create(
        { ...manifest, metadata: { ...manifest.metadata, ownerReferences: [controllerOf(resource)] } },
        OPERATOR,
      );
  }
  cluster.bump(resource);
  if (!operated.makes && resource.object.status?.['conditions'] === undefined) {
    const condition = {
      lastTransitionTime: timestamp(cluster.at),
      message: 'reconciled',
      reason: 'Valid',
      status: 'True',
      type: operated.condition,
    };
    cluster.setStatus(resource, { conditions: [condition] });
    cluster.after(1, 'settled', key);
  }
}

/** An operator became available: everything that waits for it is looked at. */
export function wakeOperated(cluster: Cluster, operator: Stored): void {
  for (const [type, operated] of Object.entries(OPERATED)) {
    if (!Object.entries(operated.operator).every(([key, value]) => labelsOf(operator.object)[key] === value)) continue;
    const [group = '', kind = ''] = type.split('/');
    const seconds = operated.makes ? SECONDS.operatorActs : SECONDS.customResourceReady;
    for (const resource of cluster.all(group, kind)) cluster.after(seconds * 1000, 'operate', keyOf(resource.object));
  }
}

function operatorRuns(cluster: Cluster, { operator }: Operated): boolean {
  return cluster.all('apps', 'Deployment').some((deployment) => {
    const labelled = Object.entries(operator).every(([key, value]) => labelsOf(deployment.object)[key] === value);
    return labelled && conditionOf(statusOf(cluster, deployment) ?? {}, 'Available')?.['status'] === 'True';
  });
}

/** Custom resources that make workloads are available when those are. */
export function customResourceStatus(cluster: Cluster, stored: Stored): Derived | undefined {
  const operated = OPERATED[`${groupOf(stored.object.apiVersion)}/${stored.object.kind}`];
  if (!operated?.makes) return undefined;
  const sets = (stored.dependents ?? []).map((key) => cluster.byKey(key)).filter((set) => set !== undefined);
  if (sets.length === 0) return { status: {}, until: Infinity };
  const readyAt = Math.max(
    ...sets
      .flatMap((set) => (set.rollout?.pods.length ? set.rollout.pods : ['']))
      .map((key) => cluster.byKey(key)?.pod?.readyAt ?? Infinity),
  );
  const available = readyAt <= cluster.at;
  const condition = (type: string): Fields => ({
    lastTransitionTime: timestamp(available ? readyAt : (sets[0]?.bornAt ?? cluster.at)),
    observedGeneration: stored.object.metadata.generation,
    ...(!available && type === 'Available' && { message: 'shard 0: pods are not ready', reason: 'NoPodReady' }),
    status: available || type === 'Reconciled' ? 'True' : 'False',
    type,
  });
  return {
    status: { conditions: [condition('Available'), condition('Reconciled')], replicas: sets.length },
    until: readyAt > cluster.at ? Math.min(readyAt, cluster.at + 1000) : Infinity,
  };
}

/** What the Prometheus operator makes of a Prometheus or Alertmanager. */
function monitoringSet({ kind, metadata, spec }: Manifest): Manifest[] {
  const role = kind.toLowerCase();
  const storage = isFields(spec?.['storage']) ? spec['storage'] : {};
  const template = storage['volumeClaimTemplate'] as
    { spec?: { resources?: { requests?: { storage?: string } } } } | undefined;
  const size = template?.spec?.resources?.requests?.storage;
  return [
    workloadManifest({
      kind: 'StatefulSet',
      name: `${role}-${metadata.name}`,
      namespace: metadata.namespace ?? 'default',
      replicas: typeof spec?.['replicas'] === 'number' ? spec['replicas'] : 1,
      labels: {
        ...metadata.labels,
        'app.kubernetes.io/name': role,
        'app.kubernetes.io/managed-by': 'prometheus-operator',
      },
      ...(size && { storage: size }),
    }),
  ];
}

function calico(): Manifest[] {
  const namespace = 'calico-system';
  return [
    workloadManifest({
      kind: 'DaemonSet',
      name: 'calico-node',
      namespace,
      labels: { 'k8s-app': 'calico-node', 'app.kubernetes.io/name': 'calico-node' },
    }),
    workloadManifest({ name: 'calico-kube-controllers', namespace, labels: { 'k8s-app': 'calico-kube-controllers' } }),
  ];
}
