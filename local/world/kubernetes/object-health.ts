import type { Cluster } from './cluster';
import type { Stored } from './cluster-state';
import { isFields, type Fields, type WorkloadSpec } from './manifest';
import { groupOf } from './manifest';
import { statusOf } from './object-status';

export type HealthStatus = 'Healthy' | 'Suspended' | 'Progressing' | 'Missing' | 'Degraded' | 'Unknown';

/**
 * How Argo CD's built-in checks see an object; undefined where they have none (a ConfigMap is never unhealthy).
 * @param countsApplications whether the health of child Applications counts, which needs a customisation in argocd-cm.
 */
export function healthOf(cluster: Cluster, stored: Stored, countsApplications: boolean): HealthStatus | undefined {
  const { object } = stored;
  const status = statusOf(cluster, stored) ?? {};
  const check = CHECKS[`${groupOf(object.apiVersion)}/${object.kind}`];
  if (check) return check(status, object.spec ?? {}, object.metadata.generation);
  if (object.kind === 'Application') return countsApplications ? applicationHealth(status) : undefined;
  return undefined;
}

type Check = (status: Fields, spec: Fields, generation: number | undefined) => HealthStatus;

const healthyIf = (holds: boolean): HealthStatus => (holds ? 'Healthy' : 'Progressing');
const isObserved = (status: Fields, generation = 0): boolean => number(status['observedGeneration']) >= generation;
const ready: Check = (status) => byCondition(status, 'Ready');

const CHECKS: Readonly<Record<string, Check>> = {
  'apps/Deployment': (status, spec, generation) => {
    if ((spec as WorkloadSpec).paused) return 'Suspended';
    if (!isObserved(status, generation)) return 'Progressing';
    if (conditionOf(status, 'Progressing')?.['reason'] === 'ProgressDeadlineExceeded') return 'Degraded';
    const updated = number(status['updatedReplicas']);
    return healthyIf(
      updated >= number(spec['replicas']) &&
        number(status['replicas']) <= updated &&
        number(status['availableReplicas']) >= updated,
    );
  },
  'apps/StatefulSet': (status, spec, generation) =>
    healthyIf(isObserved(status, generation) && number(status['readyReplicas']) >= number(spec['replicas'])),
  'apps/DaemonSet': (status, _, generation) =>
    healthyIf(
      isObserved(status, generation) && number(status['numberAvailable']) >= number(status['desiredNumberScheduled']),
    ),
  'batch/Job': (status) => {
    if (conditionOf(status, 'Failed')) return 'Degraded';
    if (conditionOf(status, 'Suspended')) return 'Suspended';
    return healthyIf(conditionOf(status, 'Complete') !== undefined);
  },
  '/PersistentVolumeClaim': (status) => healthyIf(status['phase'] === 'Bound'),
  '/Service': (status, spec) => healthyIf(spec['type'] !== 'LoadBalancer' || hasAddress(status)),
  'networking.k8s.io/Ingress': (status) => healthyIf(hasAddress(status)),
  'elasticsearch.k8s.elastic.co/Elasticsearch': (status) =>
    healthyIf(status['health'] === 'green' && status['phase'] === 'Ready'),
  'monitoring.coreos.com/Prometheus': (status) => byCondition(status, 'Available'),
  'monitoring.coreos.com/Alertmanager': (status) => byCondition(status, 'Available'),
  'external-secrets.io/ExternalSecret': ready,
  'external-secrets.io/SecretStore': ready,
  'external-secrets.io/ClusterSecretStore': ready,
  'cert-manager.io/Certificate': ready,
  'kustomize.toolkit.fluxcd.io/Kustomization': byKstatus,
  'helm.toolkit.fluxcd.io/HelmRelease': byKstatus,
  'source.toolkit.fluxcd.io/GitRepository': byKstatus,
  'source.toolkit.fluxcd.io/HelmRepository': byKstatus,
};

/** The Lua check of Argo CD's documentation: an Application without health is Progressing. */
function applicationHealth(status: Fields): HealthStatus {
  const health = isFields(status['health']) ? status['health'] : {};
  return typeof health['status'] === 'string' ? (health['status'] as HealthStatus) : 'Progressing';
}

function byCondition(status: Fields, type: string): HealthStatus {
  return healthyIf(conditionOf(status, type)?.['status'] === 'True');
}

/** kstatus: a Flux object is failed when Ready is False and it is not being retried for its first success. */
function byKstatus(status: Fields, _: Fields, generation: number | undefined): HealthStatus {
  const condition = conditionOf(status, 'Ready');
  if (condition?.['status'] === 'False' && conditionOf(status, 'Stalled')) return 'Degraded';
  return healthyIf(condition?.['status'] === 'True' && status['observedGeneration'] === generation);
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
