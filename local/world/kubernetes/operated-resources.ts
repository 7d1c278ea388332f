import { groupOf, isFields, type Fields, type Manifest } from './manifest';
import { workloadManifest } from './workload-manifests';

/** An operator answers a custom resource once it runs: it makes workloads, or says that the resource is ready. */
export interface Operated {
  /** Labels of the operator's own workload (a Deployment or a StatefulSet). */
  readonly operator: Readonly<Record<string, string>>;
  /** Condition that tells of success. */
  readonly condition: string;
  /** What it makes of the resource, which is available when the workloads among that are. */
  readonly makes?: (resource: Manifest) => Manifest[];
  /** It tells how the workloads of the resource that owns it are. */
  readonly sumsUpOwner?: true;
  /** What its status says besides that condition. */
  readonly says?: (resource: Manifest, available: boolean) => Fields;
}

const PROMETHEUS_OPERATOR = { app: 'kube-prometheus-stack-operator' };
const TIGERA_OPERATOR = { 'k8s-app': 'tigera-operator' };
const EXTERNAL_SECRETS = { 'app.kubernetes.io/name': 'external-secrets' };
const CERT_MANAGER = { 'app.kubernetes.io/name': 'cert-manager' };
const KYVERNO = { 'app.kubernetes.io/component': 'admission-controller' };

const OPERATED: Readonly<Record<string, Operated>> = {
  'monitoring.coreos.com/Prometheus': { operator: PROMETHEUS_OPERATOR, condition: 'Available', makes: monitoringSet },
  'monitoring.coreos.com/Alertmanager': { operator: PROMETHEUS_OPERATOR, condition: 'Available', makes: monitoringSet },
  'operator.tigera.io/Installation': { operator: TIGERA_OPERATOR, condition: 'Ready', makes: calico },
  'operator.tigera.io/TigeraStatus': { operator: TIGERA_OPERATOR, condition: 'Available', sumsUpOwner: true },
  'elasticsearch.k8s.elastic.co/Elasticsearch': {
    operator: { 'app.kubernetes.io/name': 'elastic-operator' },
    condition: 'ReconciliationComplete',
    makes: elasticsearch,
    says: ({ spec }, available) => ({
      availableNodes: available ? nodeSetsOf(spec).reduce((sum, { count }) => sum + count, 0) : 0,
      health: available ? 'green' : 'unknown',
      phase: available ? 'Ready' : 'ApplyingChanges',
    }),
  },
  'external-secrets.io/ClusterSecretStore': { operator: EXTERNAL_SECRETS, condition: 'Ready' },
  'external-secrets.io/SecretStore': { operator: EXTERNAL_SECRETS, condition: 'Ready' },
  'external-secrets.io/ExternalSecret': { operator: EXTERNAL_SECRETS, condition: 'Ready' },
  'kyverno.io/ClusterPolicy': { operator: KYVERNO, condition: 'Ready' },
  'cert-manager.io/Certificate': { operator: CERT_MANAGER, condition: 'Ready' },
  'cert-manager.io/ClusterIssuer': { operator: CERT_MANAGER, condition: 'Ready' },
};

/** What an operator does with a resource; undefined for kinds that none is known of. */
export function operatedKind({ apiVersion, kind }: Manifest): Operated | undefined {
  return OPERATED[`${groupOf(apiVersion)}/${kind}`];
}

/** The kinds that the operator with these labels answers, as group and kind. */
export function kindsOperatedBy(
  labels: Readonly<Record<string, string>>,
): { readonly group: string; readonly kind: string; readonly operated: Operated }[] {
  return Object.entries(OPERATED)
    .filter(([, { operator }]) => Object.entries(operator).every(([key, value]) => labels[key] === value))
    .map(([type, operated]) => {
      const [group = '', kind = ''] = type.split('/');
      return { group, kind, operated };
    });
}

/** What the Prometheus operator makes of a Prometheus or Alertmanager. */
function monitoringSet({ kind, metadata, spec }: Manifest): Manifest[] {
  const role = kind.toLowerCase();
  const storage = isFields(spec?.['storage']) ? spec['storage'] : {};
  const size = sizeOf(storage['volumeClaimTemplate']);
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

/** What the ECK operator makes of an Elasticsearch: a StatefulSet for each set of nodes. */
function elasticsearch({ metadata, spec }: Manifest): Manifest[] {
  return nodeSetsOf(spec).map(({ name, count, claim }) =>
    workloadManifest({
      kind: 'StatefulSet',
      name: `${metadata.name}-es-${name}`,
      namespace: metadata.namespace ?? 'default',
      replicas: count,
      labels: {
        'common.k8s.elastic.co/type': 'elasticsearch',
        'elasticsearch.k8s.elastic.co/cluster-name': metadata.name,
      },
      // The operator's default where nothing is asked for.
      storage: sizeOf(claim) ?? '1Gi',
    }),
  );
}

function nodeSetsOf(spec: Fields | undefined): { name: string; count: number; claim: unknown }[] {
  const sets = Array.isArray(spec?.['nodeSets']) ? spec['nodeSets'].filter(isFields) : [];
  return sets.map(({ name, count, volumeClaimTemplates }) => ({
    name: String(name ?? 'default'),
    count: typeof count === 'number' ? count : 1,
    claim: Array.isArray(volumeClaimTemplates) ? (volumeClaimTemplates[0] as unknown) : undefined,
  }));
}

/** The size that a claim asks for. */
function sizeOf(claim: unknown): string | undefined {
  const { spec } = (claim ?? {}) as { spec?: { resources?: { requests?: { storage?: string } } } };
  return spec?.resources?.requests?.storage;
}

/** What the Tigera operator makes of an Installation. */
function calico(): Manifest[] {
  const namespace = 'calico-system';
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'operator.tigera.io/v1', kind: 'TigeraStatus', metadata: { name: 'calico' } },
    workloadManifest({
      kind: 'DaemonSet',
      name: 'calico-node',
      namespace,
      labels: { 'k8s-app': 'calico-node', 'app.kubernetes.io/name': 'calico-node' },
    }),
    workloadManifest({ name: 'calico-kube-controllers', namespace, labels: { 'k8s-app': 'calico-kube-controllers' } }),
  ];
}
