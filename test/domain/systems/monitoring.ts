import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import { changed, recorded } from '../health/recording';
import { chartLabels, condition, custom, workload, type WorkloadShape, type WorkloadState } from './compose';
import type { SystemFixture } from './fixture';

const NAMESPACE = 'monitoring';
const STACK = {
  'app.kubernetes.io/instance': 'kube-prometheus-stack',
  'app.kubernetes.io/managed-by': 'Helm',
  'app.kubernetes.io/part-of': 'kube-prometheus-stack',
  'app.kubernetes.io/version': '88.5.3',
  chart: 'kube-prometheus-stack-88.5.3',
  heritage: 'Helm',
  release: 'kube-prometheus-stack',
};

const app = (name: string, instance: string, chart: string, version: string, more: object = {}) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': instance,
  ...chartLabels(chart, version),
  ...more,
});

const operator: WorkloadShape = {
  kind: 'Deployment',
  namespace: NAMESPACE,
  name: 'kube-prometheus-stack-operator',
  labels: { ...STACK, app: 'kube-prometheus-stack-operator', 'app.kubernetes.io/component': 'prometheus-operator' },
  selector: { app: 'kube-prometheus-stack-operator', release: 'kube-prometheus-stack' },
  container: 'kube-prometheus-stack',
  image: 'quay.io/prometheus-operator/prometheus-operator:v0.93.1',
};

const grafana = (instance: string): WorkloadShape => ({
  kind: 'Deployment',
  namespace: NAMESPACE,
  name: `${instance}${instance === 'grafana' ? '' : '-grafana'}`,
  labels: app('grafana', instance, 'grafana-12.11.1', '13.2.0'),
  container: 'grafana',
  image: 'docker.io/grafana/grafana:13.2.0',
});

const stateMetrics: WorkloadShape = {
  kind: 'Deployment',
  namespace: NAMESPACE,
  name: 'kube-prometheus-stack-kube-state-metrics',
  labels: app('kube-state-metrics', 'kube-prometheus-stack', 'kube-state-metrics-8.4.0', '2.19.0'),
  container: 'kube-state-metrics',
  image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.19.0',
};

const nodeExporter: WorkloadShape = {
  kind: 'DaemonSet',
  namespace: NAMESPACE,
  name: 'kube-prometheus-stack-prometheus-node-exporter',
  labels: app('prometheus-node-exporter', 'kube-prometheus-stack', 'prometheus-node-exporter-4.56.1', '1.11.1'),
  container: 'node-exporter',
  image: 'quay.io/prometheus/node-exporter:v1.11.1',
};

/** The operator hands the labels of its resource on to the StatefulSet. */
const operated = (role: 'prometheus' | 'alertmanager'): WorkloadShape => ({
  kind: 'StatefulSet',
  namespace: NAMESPACE,
  name: `${role}-kube-prometheus-stack-${role}`,
  labels: { ...STACK, app: `kube-prometheus-stack-${role}` },
  selector: {
    'app.kubernetes.io/name': role,
    'app.kubernetes.io/instance': `kube-prometheus-stack-${role}`,
    'app.kubernetes.io/managed-by': 'prometheus-operator',
    [role]: `kube-prometheus-stack-${role}`,
  },
  container: role,
  image: `quay.io/prometheus/${role}:${role === 'prometheus' ? 'v3.14.0' : 'v0.32.0'}`,
});

const resource = (kind: 'Prometheus' | 'Alertmanager', available: object, reconciled: object): KubernetesObject =>
  custom({
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    namespace: NAMESPACE,
    name: `kube-prometheus-stack-${kind.toLowerCase()}`,
    labels: { ...STACK, app: `kube-prometheus-stack-${kind.toLowerCase()}` },
    spec: { replicas: 1, paused: false, retention: '10d' },
    status: {
      availableReplicas: 1,
      conditions: [available, reconciled],
      paused: false,
      replicas: 1,
      unavailableReplicas: 0,
      updatedReplicas: 1,
    },
  });

const GENERATION = { observedGeneration: 1 };
const AVAILABLE = condition('Available', 'True', '', '', GENERATION);
const NO_POD = (message: string) => condition('Available', 'False', 'NoPodReady', message, GENERATION);
const RECONCILED = condition('Reconciled', 'True', '', '', GENERATION);
const REFUSED = condition(
  'Reconciled',
  'False',
  'ReconciliationFailed',
  'synchronizing desired StatefulSet failed: storage class "fast" does not exist',
  GENERATION,
);

