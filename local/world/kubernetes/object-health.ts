import type { Cluster } from './cluster';
import type { Stored } from './cluster-state';
import { isFields, type Fields, type WorkloadSpec } from './manifest';
import { groupOf } from './manifest';
import { statusOf } from './object-status';

export type HealthStatus = 'Healthy' | 'Suspended' | 'Progressing' | 'Missing' | 'Degraded' | 'Unknown';

export interface Health {
  readonly status: HealthStatus;
  readonly message?: string;
}

/**
 * How Argo CD's built-in checks see an object; undefined where they have none (a ConfigMap is never unhealthy).
 * @param countsApplications whether the health of child Applications counts, which needs a customisation in argocd-cm.
 */
export function healthOf(cluster: Cluster, stored: Stored, countsApplications: boolean): Health | undefined {
  const { object } = stored;
  const status = statusOf(cluster, stored) ?? {};
  const check = CHECKS[`${groupOf(object.apiVersion)}/${object.kind}`];
  if (check) return check(status, object.spec ?? {}, object.metadata.generation);
  if (object.kind === 'Application') return countsApplications ? applicationHealth(status) : undefined;
  return undefined;
}

type Check = (status: Fields, spec: Fields, generation: number | undefined) => Health;

const HEALTHY: Health = { status: 'Healthy' };
const progressing = (message: string): Health => ({ status: 'Progressing', message });

const CHECKS: Readonly<Record<string, Check>> = {
  'apps/Deployment': (status, spec, generation) => {
    if ((spec as WorkloadSpec).paused) return { status: 'Suspended', message: 'Deployment is paused' };
    if (number(status['observedGeneration']) < (generation ?? 0))
      return progressing('Waiting for rollout to finish: observed deployment generation less than desired generation');
    const stuck = conditionOf(status, 'Progressing');
    if (stuck?.['reason'] === 'ProgressDeadlineExceeded')
      return { status: 'Degraded', message: String(stuck['message']) };
    const wanted = number(spec['replicas']);
    const [updated, replicas, available] = [
      number(status['updatedReplicas']),
      number(status['replicas']),
      number(status['availableReplicas']),
    ];
    if (updated < wanted)
      return progressing(
        `Waiting for rollout to finish: ${updated} out of ${wanted} new replicas have been updated...`,
      );
    if (replicas > updated)
      return progressing(
        `Waiting for rollout to finish: ${replicas - updated} old replicas are pending termination...`,
      );
    if (available < updated)
      return progressing(`Waiting for rollout to finish: ${available} of ${updated} updated replicas are available...`);
    return HEALTHY;
  },
  'apps/StatefulSet': (status, spec, generation) => {
    if (number(status['observedGeneration']) < (generation ?? 0))
      return progressing('Waiting for statefulset spec update to be observed...');
    const ready = number(status['readyReplicas']);
    if (ready < number(spec['replicas']))
      return progressing(`Waiting for ${number(spec['replicas']) - ready} pods to be ready...`);
    return HEALTHY;
  },
  'apps/DaemonSet': (status, _, generation) => {
    if (number(status['observedGeneration']) < (generation ?? 0))
      return progressing('Waiting for rollout to finish: observed daemon set generation less than desired generation');
    const [available, wanted] = [number(status['numberAvailable']), number(status['desiredNumberScheduled'])];
    if (available < wanted)
      return progressing(
        `Waiting for daemon set "" rollout to finish: ${available} of ${wanted} updated pods are available...`,
      );
    return HEALTHY;
  },
  'batch/Job': (status) => {
    if (conditionOf(status, 'Failed'))
      return { status: 'Degraded', message: String(conditionOf(status, 'Failed')?.['message']) };
    if (conditionOf(status, 'Suspended')) return { status: 'Suspended', message: 'Job suspended' };
    return conditionOf(status, 'Complete') ? HEALTHY : progressing('');
  },
  '/PersistentVolumeClaim': (status) => (status['phase'] === 'Bound' ? HEALTHY : progressing('')),
  '/Service': (status, spec) => (spec['type'] !== 'LoadBalancer' || hasAddress(status) ? HEALTHY : progressing('')),
  'networking.k8s.io/Ingress': (status) => (hasAddress(status) ? HEALTHY : progressing('')),
  'elasticsearch.k8s.elastic.co/Elasticsearch': (status) =>
    status['health'] === 'green' && status['phase'] === 'Ready' ? HEALTHY : progressing(''),
  'monitoring.coreos.com/Prometheus': (status) => byCondition(status, 'Available'),
  'monitoring.coreos.com/Alertmanager': (status) => byCondition(status, 'Available'),
  'external-secrets.io/ExternalSecret': (status) => byCondition(status, 'Ready'),
  'external-secrets.io/SecretStore': (status) => byCondition(status, 'Ready'),
  'external-secrets.io/ClusterSecretStore': (status) => byCondition(status, 'Ready'),
  'cert-manager.io/Certificate': (status) => byCondition(status, 'Ready'),
  'kustomize.toolkit.fluxcd.io/Kustomization': (status, _, generation) => byReady(status, generation),
  'helm.toolkit.fluxcd.io/HelmRelease': (status, _, generation) => byReady(status, generation),
  'source.toolkit.fluxcd.io/GitRepository': (status, _, generation) => byReady(status, generation),
  'source.toolkit.fluxcd.io/HelmRepository': (status, _, generation) => byReady(status, generation),
};

/** The Lua check of Argo CD's documentation: an Application without health is Progressing. */
function applicationHealth(status: Fields): Health {
  const health = isFields(status['health']) ? status['health'] : {};
  return { status: typeof health['status'] === 'string' ? (health['status'] as HealthStatus) : 'Progressing' };
}

function byCondition(status: Fields, type: string): Health {
  const condition = conditionOf(status, type);
  if (condition?.['status'] === 'True') return HEALTHY;
  return progressing(String(condition?.['message'] ?? `Waiting for ${type} status`));
}

/** kstatus: a Flux object is failed when Ready is False and it is not being retried for its first success. */
function byReady(status: Fields, generation: number | undefined): Health {
  const ready = conditionOf(status, 'Ready');
  if (ready?.['status'] === 'True' && status['observedGeneration'] === generation) return HEALTHY;
  if (ready?.['status'] === 'False' && conditionOf(status, 'Stalled'))
    return { status: 'Degraded', message: String(ready['message']) };
  return progressing(String(ready?.['message'] ?? ''));
}

export function conditionOf(status: Fields, type: string): Fields | undefined {
  const conditions = Array.isArray(status['conditions']) ? status['conditions'].filter(isFields) : [];
  return conditions.find((condition) => condition['type'] === type);
}

function hasAddress(status: Fields): boolean {
  const { ingress } = (status['loadBalancer'] ?? {}) as { ingress?: unknown[] };
  return (ingress?.length ?? 0) > 0;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
