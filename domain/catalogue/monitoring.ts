import { APP, daemonSet, deployment, PART, statefulSet } from './selectors';
import type { System } from '../catalogue';

const NAMESPACE = 'monitoring';
const MONITORING = 'monitoring.coreos.com/v1';
const GRAFANA = { [APP]: 'grafana' };
const SERVER = { [APP]: 'prometheus', [PART]: 'server' };
const COLLECTOR = { [APP]: 'opentelemetry-collector' };
const STATE_METRICS = { [APP]: 'kube-state-metrics' };

export const MONITORING_SYSTEMS: readonly System[] = [
  {
    name: 'grafana',
    title: 'Grafana',
    layer: 'platform',
    namespace: NAMESPACE,
    workloads: [{ probe: 'server', ...deployment(NAMESPACE, GRAFANA), or: [statefulSet(NAMESPACE, GRAFANA)] }],
    chart: 'grafana',
    repository: 'https://grafana-community.github.io/helm-charts',
    source: 'grafana-community/helm-charts, chart 12.11.1: charts/grafana/templates/_helpers.tpl, deployment.yaml',
    usualReason: 'its admin secret or its volume is missing',
    moved: {
      from: 'https://grafana.github.io/helm-charts',
      sentence:
        'the chart moved to grafana-community on 30 January 2026; the old repository gets no more versions of it',
    },
  },
  {
    name: 'kube-prometheus-stack',
    title: 'kube-prometheus-stack',
    layer: 'platform',
    namespace: NAMESPACE,
    workloads: [
      { probe: 'operator', ...deployment(NAMESPACE, { app: 'kube-prometheus-stack-operator' }) },
      // Made by the operator, after it runs; it hands the labels of the Prometheus on to its StatefulSet.
      { probe: 'prometheus', ...statefulSet(NAMESPACE, { app: 'kube-prometheus-stack-prometheus' }) },
      { probe: 'alertmanager', ...statefulSet(NAMESPACE, { app: 'kube-prometheus-stack-alertmanager' }) },
      { probe: 'grafana', ...deployment(NAMESPACE, GRAFANA), or: [statefulSet(NAMESPACE, GRAFANA)] },
      {
        probe: 'kube-state-metrics',
        ...deployment(NAMESPACE, STATE_METRICS),
        or: [statefulSet(NAMESPACE, STATE_METRICS)],
      },
      { probe: 'node-exporter', ...daemonSet(NAMESPACE, { [APP]: 'prometheus-node-exporter' }) },
    ],
    resources: [
      // Optional, because the StatefulSets above are not: who switches one off in the chart switches off one probe.
      {
        probe: 'prometheus-resource',
        kind: 'Prometheus',
        apiVersion: MONITORING,
        namespace: NAMESPACE,
        optional: true,
      },
      {
        probe: 'alertmanager-resource',
        kind: 'Alertmanager',
        apiVersion: MONITORING,
        namespace: NAMESPACE,
        optional: true,
      },
    ],
    chart: 'kube-prometheus-stack',
    repository: 'https://prometheus-community.github.io/helm-charts',
    source:
      'prometheus-community/helm-charts, chart 88.5.3: charts/kube-prometheus-stack/templates; prometheus-operator/prometheus-operator v0.93: pkg/apis/monitoring/v1/types.go, pkg/operator/statefulset_reporter.go',
    usualReason: 'its CRDs are too large for a client-side apply, or its volumes wait for the EBS CSI driver',
  },
  {
    name: 'metrics-server',
    title: 'Metrics Server',
    layer: 'platform',
    namespace: 'kube-system',
    workloads: [{ probe: 'server', ...deployment('kube-system', { [APP]: 'metrics-server' }) }],
    resources: [
      {
        probe: 'api',
        kind: 'APIService',
        apiVersion: 'apiregistration.k8s.io/v1',
        name: 'v1beta1.metrics.k8s.io',
      },
    ],
    chart: 'metrics-server',
    repository: 'https://kubernetes-sigs.github.io/metrics-server',
    source: 'kubernetes-sigs/metrics-server, chart 3.13.1: templates/_helpers.tpl, templates/apiservice.yaml',
    usualReason: 'it cannot reach the kubelets',
  },
  {
    name: 'opentelemetry-collector',
    title: 'OpenTelemetry Collector',
    layer: 'platform',
    namespace: NAMESPACE,
    workloads: [
      {
        probe: 'collector',
        // The chart has no default mode; `mode: daemonset` is the one that collects from every node.
        ...daemonSet(NAMESPACE, { ...COLLECTOR, [PART]: 'agent-collector' }),
        or: [
          deployment(NAMESPACE, { ...COLLECTOR, [PART]: 'standalone-collector' }),
          statefulSet(NAMESPACE, { ...COLLECTOR, [PART]: 'statefulset-collector' }),
        ],
      },
    ],
    chart: 'opentelemetry-collector',
    repository: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
    source:
      'open-telemetry/opentelemetry-helm-charts, chart 0.170.0: templates/_helpers.tpl, daemonset.yaml, deployment.yaml, statefulset.yaml',
    usualReason: 'an exporter cannot be reached, or its configuration is refused',
  },
  {
    name: 'prometheus',
    title: 'Prometheus',
    layer: 'platform',
    namespace: NAMESPACE,
    workloads: [
      {
        probe: 'server',
        ...deployment(NAMESPACE, SERVER),
        or: [statefulSet(NAMESPACE, SERVER), daemonSet(NAMESPACE, SERVER)],
      },
    ],
    chart: 'prometheus',
    repository: 'https://prometheus-community.github.io/helm-charts',
    source: 'prometheus-community/helm-charts, chart 29.27.0: charts/prometheus/templates/_helpers.tpl, deploy.yaml',
    usualReason: 'its volume waits for the EBS CSI driver',
  },
];
