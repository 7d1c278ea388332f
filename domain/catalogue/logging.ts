import { APP, daemonSet, deployment, PART, statefulSet } from './selectors';
import type { System } from '../catalogue';

const NAMESPACE = 'logging';
const FLUENT_BIT = { [APP]: 'fluent-bit' };

/** A part of Loki. The name label alone would take the cache for Loki: its StatefulSets carry it too. */
const loki = (part: string) => ({ [APP]: 'loki', [PART]: part });

export const LOGGING_SYSTEMS: readonly System[] = [
  {
    name: 'eck-operator',
    title: 'Elastic Cloud on Kubernetes',
    layer: 'platform',
    namespace: 'elastic-system',
    workloads: [{ probe: 'operator', ...statefulSet('elastic-system', { [APP]: 'elastic-operator' }) }],
    resources: [
      {
        probe: 'elasticsearch',
        kind: 'Elasticsearch',
        apiVersion: 'elasticsearch.k8s.elastic.co/v1',
        optional: true,
      },
      { probe: 'kibana', kind: 'Kibana', apiVersion: 'kibana.k8s.elastic.co/v1', optional: true },
    ],
    chart: 'eck-operator',
    repository: 'https://helm.elastic.co',
    source:
      'elastic/cloud-on-k8s v3.5: deploy/eck-operator/templates, pkg/apis/elasticsearch/v1/status.go, pkg/apis/kibana/v1/kibana_types.go',
    usualReason:
      'its webhook certificate is not there yet, or the volumes of Elasticsearch wait for the EBS CSI driver',
  },
  {
    name: 'fluent-bit',
    title: 'Fluent Bit',
    layer: 'platform',
    namespace: NAMESPACE,
    workloads: [{ probe: 'agent', ...daemonSet(NAMESPACE, FLUENT_BIT), or: [deployment(NAMESPACE, FLUENT_BIT)] }],
    chart: 'fluent-bit',
    repository: 'https://fluent.github.io/helm-charts',
    source: 'fluent/helm-charts, chart 0.58.1: charts/fluent-bit/templates/_helpers.tpl, daemonset.yaml',
    usualReason: 'its output cannot be reached',
  },
  {
    name: 'loki',
    title: 'Loki',
    layer: 'platform',
    namespace: NAMESPACE,
    workloads: [
      {
        probe: 'ingest',
        // The part that takes logs in: Monolithic (the default), SimpleScalable and Distributed name it differently.
        ...statefulSet(NAMESPACE, loki('single-binary')),
        or: [statefulSet(NAMESPACE, loki('write')), statefulSet(NAMESPACE, loki('ingester'))],
      },
    ],
    chart: 'loki',
    repository: 'https://grafana-community.github.io/helm-charts',
    source:
      'grafana-community/helm-charts, chart 18.11.0: charts/loki/templates/_workload.tpl, monolithic/workload.yaml',
    usualReason: 'its bucket cannot be reached, or its volumes wait for the EBS CSI driver',
    moved: {
      from: 'https://grafana.github.io/helm-charts',
      sentence:
        'the chart moved to grafana-community on 16 March 2026; the old one serves Grafana Enterprise Logs only',
    },
  },
];
