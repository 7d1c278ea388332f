import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import { chartLabels, condition, custom, workload, type WorkloadShape } from './compose';
import type { SystemFixture } from './fixture';

const eck: WorkloadShape = {
  kind: 'StatefulSet',
  namespace: 'elastic-system',
  name: 'elastic-operator',
  labels: {
    'app.kubernetes.io/name': 'elastic-operator',
    'app.kubernetes.io/instance': 'elastic-operator',
    ...chartLabels('eck-operator-3.5.0', '3.5.0'),
  },
  container: 'manager',
  image: 'docker.elastic.co/eck/eck-operator:3.5.0',
};

const SERVICE = 'Service logging/logs-es-internal-http';
const REACHABLE = condition('ElasticsearchIsReachable', 'True', '', `${SERVICE} has endpoints`);
const UNREACHABLE = condition('ElasticsearchIsReachable', 'False', '', `${SERVICE} has no endpoint`);
const COMPLETE = condition('ReconciliationComplete', 'True', '', '');
const RUNNING = condition('RunningDesiredVersion', 'True', '', 'All nodes are running version 9.5.1');

const elasticsearch = (
  status: object,
  conditions: readonly object[] = [REACHABLE, COMPLETE, RUNNING],
): KubernetesObject =>
  custom({
    apiVersion: 'elasticsearch.k8s.elastic.co/v1',
    kind: 'Elasticsearch',
    namespace: 'logging',
    name: 'logs',
    spec: { version: '9.5.1', nodeSets: [{ name: 'default', count: 3, config: { 'node.store.allow_mmap': false } }] },
    status: { conditions, inProgressOperations: {}, observedGeneration: 1, version: '9.5.1', ...status },
  });

const kibana = (status: object): KubernetesObject =>
  custom({
    apiVersion: 'kibana.k8s.elastic.co/v1',
    kind: 'Kibana',
    namespace: 'logging',
    name: 'logs',
    spec: { version: '9.5.1', count: 1, elasticsearchRef: { name: 'logs' } },
    status: {
      count: 1,
      observedGeneration: 1,
      selector: 'common.k8s.elastic.co/type=kibana,kibana.k8s.elastic.co/name=logs',
      version: '9.5.1',
      ...status,
    },
  });

const GREEN = { availableNodes: 3, health: 'green', phase: 'Ready' };
const KIBANA_GREEN = {
  associationStatus: 'Established',
  availableNodes: 1,
  elasticsearchAssociationStatus: 'Established',
  health: 'green',
};
const KIBANA_RED = { ...KIBANA_GREEN, availableNodes: 0, health: 'red' };
const elastic = (search: KubernetesObject, dashboard = kibana(KIBANA_GREEN)): KubernetesObject[] => [
  ...workload(eck, 'ready'),
  search,
  dashboard,
];

const fluentBit: WorkloadShape = {
  kind: 'DaemonSet',
  namespace: 'logging',
  name: 'fluent-bit',
  labels: {
    'app.kubernetes.io/name': 'fluent-bit',
    'app.kubernetes.io/instance': 'fluent-bit',
    ...chartLabels('fluent-bit-0.58.1', '5.1.1'),
  },
  container: 'fluent-bit',
  image: 'cr.fluentbit.io/fluent/fluent-bit:5.1.1',
};

const loki = (part: string, kind: WorkloadShape['kind'], name: string): WorkloadShape => ({
  kind,
  namespace: 'logging',
  name,
  labels: {
    'app.kubernetes.io/name': 'loki',
    'app.kubernetes.io/instance': 'loki',
    'app.kubernetes.io/component': part,
    ...chartLabels('loki-18.11.0', '3.7.6'),
  },
  container: 'loki',
  image: 'docker.io/grafana/loki:3.7.6',
});
const single = loki('single-binary', 'StatefulSet', 'loki');
const gateway = workload(loki('gateway', 'Deployment', 'loki-gateway'), 'ready');
const cache = workload(loki('memcached-chunks-cache', 'StatefulSet', 'loki-chunks-cache'), 'ready');

export const LOGGING: readonly SystemFixture[] = [
  {
    system: 'eck-operator',
    healthy: elastic(elasticsearch(GREEN)),
    progressing: elastic(
      elasticsearch({ availableNodes: 1, health: 'unknown', phase: 'ApplyingChanges' }, [UNREACHABLE, COMPLETE]),
      kibana({ ...KIBANA_RED, associationStatus: 'Pending', elasticsearchAssociationStatus: 'Pending' }),
    ),
    broken: elastic(elasticsearch({ ...GREEN, health: 'red' }), kibana(KIBANA_RED)),
    also: {
      'with replicas that have no node': elastic(elasticsearch({ ...GREEN, health: 'yellow' })),
      'with a spec that is refused': elastic(
        elasticsearch({ availableNodes: 0, health: 'unknown', phase: 'Invalid' }, [
          condition(
            'ReconciliationComplete',
            'False',
            '',
            'spec.nodeSets[0].config: Forbidden: Configuration setting is reserved',
          ),
        ]),
      ),
      'with a Kibana that has no Elasticsearch': elastic(
        elasticsearch(GREEN),
        kibana({ ...KIBANA_RED, associationStatus: 'Failed', elasticsearchAssociationStatus: 'Failed' }),
      ),
      'with its operator alone': workload(eck, 'ready'),
    },
  },
  {
    system: 'fluent-bit',
    healthy: workload(fluentBit, 'ready'),
    progressing: workload(fluentBit, 'starting'),
    broken: workload(fluentBit, 'crashing'),
  },
  {
    system: 'loki',
    healthy: [...workload(single, 'ready'), ...gateway, ...cache],
    progressing: [...workload(single, 'waiting-for-volume'), ...gateway, ...cache],
    broken: [...workload(single, 'crashing'), ...gateway, ...cache],
    also: {
      'in SimpleScalable mode': [...workload(loki('write', 'StatefulSet', 'loki-write'), 'ready'), ...gateway],
      'in Distributed mode': [...workload(loki('ingester', 'StatefulSet', 'loki-ingester'), 'ready'), ...gateway],
      'with its cache alone': [...gateway, ...cache],
    },
  },
];
