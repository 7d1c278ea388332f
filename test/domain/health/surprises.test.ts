import { manualChanges, manualSyncs } from '../../../domain/detected-steps';
import { judgeApplication } from '../../../domain/health/argo-application';
import { snapshotOf } from '../../../domain/health/cluster-snapshot';
import { judgeKustomization } from '../../../domain/health/flux-kustomization';
import { judgeLayer } from '../../../domain/health/judge-layer';
import { judgeObject } from '../../../domain/health/judge-object';
import { RESOURCE } from '../../../domain/health/resource-types';
import { typesToRead } from '../../../domain/health/types-to-read';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import type { ObjectReading } from '../../../domain/record';
import { sampleSettings } from '../../support/settings';
import { application, clusterOf } from './cluster-builder';
import { type Part, changed, recorded, recordedAll, series } from './recording';

/** Commits of the recorded repository, oldest first. */
const OLD = '097b39e9252bf48b6d9fe7fb766898eef9d5473c';
const MIDDLE = '57499290d4bf61e163630738ea10e412d15cc060';
const NEW = '3442419e4c93388ad506458a06c8ec50c2b6e4c9';
const FLUX_OLD = '4e2f35dcb210e38bc66434f43f49035fbefe1ecd';
const FLUX_NEW = '2b51cecc4666c95d052bf3ca8a24c205fa7e1712';
const REPOSITORY = 'https://git.example.com/bootstrap.git';
const SINCE = { layer: 'platform', since: '2026-11-23T06:40:00Z' } as const;

function kubernetes(name: string): ObjectReading {
  return judgeObject(recorded('kubernetes', name));
}

/** Judges an Application that is not of the drill's repository, at the time of its last comparison. */
function argo(name: string, commit = OLD, repository = 'https://git.example.com/another.git'): ObjectReading {
  const object = recorded('argocd', name);
  const { reconciledAt = '2026-11-23T07:00:00Z' } = (object.status ?? {}) as { reconciledAt?: string };
  return judgeApplication(object, { commit, repository }, new Date(reconciledAt));
}

function flux(name: string, commit?: string): ObjectReading {
  return judgeKustomization(recorded('flux', name), commit);
}

function managers(name: string): string[] {
  return manualChanges([recorded('kubernetes', `managed-fields-${name}`)], SINCE).map((step) => step.evidence ?? '');
}