const stackParts = [operator, grafana('kube-prometheus-stack'), stateMetrics, nodeExporter].flatMap((shape) =>
  workload(shape, 'ready'),
);
const stack = (prometheus: WorkloadState, available: object, reconciled = RECONCILED): KubernetesObject[] => [
  ...stackParts,
  resource('Prometheus', available, reconciled),
  resource('Alertmanager', AVAILABLE, RECONCILED),
  ...workload(operated('prometheus'), prometheus),
  ...workload(operated('alertmanager'), 'ready'),
];

const metricsServer: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'kube-system',
  name: 'metrics-server',
  labels: app('metrics-server', 'metrics-server', 'metrics-server-3.13.1', '0.8.1'),
  container: 'metrics-server',
  image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.1',
};
const metricsApi = (status?: object): KubernetesObject =>
  changed(recorded('kubernetes', 'apiservice-unavailable-service-not-found'), {
    'metadata.annotations': undefined,
    'metadata.managedFields': undefined,
    'metadata.labels': metricsServer.labels,
    ...(status && { 'status.conditions': [status] }),
  });
const API_PASSED = condition('Available', 'True', 'Passed', 'all checks passed');
const API_NO_ENDPOINTS = condition(
  'Available',
  'False',
  'MissingEndpoints',
  'endpoints for service/metrics-server in "kube-system" have no addresses with port name "https"',
);

const collector: WorkloadShape = {
  kind: 'DaemonSet',
  namespace: NAMESPACE,
  name: 'opentelemetry-collector-agent',
  labels: app('opentelemetry-collector', 'opentelemetry-collector', 'opentelemetry-collector-0.170.0', '0.158.0', {
    'app.kubernetes.io/component': 'agent-collector',
    'app.kubernetes.io/part-of': 'opentelemetry-collector',
  }),
  selector: {
    'app.kubernetes.io/name': 'opentelemetry-collector',
    'app.kubernetes.io/instance': 'opentelemetry-collector',
    component: 'agent-collector',
  },
  container: 'opentelemetry-collector',
  image: 'otel/opentelemetry-collector-k8s:0.158.0',
};
const standalone: WorkloadShape = {
  ...collector,
  kind: 'Deployment',
  name: 'opentelemetry-collector',
  labels: { ...collector.labels, 'app.kubernetes.io/component': 'standalone-collector' },
};
const collectorSet: WorkloadShape = {
  ...collector,
  kind: 'StatefulSet',
  name: 'opentelemetry-collector',
  labels: { ...collector.labels, 'app.kubernetes.io/component': 'statefulset-collector' },
};

const server: WorkloadShape = {
  kind: 'Deployment',
  namespace: NAMESPACE,
  name: 'prometheus-server',
  labels: app('prometheus', 'prometheus', 'prometheus-29.27.0', 'v3.14.0', {
    'app.kubernetes.io/component': 'server',
    'app.kubernetes.io/part-of': 'prometheus',
  }),
  container: 'prometheus-server',
  image: 'quay.io/prometheus/prometheus:v3.14.0',
};

export const MONITORING: readonly SystemFixture[] = [
  {
    system: 'grafana',
    healthy: workload(grafana('grafana'), 'ready'),
    progressing: workload(grafana('grafana'), 'starting'),
    broken: workload(grafana('grafana'), 'crashing'),
  },
  {
    system: 'kube-prometheus-stack',
    healthy: stack('ready', AVAILABLE),
    progressing: stack(
      'starting',
      NO_POD('shard 0: pod prometheus-kube-prometheus-stack-prometheus-0: ContainersNotReady'),
    ),
    broken: stack('crashing', NO_POD('shard 0: pod prometheus-kube-prometheus-stack-prometheus-0: ContainersNotReady')),
    also: {
      'waiting for its volume': stack('waiting-for-volume', NO_POD('shard 0: pod is not scheduled')),
      'refused by its operator': stack('ready', AVAILABLE, REFUSED),
    },
  },
  {
    system: 'metrics-server',
    healthy: [...workload(metricsServer, 'ready'), metricsApi(API_PASSED)],
    progressing: [...workload(metricsServer, 'starting'), metricsApi(API_NO_ENDPOINTS)],
    broken: [...workload(metricsServer, 'crashing'), metricsApi(API_NO_ENDPOINTS)],
    also: { 'with an API that nobody serves': [...workload(metricsServer, 'ready'), metricsApi()] },
  },
  {
    system: 'opentelemetry-collector',
    healthy: workload(collector, 'ready'),
    progressing: workload(collector, 'starting'),
    broken: workload(collector, 'crashing'),
    also: { 'as a Deployment': workload(standalone, 'ready'), 'as a StatefulSet': workload(collectorSet, 'ready') },
  },
  {
    system: 'prometheus',
    healthy: workload(server, 'ready'),
    progressing: workload(server, 'waiting-for-volume'),
    broken: workload(server, 'crashing'),
  },
];
