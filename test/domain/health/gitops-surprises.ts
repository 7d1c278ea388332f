import { manualChanges, manualSyncs } from '../../../domain/detected-steps';
import { judgeApplication } from '../../../domain/health/argo-application';
import { judgeKustomization } from '../../../domain/health/flux-kustomization';
import { judgeObject } from '../../../domain/health/judge-object';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import type { ObjectReading } from '../../../domain/record';
import { changed, recorded, series } from './recording';
import {
  FLUX_NEW,
  FLUX_OLD,
  MIDDLE,
  NEW,
  OLD,
  REPOSITORY,
  SINCE,
  type Surprise,
  argo,
  flux,
  kubernetes,
  managers,
} from './surprise-readings';

/** Surprises of Argo CD and Flux. */
export const GITOPS_SURPRISES: readonly Surprise[] = [
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
      expect(argo('application-just-created-no-status')).toMatchObject({
        status: 'progressing',
        reason: 'status.sync.status is empty: not compared yet',
      });
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
      const unwritten = changed(recorded('flux', 'kustomization-ready'), { 'status.observedGeneration': -1 });
      expect(judgeKustomization(unwritten).reason).toBe('status.observedGeneration is -1');
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
      expect(flux('kustomization-reconciling-new-revision').reason).toContain('status.lastAttemptedRevision is');
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
    'a change by kubectl is found until the next reconcile of Flux, one by curl stays',
    () => {
      const found = series('flux', 'kubectl-patch-undone').map(({ object }) => manualChanges([object], SINCE).length);
      expect(found).toEqual([1, 0, 0, 0]);
      expect(managers('09-curl').join()).toContain('managedFields name curl');
    },
  ],
  [
    56,
    'a Kustomization that is being deleted is not healthy although Ready is True',
    () => expect(flux('kustomization-deleting-waits-for-termination').reason).toContain('is being deleted'),
  ],
];