/** By number of the README of the recordings: what a drill must read right, and how. */
const SURPRISES: readonly (readonly [number: number, behaviour: string, check: () => void])[] = [
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
      const object = recorded('kubernetes', 'deployment-healthy');
      const { conditions } = object.status as { conditions: unknown[] };
      const reversed = changed(object, { 'status.conditions': conditions.toReversed() });
      expect(judgeObject(reversed)).toEqual(judgeObject(object));
    },
  ],
  [
    7,
    'more ready pods than wanted while surging, and ready pods that are not available, are not healthy',
    () => {
      expect(kubernetes('deployment-surge-mid-rollout').status).toBe('progressing');
      expect(kubernetes('deployment-ready-not-yet-available').reason).toBe('status.availableReplicas is 0 of 2');
      expect(kubernetes('deployment-surge-more-replicas-than-spec').status).toBe('progressing');
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
  [
    27,
    'the half second in which the parent looks done is not enough for its children',
    () => {
      expect(argo('app-of-apps-lua-parent-false-healthy-for-half-a-second').status).toBe('healthy');
      expect(argo('application-child-healthy-before-its-sync-finished').status).toBe('progressing');
      expect(argo('application-healthy-before-pods-exist').status).toBe('progressing');
    },
  ],
  [
    28,
    'a healthy parent says nothing of children that still progress',
    () => {
      const events = series('argocd', 'app-of-apps-without-lua-health');
      const now = new Date('2026-11-23T06:59:35Z');
      const at = (name: string): ObjectReading => {
        const seen = events.filter(({ at: when, object }) => object.metadata.name === name && new Date(when) <= now);
        const pin = { commit: OLD, repository: 'https://git.example.com/another.git' };
        return judgeApplication(seen.at(-1)!.object, pin, now);
      };
      expect(at('parent-no-lua').status).toBe('healthy');
      expect(at('wave-one-b').status).toBe('progressing');
    },
  ],
  [
    29,
    'a missing path or revision has failed for good although health says Healthy',
    () => {
      expect(argo('application-missing-path-comparison-error')).toMatchObject({ status: 'failed' });
      expect(argo('application-missing-revision-comparison-error')).toMatchObject({ status: 'failed' });
    },
  ],
  [
    30,
    'a failed sync has failed for good although health says Healthy',
    () => expect(argo('application-sync-failed-retries-exhausted')).toMatchObject({ status: 'failed' }),
  ],
  [
    31,
    'a pending retry is progress although the operation has an end',
    () => {
      expect(argo('application-sync-failed-retry-pending').reason).toContain('retry 1 is pending');
      expect(argo('application-sync-failed-namespace-missing-fifth-retry-pending').status).toBe('progressing');
      const statuses = series('argocd', 'sync-failed-with-two-retries').map(
        ({ at, object }) => judgeApplication(object, { commit: OLD, repository: '' }, new Date(at)).status,
      );
      expect(new Set(statuses)).toEqual(new Set(['progressing', 'failed']));
      expect(statuses.indexOf('failed')).toBe(statuses.findLastIndex((status) => status === 'progressing') + 1);
    },
  ],
  [
    32,
    'a requested operation is work although the status is Synced and Healthy',
    () =>
      expect(argo('application-operation-requested-previous-operation-state-gone').reason).toBe(
        'operation is requested and has not begun',
      ),
  ],
  [
    33,
    'an empty, an absent and an invalid status are not healthy',
    () => {
      expect(argo('application-empty-sync-status').status).toBe('progressing');
      expect(argo('application-just-created-no-status').status).toBe('progressing');
      expect(argo('application-invalid-project').reason).toContain('InvalidSpecError');
    },
  ],
  [
    34,
    'a revision that was compared and not deployed is not at the commit',
    () => {
      expect(argo('application-synced-to-older-revision-than-target', MIDDLE, REPOSITORY)).toMatchObject({
        status: 'degraded',
        reason: 'deployed is 097b39e (operationState.syncResult), only compared is 5749929',
      });
      expect(argo('application-target-revision-changed-settled', NEW, REPOSITORY).status).toBe('degraded');
      expect(argo('application-partial-sync-succeeded-still-out-of-sync').status).toBe('degraded');
    },
  ],
  [
    35,
    'several sources are judged by their revisions',
    () => {
      expect(argo('application-multi-source', MIDDLE, REPOSITORY).status).toBe('healthy');
      expect(argo('application-multi-source', NEW, REPOSITORY).reason).toContain('5749929, not 3442419');
    },
  ],
  [
    36,
    'a child that floats has failed when it is not at the commit, and the mend is named',
    () => {
      const child = changed(recorded('argocd', 'app-of-apps-child-pinned-to-head-moved'), {
        'status.health.status': 'Healthy',
      });
      const now = new Date('2026-11-23T07:02:30Z');
      expect(judgeApplication(child, { commit: OLD, repository: REPOSITORY }, now)).toMatchObject({
        status: 'failed',
        reason:
          'status.sync.revision is 5749929, not 097b39e: its targetRevision is HEAD; label it cluster-drill/pin: commit',
      });
    },
  ],
  [
    38,
    'a status of an earlier spec is not believed',
    () =>
      expect(argo('application-target-revision-changed-status-stale', NEW, REPOSITORY)).toMatchObject({
        status: 'progressing',
        reason: 'status.sync.comparedTo differs from spec: the newest spec was not compared',
      }),
  ],
  [
    39,
    'a sync that names a user was done by hand, a self-heal was not and does not move the time',
    () => {
      const byHand = manualSyncs([recorded('argocd', 'application-manual-sync-by-user-succeeded')], SINCE);
      expect(byHand).toMatchObject([{ source: 'detected', description: 'alice@example.com synced many by hand' }]);
      expect(manualSyncs([recorded('argocd', 'application-auto-healed')], SINCE)).toEqual([]);
      expect(argo('application-self-heal-running').status).toBe('progressing');
      expect(argo('application-auto-healed').healthySince).toBe('2026-11-23T06:58:03Z');
    },
  ],
  [
    40,
    'a running PostSync hook is work although Synced and Healthy; hookPhase Running of a finished sync is not',
    () => {
      expect(argo('application-sync-running-postsync-hook').status).toBe('progressing');
      expect(argo('application-sync-succeeded-with-hooks').status).toBe('healthy');
    },
  ],
  [
    41,
    'an Application that is being deleted is not healthy',
    () => expect(argo('application-deleting-resources-finalizer-stuck').reason).toContain('is being deleted'),
  ],
  [
    42,
    'a load balancer without an address holds up, a suspended resource waits for somebody',
    () => {
      expect(argo('application-loadbalancer-pending-progressing').status).toBe('progressing');
      expect(kubernetes('service-loadbalancer-pending').status).toBe('progressing');
      expect(argo('application-suspended').status).toBe('suspended');
    },
  ],
  [
    43,
    'a status that is no longer refreshed is not believed; a dead repo-server is no failure of the Application',
    () => {
      const object = recorded('argocd', 'application-synced-healthy-full-sha');
      const pin = { commit: OLD, repository: REPOSITORY };
      expect(judgeApplication(object, pin, new Date('2026-11-23T06:59:00Z')).status).toBe('healthy');
      expect(judgeApplication(object, pin, new Date('2026-11-23T07:08:00Z')).reason).toContain('no longer refreshed');
      expect(argo('application-repo-server-down-240s').status).toBe('progressing');
      expect(argo('application-repo-server-down-sync-unknown-health-healthy').status).toBe('progressing');
    },
  ],
  [
    44,
    'ErrorOccurred=False of an ApplicationSet is good, True is not',
    () => {
      expect(judgeObject(recorded('argocd', 'applicationset-list-generator-healthy')).status).toBe('healthy');
      expect(judgeObject(recorded('argocd', 'applicationset-template-error')).status).toBe('degraded');
    },
  ],
  [
    45,
    'a terminated operation has failed',
    () => expect(argo('application-sync-terminated').reason).toBe('operation Failed: Operation terminated'),
  ],
  [
    46,
    'Ready=Unknown at an interval stays healthy, since the first success and not since the last reconcile',
    () => {
      for (const { object } of series('flux', 'ready-steady-state')) {
        expect(judgeKustomization(object, FLUX_OLD)).toMatchObject({
          status: 'healthy',
          healthySince: '2026-11-23T06:59:21Z',
        });
      }
      expect(flux('kustomization-after-drift-correction').healthySince).toBe('2026-11-23T07:06:45Z');
    },
  ],
  [
    47,
    'Ready=Unknown during the retry of a failing one is not progress',
    () => {
      // The retry begins at 07:07:52.3; 0.1 s later a new revision arrives, which is progress.
      const retry = series('flux', 'health-check-fails-and-retries').filter(
        ({ at }) => at > '2026-11-23T07:07:44' && at < '2026-11-23T07:07:52.46',
      );
      expect(retry.map(({ object }) => judgeKustomization(object, undefined).status)).toEqual(['degraded', 'degraded']);
      expect(flux('kustomization-build-failed').status).toBe('failed');
      expect(flux('kustomization-path-not-found').status).toBe('failed');
    },
  ],
  [
    48,
    'observedGeneration -1 hides no failure, and Ready=True with -1 is no success yet',
    () => {
      expect(flux('kustomization-apply-failed').status).toBe('degraded');
      expect(flux('kustomization-source-missing').status).toBe('degraded');
      expect(flux('kustomization-ready-true-observed-generation-minus-one').status).toBe('progressing');
    },
  ],
  [
    50,
    'a suspended Kustomization is not healthy although Ready is True',
    () => {
      expect(flux('kustomization-suspended-keeps-ready-true').status).toBe('suspended');
      expect(flux('kustomization-suspended-never-reconciled').status).toBe('suspended');
    },
  ],
  [
    51,
    'a revision that is attempted is not applied',
    () => {
      expect(flux('kustomization-reconciling-new-revision', FLUX_NEW).status).toBe('progressing');
      expect(flux('kustomization-ready-before-new-revision', FLUX_NEW).status).toBe('progressing');
      expect(flux('kustomization-ready-after-new-revision', FLUX_NEW).status).toBe('healthy');
    },
  ],
  [
    52,
    'a health check that timed out may recover, so it has not failed for good',
    () => expect(flux('kustomization-health-check-timeout').status).toBe('degraded'),
  ],
  [
    53,
    'the random names in a message do not change the reading',
    () => {
      const one = recorded('flux', 'kustomization-build-failed');
      const other = JSON.parse(JSON.stringify(one).replaceAll('1278973373', '42')) as KubernetesObject;
      expect(judgeKustomization(other, undefined).status).toBe(judgeKustomization(one, undefined).status);
    },
  ],
  [
    54,
    'a Kustomization without conditions, or with a dependency that is not ready, is in progress',
    () => {
      expect(flux('kustomization-just-created').status).toBe('progressing');
      expect(flux('kustomization-dependency-not-ready').status).toBe('progressing');
      expect(flux('kustomization-dependency-missing').status).toBe('degraded');
    },
  ],
  [
    55,
    'a change by curl is found in what Flux leaves of the managers',
    () => expect(managers('09-curl').join()).toContain('managedFields name curl'),
  ],
  [
    56,
    'a Kustomization that is being deleted is not healthy although Ready is True',
    () => expect(flux('kustomization-deleting-waits-for-termination').reason).toContain('is being deleted'),
  ],
];

/** Surprises that are no matter of a rule, with where they belong. */
const ELSEWHERE: Readonly<Record<number, string>> = {
  20: 'HTTP: which status means unauthorised is decided by the adapter',
  22: 'HTTP: the adapter lists all namespaces, and an empty list is an empty list',
  23: 'evictions: the drain step deletes, it does not evict',
  24: 'HTTP: the adapter applies with force and tells conflicts apart',
  25: 'HTTP: the adapter pages without watches',
  26: 'HTTP: the adapter puts kind and apiVersion back',
  37: 'judge-layer.test.ts: the sick object of a component is named from the object itself',
  49: 'judge-layer.test.ts: a Kustomization that does not wait is judged by what it made',
};

describe('surprises of the recordings', () => {
  test.each(SURPRISES.map(([number, behaviour, check]) => ({ number, behaviour, check })))(
    'surprise $number: $behaviour',
    ({ check }) => {
      expect.hasAssertions();
      check();
    },
  );

  test('each of the 56 is tested here or has its place elsewhere', () => {
    const numbers = [...SURPRISES.map(([number]) => number), ...Object.keys(ELSEWHERE).map(Number)];
    expect(numbers.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 56 }, (_, index) => index + 1));
  });

  test('lists are judged item by item', () => {
    const part: Part = 'kubernetes';
    const statuses = recordedAll(part, 'node-list-one-not-ready').map((node) => judgeObject(node).status);
    expect(statuses).toEqual(['healthy', 'healthy', 'degraded']);
  });
});
