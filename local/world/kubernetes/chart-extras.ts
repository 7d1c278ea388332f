import { isFields, type Fields, type Manifest } from './manifest';
import { customResourceDefinition as crd, workloadManifest } from './workload-manifests';

/** An installation of a chart. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly values: Fields;
}

export interface ChartExtras {
  /** Objects beside the catalogue's workloads, such as custom resource definitions. */
  readonly objects?: (release: Release, version: string) => Manifest[];
  /** Kinds of the catalogue's workloads that the chart does not make itself (its operator does). */
  readonly withoutWorkloads?: readonly string[];
}

/** What known charts make besides the workloads that the catalogue lists. */
export const EXTRAS: Readonly<Record<string, ChartExtras>> = {
  'argo-cd': { objects: argoCd, withoutWorkloads: ['Deployment', 'StatefulSet'] },
  flux2: { objects: flux, withoutWorkloads: ['Deployment'] },
  traefik: {
    objects: () => [
      crd('traefik.io', 'v1alpha1', 'IngressRoute', 'ingressroutes'),
      crd('traefik.io', 'v1alpha1', 'Middleware', 'middlewares'),
      ingressClass('traefik', 'traefik', 'traefik.io/ingress-controller'),
    ],
  },
  'ingress-nginx': { objects: () => [ingressClass('nginx', 'ingress-nginx', 'k8s.io/ingress-nginx')] },
  'eck-operator': {
    objects: () => [
      crd('elasticsearch.k8s.elastic.co', 'v1', 'Elasticsearch', 'elasticsearches'),
      crd('kibana.k8s.elastic.co', 'v1', 'Kibana', 'kibanas'),
    ],
  },
  'kube-prometheus-stack': { objects: prometheusStack, withoutWorkloads: ['StatefulSet'] },
  'external-secrets': {
    objects: () => [
      crd('external-secrets.io', 'v1', 'ExternalSecret', 'externalsecrets'),
      crd('external-secrets.io', 'v1', 'SecretStore', 'secretstores'),
      crd('external-secrets.io', 'v1', 'ClusterSecretStore', 'clustersecretstores', 'Cluster'),
    ],
  },
  kyverno: {
    objects: (release) => [
      crd('kyverno.io', 'v1', 'ClusterPolicy', 'clusterpolicies', 'Cluster'),
      crd('kyverno.io', 'v1', 'Policy', 'policies'),
      webhook('kyverno-policy-validating-webhook-cfg', release.namespace),
      webhook('kyverno-resource-validating-webhook-cfg', release.namespace),
    ],
  },
  gatekeeper: {
    objects: (release) => [
      crd('templates.gatekeeper.sh', 'v1', 'ConstraintTemplate', 'constrainttemplates', 'Cluster'),
      crd('status.gatekeeper.sh', 'v1beta1', 'ConstraintPodStatus', 'constraintpodstatuses'),
      webhook('gatekeeper-validating-webhook-configuration', release.namespace),
    ],
  },
  'cert-manager': {
    objects: () => [
      crd('cert-manager.io', 'v1', 'Certificate', 'certificates'),
      crd('cert-manager.io', 'v1', 'Issuer', 'issuers'),
      crd('cert-manager.io', 'v1', 'ClusterIssuer', 'clusterissuers', 'Cluster'),
    ],
  },
  karpenter: {
    objects: () => [
      crd('karpenter.sh', 'v1', 'NodePool', 'nodepools', 'Cluster'),
      crd('karpenter.sh', 'v1', 'NodeClaim', 'nodeclaims', 'Cluster'),
      crd('karpenter.k8s.aws', 'v1', 'EC2NodeClass', 'ec2nodeclasses', 'Cluster'),
    ],
  },
  prometheus: {
    objects: ({ name, namespace }) => [
      workloadManifest({
        name: `${name}-server`,
        namespace,
        labels: { 'app.kubernetes.io/name': 'prometheus', 'app.kubernetes.io/component': 'server' },
      }),
    ],
    withoutWorkloads: ['Deployment'],
  },
  'eck-elasticsearch': { objects: elasticsearch },
  // The operator makes everything else, in a namespace of its own.
  'tigera-operator': { objects: tigera, withoutWorkloads: ['Deployment', 'DaemonSet'] },
};

function tigera({ namespace, values }: Release): Manifest[] {
  return [
    crd('operator.tigera.io', 'v1', 'Installation', 'installations', 'Cluster'),
    crd('operator.tigera.io', 'v1', 'TigeraStatus', 'tigerastatuses', 'Cluster'),
    workloadManifest({ name: 'tigera-operator', namespace, labels: { 'k8s-app': 'tigera-operator' } }),
    {
      apiVersion: 'operator.tigera.io/v1',
      kind: 'Installation',
      metadata: { name: 'default' },
      spec: isFields(values['installation']) ? values['installation'] : {},
    },
  ];
}

function elasticsearch({ name, namespace, values }: Release): Manifest[] {
  const fullName = typeof values['fullnameOverride'] === 'string' ? values['fullnameOverride'] : name;
  const nodeSets = values['nodeSets'] ?? [{ name: 'default', count: 1 }];
  return [
    {
      apiVersion: 'elasticsearch.k8s.elastic.co/v1',
      kind: 'Elasticsearch',
      metadata: { name: fullName, namespace },
      spec: { version: '9.5.0', nodeSets },
    },
  ];
}

