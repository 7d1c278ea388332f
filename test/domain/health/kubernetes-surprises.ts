import { manualChanges } from '../../../domain/detected-steps';
import { snapshotOf } from '../../../domain/health/cluster-snapshot';
import { judgeLayer } from '../../../domain/health/judge-layer';
import { judgeObject } from '../../../domain/health/judge-object';
import { RESOURCE } from '../../../domain/health/resource-types';
import { typesToRead } from '../../../domain/health/types-to-read';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import { sampleSettings } from '../../support/settings';
import { application, clusterOf } from './cluster-builder';
import { changed, recorded } from './recording';
import { OLD, SINCE, type Surprise, kubernetes, managers } from './surprise-readings';

/** Surprises of workloads and the API server. */
export const KUBERNETES_SURPRISES: readonly Surprise[] = [
  [
    1,
    'a spec change that no controller has seen is not healthy, however good the status looks',
    () => {
      const names = ['deployment-observed-generation-behind-looks-healthy', 'statefulset-observed-generation-behind'];
      for (const name of [...names, 'daemonset-observed-generation-behind']) {
        expect(kubernetes(name)).toMatchObject({
          status: 'progressing',
          reason: 'status.observedGeneration is 1, metadata.generation is 2',
        });
      }
    },
  ],
  [
    2,
    'a new object without observedGeneration is not healthy although ready equals desired',
    () => {
      expect(kubernetes('daemonset-just-created-all-zero').reason).toContain('observedGeneration is absent');
      expect(kubernetes('deployment-just-created-empty-status').status).toBe('progressing');
      expect(kubernetes('deployment-first-condition-no-observed-generation').status).toBe('progressing');
    },
  ],
  [
    3,
    'a count that is left out is zero',
    () => expect(kubernetes('deployment-progressing').reason).toBe('status.availableReplicas is 0 of 3'),
  ],
  [
    4,
    'pods of the old version do not make a rollout healthy',
    () => {
      expect(kubernetes('deployment-rollout-blocked-old-pods-available').reason).toBe(
        'status.updatedReplicas is 2 of 4',
      );
      expect(kubernetes('deployment-rollout-blocked-deadline-exceeded').status).toBe('degraded');
    },
  ],
  [
    5,
    'healthy since the end of the last rollout, not since the creation that Progressing names',
    () => {
      const deployment = changed(recorded('kubernetes', 'deployment-healthy'), {
        'status.conditions': [
          { type: 'Available', status: 'True', lastTransitionTime: '2026-11-23T06:48:49Z' },
          {
            type: 'Progressing',
            status: 'True',
            reason: 'NewReplicaSetAvailable',
            lastTransitionTime: '2026-11-23T06:48:47Z',
            lastUpdateTime: '2026-11-23T06:59:00Z',
          },
        ],
      });
      expect(judgeObject(deployment)).toMatchObject({ status: 'healthy', healthySince: '2026-11-23T06:59:00Z' });
    },
  ],
  [
    6,
    'the order of conditions does not matter',
    () => {
      for (const name of ['deployment-healthy', 'deployment-rollout-blocked-deadline-exceeded']) {
        const object = recorded('kubernetes', name);
        const { conditions } = object.status as { conditions: unknown[] };
        const reversed = changed(object, { 'status.conditions': conditions.toReversed() });
        expect(judgeObject(reversed)).toEqual(judgeObject(object));
      }
    },
  ],
  [
    7,
    'more ready pods than wanted while surging, and ready pods that are not available, are not healthy',
    () => {
      expect(kubernetes('deployment-surge-mid-rollout').status).toBe('progressing');
      expect(kubernetes('deployment-ready-not-yet-available').reason).toBe('status.availableReplicas is 0 of 2');
      expect(kubernetes('deployment-surge-more-replicas-than-spec').status).toBe('progressing');
      const counts = { 'status.updatedReplicas': 4, 'status.availableReplicas': 4, 'status.unavailableReplicas': 1 };
      const oneIsLeft = changed(recorded('kubernetes', 'deployment-surge-mid-rollout'), counts);
      expect(judgeObject(oneIsLeft).reason).toContain('status.replicas is 5 of 4: pods of an older version');
    },
  ],
  [
    8,
    'a paused Deployment waits for somebody; a pod that cannot pull its image is named while Progressing is still True',
    () => {
      expect(kubernetes('deployment-paused-mid-rollout').status).toBe('suspended');
      const object = changed(recorded('kubernetes', 'deployment-image-pull-backoff'), {
        'spec.selector.matchLabels': { 'drill.example.com/behave': 'imagepull' },
        'metadata.namespace': 'broken',
      });
      const reading = judgeObject(object, { pods: [recorded('kubernetes', 'pod-imagepull')] });
      expect(reading).toMatchObject({ status: 'progressing' });
      expect(reading.reason).toContain('pod imagepull: container c waits with ImagePullBackOff');
    },
  ],
  [
    9,
    'a DaemonSet that wants no pods is not healthy',
    () => {
      expect(kubernetes('daemonset-zero-desired')).toMatchObject({ status: 'degraded' });
      expect(kubernetes('daemonset-misscheduled').status).toBe('degraded');
      expect(kubernetes('deployment-zero-replicas').reason).toBe('spec.replicas is 0: it wants no pods');
    },
  ],
  [
    10,
    'a DaemonSet that looks complete because a node died is not healthy',
    () => expect(kubernetes('daemonset-one-node-not-ready').reason).toContain('status.numberMisscheduled is 1'),
  ],
  [
    11,
    'a stuck ordinal is not healthy, a rollout that stops at its partition is, one that waits for deleted pods is not',
    () => {
      expect(kubernetes('statefulset-ordinal-stuck').reason).toBe('status.replicas is 1 of 3');
      expect(kubernetes('statefulset-partition-rollout').status).toBe('healthy');
      expect(kubernetes('statefulset-ondelete-update-pending').status).toBe('suspended');
    },
  ],
  [
    12,
    'a Job is done at Complete and lost at FailureTarget',
    () => {
      expect(kubernetes('job-success-criteria-met-before-complete').status).toBe('progressing');
      expect(kubernetes('job-failure-target-before-failed').status).toBe('failed');
      expect(kubernetes('job-suspended').status).toBe('suspended');
    },
  ],
  [
    13,
    'a crash-looping, a deleted and a lost pod are not healthy although their phase is Running',
    () => {
      expect(kubernetes('pod-crashloop').reason).toContain('CrashLoopBackOff');
      expect(kubernetes('pod-terminating').status).toBe('progressing');
      expect(kubernetes('pod-on-not-ready-node').reason).toContain('its node is lost');
      expect(kubernetes('pod-patched-evicted').reason).toContain('Evicted');
    },
  ],
  [
    14,
    'a lost node says Unknown, and one that came back is not ready while its taint stays',
    () => {
      expect(kubernetes('node-not-ready-status-unknown').status).toBe('degraded');
      const taints = [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }];
      const tainted = changed(recorded('kubernetes', 'node-recovered'), { 'spec.taints': taints });
      expect(judgeObject(tainted).status).toBe('progressing');
      expect(kubernetes('node-recovered').status).toBe('healthy');
    },
  ],
  [
    15,
    'an unavailable aggregated API is not healthy, and a namespace says that it is held up by it',
    () => {
      expect(kubernetes('apiservice-unavailable-no-endpoint').status).toBe('progressing');
      expect(kubernetes('namespace-terminating-finalizer').reason).toContain('NamespaceDeletionDiscoveryFailure');
      const makes = [{ group: 'apiregistration.k8s.io', kind: 'APIService', name: 'v1beta1.metrics.k8s.io' }];
      const maker = application('metrics-server', { layer: 'platform', makes });
      expect(typesToRead('platform', sampleSettings(), clusterOf(maker))).toContain(RESOURCE.apiService);
    },
  ],
  [
    16,
    'a budget that allows nothing is healthy, a claim that waits for its first consumer too, a lost one has failed',
    () => {
      expect(kubernetes('pdb-no-disruptions-allowed').status).toBe('healthy');
      const claim = recorded('kubernetes', 'pvc-pending-wait-for-first-consumer');
      const storageClass: KubernetesObject = {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'wait-first' },
        volumeBindingMode: 'WaitForFirstConsumer',
      };
      const consumer = changed(recorded('kubernetes', 'pod-unschedulable'), {
        'metadata.namespace': 'shop',
        'spec.volumes': [{ name: 'data', persistentVolumeClaim: { claimName: claim.metadata.name } }],
      });
      expect(judgeObject(claim, { storageClasses: [storageClass], pods: [] }).status).toBe('healthy');
      expect(judgeObject(claim, { storageClasses: [storageClass], pods: [consumer] }).status).toBe('progressing');
      expect(kubernetes('pvc-lost').status).toBe('failed');
      expect(kubernetes('pv-terminating-still-bound').status).toBe('degraded');
    },
  ],
  [
    17,
    'a definition that is being deleted is not healthy although it is Established',
    () => {
      expect(kubernetes('crd-terminating-instances-stuck').status).toBe('degraded');
      expect(kubernetes('crd-names-not-accepted').status).toBe('degraded');
    },
  ],
  [
    18,
    'a change by kubectl is found by its manager, kubectl scale by its subresource although it has no time',
    () => {
      expect(managers('02-kubectl-scale')).toContain('Deployment mf/touched: managedFields name kubectl');
      expect(manualChanges([recorded('kubernetes', 'managed-fields-08-kubectl-set')], SINCE)).toHaveLength(8);
      expect(managers('10-kubectl-apply-server-side-forced').join()).not.toContain('kubectl-last-applied');
      expect(managers('10-kubectl-apply-server-side-forced').join()).not.toContain('kubectl-edit');
    },
  ],
  [
    19,
    'what Argo CD and Flux apply is not done by hand',
    () => {
      const applied = [
        recorded('argocd', 'deployment-applied-by-argocd-client-side'),
        recorded('argocd', 'deployment-applied-by-argocd-server-side'),
        recorded('flux', 'deployment-applied-by-kustomize-controller'),
        recorded('kubernetes', 'managed-fields-15-replicaset-by-controller'),
        recorded('kubernetes', 'managed-fields-12-server-side-apply-own-manager'),
      ];
      expect(manualChanges(applied, SINCE)).toEqual([]);
    },
  ],
  [
    21,
    'a layer whose engine is not installed says so instead of looking empty',
    () => {
      const readAt = '2026-11-23T07:00:00Z';
      const snapshot = snapshotOf(readAt, [[RESOURCE.application, undefined]]);
      const input = {
        layer: 'platform',
        settings: sampleSettings(),
        commit: OLD,
        now: new Date(readAt),
        snapshot,
      } as const;
      expect(judgeLayer(input).obstacle).toContain('Argo CD is not installed');
    },
  ],
];
