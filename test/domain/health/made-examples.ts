import type { Related } from '../../../domain/health/object-reading';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import { changed, recorded, recordedAll } from './recording';

/** An object in a state that was not recorded, made of one that was. */
export interface Example {
  readonly object: KubernetesObject;
  readonly related?: Related;
}

const kubernetes = (name: string, changes: Record<string, unknown>): KubernetesObject =>
  changed(recorded('kubernetes', name), changes);
const condition = (type: string, status: string, reason: string): object => ({ type, status, reason });
const replicaSet = recordedAll('kubernetes', 'replicaset-list-surge-mid-rollout')[0]!;

function release(conditions: readonly object[], changes: Record<string, unknown> = {}): KubernetesObject {
  const object = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'loki', namespace: 'loki', generation: 1 },
    spec: { chart: { spec: { version: '17.6.1' } } },
    status: { observedGeneration: 1, conditions, history: [{ chartVersion: '17.6.1', status: 'deployed' }] },
  };
  return changed(object, changes);
}

function source(kind: string, spec: object, status?: object): KubernetesObject {
  const metadata = { name: 'charts', namespace: 'flux-system', generation: 1 };
  return { apiVersion: 'source.toolkit.fluxcd.io/v1', kind, metadata, spec, ...(status && { status }) };
}

function widget(conditions: readonly object[], observedGeneration?: number): KubernetesObject {
  return {
    apiVersion: 'drill.example.com/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'shop', generation: 2 },
    status: { conditions, ...(observedGeneration !== undefined && { observedGeneration }) },
  };
}

const READY = [condition('Ready', 'True', 'Succeeded'), condition('Released', 'True', 'InstallSucceeded')];
const storageClass: KubernetesObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'wait-first' },
  volumeBindingMode: 'WaitForFirstConsumer',
};
const windows = kubernetes('daemonset-zero-desired', {
  'spec.template.spec.nodeSelector': { 'kubernetes.io/os': 'windows' },
});
const linuxNode = kubernetes('node-ready', { 'metadata.labels': { 'kubernetes.io/os': 'linux' } });
const crashing = kubernetes('pod-crashloop', {
  'metadata.namespace': 'shop',
  'metadata.labels': { app: 'db' },
});