function ingressClass(name: string, chart: string, controller: string): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name, labels: { 'app.kubernetes.io/name': chart } },
    spec: { controller },
  };
}

function webhook(name: string, namespace: string): Manifest {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name: 'validate.example.com',
        failurePolicy: 'Fail',
        // Its controller writes the certificate authority as soon as it runs; here it is there from the start.
        clientConfig: { service: { name, namespace }, caBundle: 'Y2E=' },
      },
    ],
  };
}

const MONITORING = 'monitoring.coreos.com';

function prometheusStack({ name, namespace, values }: Release): Manifest[] {
  const part = (key: string, specKey: string): { enabled: boolean; spec: Fields } => {
    const section = isFields(values[key]) ? values[key] : {};
    return { enabled: section['enabled'] !== false, spec: isFields(section[specKey]) ? section[specKey] : {} };
  };
  const prometheus = part('prometheus', 'prometheusSpec');
  const alertmanager = part('alertmanager', 'alertmanagerSpec');
  const resource = (kind: string, spec: Fields): Manifest => {
    const storage = spec['storageSpec'] ?? spec['storage'];
    return {
      apiVersion: `${MONITORING}/v1`,
      kind,
      metadata: {
        name: `${name}-${kind.toLowerCase()}`,
        namespace,
        labels: { app: `kube-prometheus-stack-${kind.toLowerCase()}`, release: name },
      },
      spec: { replicas: spec['replicas'] ?? 1, ...(storage !== undefined && { storage }) },
    };
  };
  return [
    crd(MONITORING, 'v1', 'Prometheus', 'prometheuses'),
    crd(MONITORING, 'v1', 'Alertmanager', 'alertmanagers'),
    crd(MONITORING, 'v1', 'ServiceMonitor', 'servicemonitors'),
    crd(MONITORING, 'v1', 'PodMonitor', 'podmonitors'),
    crd(MONITORING, 'v1', 'PrometheusRule', 'prometheusrules'),
    ...(prometheus.enabled ? [resource('Prometheus', prometheus.spec)] : []),
    ...(alertmanager.enabled ? [resource('Alertmanager', alertmanager.spec)] : []),
  ];
}

function argoCd({ name, namespace, values }: Release, version: string): Manifest[] {
  const fullName = name.includes('argocd') ? name : `${name}-argocd`;
  const workload = (component: string, kind: 'Deployment' | 'StatefulSet' = 'Deployment'): Manifest =>
    workloadManifest({
      kind,
      name: `${fullName}-${component}`,
      namespace,
      image: `quay.io/argoproj/argocd:${version}`,
      labels: {
        'app.kubernetes.io/component': component,
        'app.kubernetes.io/instance': name,
        'app.kubernetes.io/name': `argocd-${component}`,
        'app.kubernetes.io/part-of': 'argocd',
      },
    });
  return [
    ...argoDefinitions(namespace),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-cm', namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } },
      data: { 'application.resourceTrackingMethod': 'annotation', ...settings(values) },
    },
    workload('application-controller', 'StatefulSet'),
    ...['server', 'repo-server', 'applicationset-controller', 'redis'].map((component) => workload(component)),
  ];
}

/** The kinds of Argo CD and its default project. */
export function argoDefinitions(namespace: string): Manifest[] {
  return [
    crd('argoproj.io', 'v1alpha1', 'Application', 'applications'),
    crd('argoproj.io', 'v1alpha1', 'ApplicationSet', 'applicationsets'),
    crd('argoproj.io', 'v1alpha1', 'AppProject', 'appprojects'),
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'default', namespace },
      spec: { destinations: [{ namespace: '*', server: '*' }], sourceRepos: ['*'] },
    },
  ];
}

/** `configs.cm` of the chart's values, which becomes the ConfigMap argocd-cm. */
function settings(values: Fields): Fields {
  const configs = isFields(values['configs']) ? values['configs'] : {};
  return isFields(configs['cm']) ? configs['cm'] : {};
}

function flux({ namespace }: Release): Manifest[] {
  const workload = (name: string): Manifest =>
    workloadManifest({
      name,
      namespace,
      labels: { app: name, 'app.kubernetes.io/component': name, 'app.kubernetes.io/part-of': 'flux' },
    });
  return [
    crd('source.toolkit.fluxcd.io', 'v1', 'GitRepository', 'gitrepositories'),
    crd('source.toolkit.fluxcd.io', 'v1', 'HelmRepository', 'helmrepositories'),
    crd('source.toolkit.fluxcd.io', 'v1', 'HelmChart', 'helmcharts'),
    crd('source.toolkit.fluxcd.io', 'v1', 'OCIRepository', 'ocirepositories'),
    crd('kustomize.toolkit.fluxcd.io', 'v1', 'Kustomization', 'kustomizations'),
    crd('helm.toolkit.fluxcd.io', 'v2', 'HelmRelease', 'helmreleases'),
    ...['source-controller', 'kustomize-controller', 'helm-controller', 'notification-controller'].map(workload),
  ];
}
