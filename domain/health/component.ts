import { systemOf } from '../catalogue/probes';
import { latest } from '../clock';
import type { KubernetesObject } from '../ports/kubernetes';
import type { ComponentReading, ObjectReading } from '../record';
import type { ComponentSettings } from '../settings';
import type { ClusterSnapshot } from './cluster-snapshot';
import { countUnread, installedIn, madeBy, releasedBy } from './component-objects';
import { probeReadings } from './component-probes';
import type { GitopsUnit } from './gitops-view';
import { shortened } from './object-reading';
import { byWeight } from './worst-first';

/** How many blocking objects a reading names: enough to act on, and far from the 400 KB that an item may have. */
const BLOCKING_LIMIT = 20;

/** A component by its settings, or one that was found in the cluster and drill.yaml does not list. */
export type ComponentIdentity = Pick<ComponentSettings, 'name'> & { readonly settings?: ComponentSettings };

/** What a component is judged in the light of. */
export interface Surroundings {
  readonly snapshot: ClusterSnapshot;
  /** Units that a component's unit makes and that are no components of their own. */
  readonly partsOf: (unit: GitopsUnit) => readonly GitopsUnit[];
  /** Whether a layer lists a unit of this name. */
  readonly isListed: (unitName: string) => boolean;
  readonly isOfLayerAbove: (object: KubernetesObject) => boolean;
}

/**
 * How one component stands: its Application or Kustomization, every object that this makes, and the workloads that the
 * component must have (a chart that deploys nothing is Synced and Healthy, and is not healthy).
 */
export function judgeComponent(
  { name, settings }: ComponentIdentity,
  unit: GitopsUnit,
  { snapshot, partsOf, isListed, isOfLayerAbove }: Surroundings,
): ComponentReading {
  const own = unit.judge();
  const parts = partsOf(unit);
  const units = [unit, ...parts];
  const objects = new Map<string, ObjectReading>();
  for (const item of [
    ...units.flatMap((each) => [...madeBy(each, snapshot, isListed), ...releasedBy(each, snapshot)]),
    ...(settings
      ? probeReadings(settings, snapshot, { installedIn: installedIn(units, snapshot), isOfLayerAbove })
      : []),
  ]) {
    objects.set(keyOf(item), item);
  }
  // The units' own readings come last among equals: that an Application is Degraded only repeats what its objects say.
  const readings = [...objects.values(), ...parts.map((part) => part.judge()), own];
  const blocking = readings.filter(({ status }) => status !== 'healthy');
  const created = unit.object.metadata.creationTimestamp;
  const worst = blocking.toSorted(byWeight)[0];
  // What the Application says of itself (it cannot be rendered, its sync failed) is told better than by what is usual.
  const usualReason = settings && worst !== own ? systemOf(settings)?.usualReason : undefined;
  return {
    name,
    ...verdictOf(own, worst, `${objects.size} objects healthy${unlookedAt(settings, units, snapshot)}`),
    listed: settings !== undefined,
    ...(created !== undefined && { startedAt: created }),
    ...(blocking.length === 0 && healthyAt(readings)),
    ...(blocking.length > 0 && usualReason !== undefined && { usualReason }),
    blocking: blocking.toSorted(byWeight).slice(0, BLOCKING_LIMIT),
  };
}

/** An object counts once, however it was found; what no selector found has no name of its own, only a reason. */
function keyOf({ kind, namespace = '', name, status, reason }: ObjectReading): string {
  return [kind, namespace, name, status === 'missing' ? reason : ''].join('/');
}

function verdictOf(
  own: ObjectReading,
  worst: ObjectReading | undefined,
  looked: string,
): Pick<ComponentReading, 'status' | 'reason'> {
  if (!worst) return { status: 'healthy', reason: `${own.reason}; ${looked}` };
  const named = `${worst.kind} ${worst.namespace ? `${worst.namespace}/` : ''}${worst.name}`;
  const reason = shortened(`${named}: ${worst.reason}`);
  // Nothing resumes by itself: a suspended object waits for a person, which a drill has none of.
  if (worst.status === 'suspended') return { status: 'degraded', reason };
  // Objects that a running sync has not made yet are part of its progress.
  if (worst.status === 'missing' && own.status === 'progressing') return { status: 'progressing', reason };
  return { status: worst.status === 'healthy' ? 'progressing' : worst.status, reason };
}

/** What a healthy reading has not looked at: it must not be taken for more than it is. */
function unlookedAt(
  settings: ComponentSettings | undefined,
  units: readonly GitopsUnit[],
  snapshot: ClusterSnapshot,
): string {
  const unread = units.reduce((sum, unit) => sum + countUnread(unit, snapshot), 0);
  const left = unread > 0 ? `; ${unread} custom resources not read, their kinds are too many` : '';
  const off = settings?.probesOff?.length ? `; probes switched off: ${settings.probesOff.join(', ')}` : '';
  return left + off;
}

function healthyAt(readings: readonly ObjectReading[]): { healthyAt?: string } {
  const instant = latest(readings.map(({ healthySince }) => healthySince));
  return instant === undefined ? {} : { healthyAt: instant };
}