/** By name; `docs/health.md` and `other-judges.tsv` call them `made/<name>`. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  'deployment-replica-failure': {
    object: kubernetes('deployment-progressing', {
      'status.conditions': [condition('ReplicaFailure', 'True', 'FailedCreate')],
    }),
  },
  'statefulset-ready-not-available': {
    object: kubernetes('statefulset-healthy', { 'status.availableReplicas': 2 }),
  },
  'statefulset-ondelete-of-an-operator': {
    object: kubernetes('statefulset-ondelete-update-pending', {
      'metadata.ownerReferences': [{ apiVersion: 'v1', kind: 'Elasticsearch', name: 'logs', uid: '1' }],
    }),
  },
  'statefulset-crashing-for-ten-minutes': {
    object: kubernetes('statefulset-partial', { 'spec.selector.matchLabels': { app: 'db' } }),
    related: { pods: [restarted(crashing, 6)] },
  },
  'daemonset-of-another-system': { object: windows, related: { nodes: [linuxNode] } },
  'daemonset-ondelete-update-pending': {
    object: kubernetes('daemonset-updating', {
      'spec.updateStrategy': { type: 'OnDelete' },
      'status.numberAvailable': 3,
      'status.numberReady': 3,
    }),
  },
  'replicaset-more-than-wanted': {
    object: changed(replicaSet, {
      'spec.replicas': 1,
      'status.replicas': 2,
      'status.fullyLabeledReplicas': 2,
      'status.readyReplicas': 2,
      'status.availableReplicas': 2,
      'status.observedGeneration': replicaSet.metadata.generation,
    }),
  },
  'replicaset-replica-failure': {
    object: changed(replicaSet, {
      'status.conditions': [condition('ReplicaFailure', 'True', 'FailedCreate')],
      'status.observedGeneration': replicaSet.metadata.generation,
    }),
  },
  'cronjob-last-run-failed': {
    object: kubernetes('cronjob-active-or-scheduled', {
      'status.active': undefined,
      'status.lastSuccessfulTime': '2026-11-23T06:00:00Z',
      'status.lastScheduleTime': '2026-11-23T06:50:00Z',
    }),
  },
  'pvc-that-no-pod-uses': {
    object: recorded('kubernetes', 'pvc-pending-wait-for-first-consumer'),
    related: { pods: [], storageClasses: [storageClass] },
  },
  'pv-released': { object: kubernetes('pv-bound', { 'status.phase': 'Released' }) },
  'ingress-empty-entry': { object: kubernetes('ingress-with-address', { 'status.loadBalancer.ingress': [{}] }) },
  'pod-that-is-never-restarted': { object: kubernetes('pod-healthy', { 'spec.restartPolicy': 'Never' }) },
  'pod-between-two-crashes': {
    object: kubernetes('pod-never-ready', {
      'status.containerStatuses': [
        {
          name: 'c',
          ready: false,
          restartCount: 2,
          state: { running: {} },
          lastState: { terminated: { exitCode: 1 } },
        },
      ],
    }),
  },
  'hpa-unknown-metric-source': {
    object: kubernetes('hpa-patched-active', {
      'status.conditions': [
        condition('AbleToScale', 'True', 'ReadyForNewScale'),
        condition('ScalingActive', 'False', 'InvalidMetricSourceType'),
      ],
    }),
  },
  'pdb-not-computed': {
    object: kubernetes('pdb-healthy', { 'status.conditions': [condition('DisruptionAllowed', 'False', 'SyncFailed')] }),
  },
  'node-cordoned': { object: kubernetes('node-ready', { 'spec.unschedulable': true }) },
  'node-still-tainted': {
    object: kubernetes('node-ready', {
      'spec.taints': [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', effect: 'NoSchedule' }],
    }),
  },
  'crd-schema-violated': {
    object: kubernetes('crd-established', {
      'status.conditions': [
        condition('Established', 'True', 'InitialNamesAccepted'),
        condition('NonStructuralSchema', 'True', 'Violations'),
      ].map((each) => Object.assign(each, { message: 'spec.preserveUnknownFields: Invalid value' })),
    }),
  },
  'helmrelease-of-an-older-chart': { object: release(READY, { 'spec.chart.spec.version': '17.7.0' }) },
  'helmrelease-waits-for-another': { object: release([condition('Ready', 'False', 'DependencyNotReady')]) },
  'helmrelease-failed-once': { object: release([condition('Ready', 'False', 'InstallFailed')]) },
  'helmrelease-out-of-retries': {
    object: release([condition('Ready', 'False', 'InstallFailed'), condition('Stalled', 'True', 'RetriesExceeded')]),
  },
  'helmrelease-suspended': { object: release(READY, { 'spec.suspend': true }) },
  'helmrepository-oci': { object: source('HelmRepository', { type: 'oci', url: 'oci://ghcr.io/charts' }) },
  'ocirepository-without-artifact': {
    object: source('OCIRepository', {}, { observedGeneration: 1, conditions: ready(1) }),
  },
  'gitrepository-suspended': {
    object: changed(recorded('flux', 'gitrepository-patched-ready-at-commit'), { 'spec.suspend': true }),
  },
  'custom-resource-not-ready-by-an-error': { object: widget([condition('Ready', 'False', 'SyncError')]) },
  'custom-resource-not-available': { object: widget([condition('Available', 'False', 'Starting')]) },
  'custom-resource-degraded': { object: widget([...ready(2), condition('Degraded', 'True', 'PartialOutage')]) },
  'custom-resource-ready-at-an-earlier-generation': { object: widget(ready(1)) },
  'custom-resource-fails-before-it-was-seen-whole': {
    object: widget([{ ...condition('Ready', 'False', 'ApplyFailed'), observedGeneration: 2 }], -1),
  },
  'prometheus-not-seen-yet': {
    object: { ...widget([]), apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus', status: undefined },
  },
};

function ready(observedGeneration: number): object[] {
  return [{ ...condition('Ready', 'True', 'Succeeded'), observedGeneration }];
}

function restarted(pod: KubernetesObject, restartCount: number): KubernetesObject {
  const { containerStatuses } = pod.status as { containerStatuses: readonly object[] };
  return changed(pod, { 'status.containerStatuses': containerStatuses.map((each) => ({ ...each, restartCount })) });
}
