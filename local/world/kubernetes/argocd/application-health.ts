import { keyOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { wakeOwners } from '../gitops/ownership';
import { timestamp } from '../instants';
import type { Fields, Manifest } from '../manifest';
import { healthOf, type HealthStatus } from '../object-health';
import { countsApplications } from './application';
import { hookOf } from './comparison';

/** From best to worst: an Application is as ill as its illest resource. */
const ORDER: readonly HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];

/**
 * The health of an Application from its own resources: only what exists counts, and it is Missing when nothing of it
 * does. Resources without a check, such as ConfigMaps, are never unhealthy.
 */
export function aggregateHealth(cluster: Cluster, manifests: readonly Manifest[]): HealthStatus {
  const lua = countsApplications(cluster);
  const wanted = manifests.filter((manifest) => hookOf(manifest) === undefined);
  const live = wanted.map((manifest) => cluster.byKey(keyOf(manifest))).filter((stored) => stored !== undefined);
  if (wanted.length > 0 && live.length === 0) return 'Missing';
  return live
    .map((stored) => healthOf(cluster, stored, lua) ?? 'Healthy')
    .reduce<HealthStatus>(
      (worst, status) => (ORDER.indexOf(status) > ORDER.indexOf(worst) ? status : worst),
      'Healthy',
    );
}

/** `status.health`: its time moves only when its value does. */
export function healthStatus(before: Fields | undefined, status: HealthStatus, at: number): Fields {
  const health = (before?.['health'] ?? {}) as Fields;
  return health['status'] === status ? health : { lastTransitionTime: timestamp(at), status };
}

/** Writes the status; the Application type has no status subresource, so its generation counts every write. */
export function updateStatus(cluster: Cluster, application: Stored, status: Fields): void {
  const before = (application.object.status?.['health'] as Fields | undefined)?.['status'];
  cluster.setStatus(application, status, true);
  wakeParent(cluster, application, before);
}

/** Tells the parent of an Application when its health changed. */
function wakeParent(cluster: Cluster, application: Stored, before: unknown): void {
  const now = (application.object.status?.['health'] as Fields | undefined)?.['status'];
  if (now !== before) wakeOwners(cluster, application);
}
