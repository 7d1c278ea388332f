import { systemOf } from '../catalogue/probes';
import { latest } from '../clock';
import type { KubernetesObject } from '../ports/kubernetes';
import type { ComponentReading, ObjectReading } from '../record';
import type { ComponentSettings } from '../settings';
import { type ClusterSnapshot, type ObjectIdentity, findObject, objectsOf, relatedTo } from './cluster-snapshot';
import { probeReadings } from './component-probes';
import type { HelmRelease } from './flux-shape';
import type { GitopsUnit } from './gitops-view';
import { groupOf, judgeObject } from './judge-object';
import { missing, shortened } from './object-reading';
import { RESOURCE } from './resource-types';

/** How many blocking objects a reading names: enough to act on, and far from the 400 KB that an item may have. */
const BLOCKING_LIMIT = 20;

/** A component by its settings, or one that was found in the cluster and drill.yaml does not list. */
export type ComponentIdentity = Pick<ComponentSettings, 'name'> & { readonly settings?: ComponentSettings };

/** The workload kinds that helm-controller installs; it labels each with its release. */
const RELEASE_TYPES = [RESOURCE.deployment, RESOURCE.statefulSet, RESOURCE.daemonSet, RESOURCE.service, RESOURCE.job];

/**
 * How one component stands: its Application or Kustomization, every object that this makes, and the workloads that the
 * component must have (a chart that deploys nothing is Synced and Healthy, and is not healthy).
 */
export function judgeComponent(
  component: ComponentIdentity,
  unit: GitopsUnit,
  snapshot: ClusterSnapshot,
  isOfLayerAbove: (object: KubernetesObject) => boolean = () => false,
): ComponentReading {
  const own = unit.judge();
  const objects = new Map<string, ObjectReading>();
  for (const item of [
    ...madeBy(unit, snapshot),
    ...releasedBy(unit, snapshot),
    ...probedOf(component, unit, snapshot, isOfLayerAbove),
  ]) {
    objects.set(keyOf(item), item);
  }
  // The unit's own reading comes last among equals: that an Application is Degraded only repeats what its objects say.
  const readings = [...objects.values(), own];
  const blocking = readings.filter(({ status }) => status !== 'healthy');
  const created = unit.object.metadata.creationTimestamp;
  const usualReason = component.settings && systemOf(component.settings)?.usualReason;
  return {
    name: component.name,
    ...verdictOf(own, blocking, objects.size, component),
    listed: component.settings !== undefined,
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

/** The worst first: what has failed ends the wait, what is degraded is the likelier cause than what only waits. */
const WEIGHT: Readonly<Record<ObjectReading['status'], number>> = {
  failed: 0,
  degraded: 1,
  suspended: 2,
  missing: 3,
  progressing: 4,
  healthy: 5,
};

function byWeight(one: ObjectReading, other: ObjectReading): number {
  return WEIGHT[one.status] - WEIGHT[other.status];
}

function verdictOf(
  own: ObjectReading,
  blocking: readonly ObjectReading[],
  objectCount: number,
  { settings }: ComponentIdentity,
): Pick<ComponentReading, 'status' | 'reason'> {
  const worst = blocking.toSorted(byWeight)[0];
  if (!worst) {
    const off = settings?.probesOff?.length ? `; probes switched off: ${settings.probesOff.join(', ')}` : '';
    return { status: 'healthy', reason: `${own.reason}; ${objectCount} objects healthy${off}` };
  }
  const named = `${worst.kind} ${worst.namespace ? `${worst.namespace}/` : ''}${worst.name}`;
  const reason = shortened(`${named}: ${worst.reason}`);
  // Nothing resumes by itself: a suspended object waits for a person, which a drill has none of.
  if (worst.status === 'suspended') return { status: 'degraded', reason };
  // Objects that a running sync has not made yet are part of its progress.
  if (worst.status === 'missing' && own.status === 'progressing') return { status: 'progressing', reason };
  return { status: worst.status === 'healthy' ? 'progressing' : worst.status, reason };
}

function healthyAt(readings: readonly ObjectReading[]): { healthyAt?: string } {
  const instant = latest(readings.map(({ healthySince }) => healthySince));
  return instant === undefined ? {} : { healthyAt: instant };
}

/** The objects that the unit says it makes, as far as their types were read. Units among them are components themselves. */
function madeBy(unit: GitopsUnit, snapshot: ClusterSnapshot): ObjectReading[] {
  return (unit.makes ?? [])
    .filter((identity) => !isUnit(identity))
    .flatMap((identity) => {
      const object = findObject(snapshot, identity);
      if (object === undefined) return [];
      if (object === 'absent') return [missing(identity, `${unit.kind} ${unit.name} makes it, but it does not exist`)];
      return [judgeObject(object, relatedTo(snapshot, object))];
    });
}

function isUnit({ group, kind }: ObjectIdentity): boolean {
  return [RESOURCE.application, RESOURCE.kustomization, RESOURCE.gitRepository].some(
    (type) => kind === type.kind && group === groupOf(type.apiVersion),
  );
}

/** The workloads of the HelmReleases that a Kustomization makes; Flux keeps no list of them, but labels each. */
function releasedBy(unit: GitopsUnit, snapshot: ClusterSnapshot): ObjectReading[] {
  return releasesOf(unit, snapshot).flatMap(({ metadata }) =>
    RELEASE_TYPES.flatMap((type) => objectsOf(snapshot, type))
      .filter(
        ({ metadata: { labels } }) =>
          labels?.['helm.toolkit.fluxcd.io/name'] === metadata.name &&
          labels['helm.toolkit.fluxcd.io/namespace'] === metadata.namespace,
      )
      .map((object) => judgeObject(object, relatedTo(snapshot, object))),
  );
}

function releasesOf(unit: GitopsUnit, snapshot: ClusterSnapshot): readonly KubernetesObject[] {
  const made = new Set(
    (unit.makes ?? [])
      .filter(({ kind }) => kind === 'HelmRelease')
      .map(({ namespace, name }) => `${namespace}/${name}`),
  );
  if (made.size === 0) return [];
  return objectsOf(snapshot, RESOURCE.helmRelease).filter(({ metadata }) =>
    made.has(`${metadata.namespace}/${metadata.name}`),
  );
}

/** What the component's probes find, and what they miss. */
function probedOf(
  component: ComponentIdentity,
  unit: GitopsUnit,
  snapshot: ClusterSnapshot,
  isOfLayerAbove: (object: KubernetesObject) => boolean,
): ObjectReading[] {
  if (!component.settings) return [];
  const installedIn = [unit.targetNamespace, ...releasesOf(unit, snapshot).map(releaseNamespace)];
  return probeReadings(component.settings, snapshot, { installedIn, isOfLayerAbove });
}

function releaseNamespace(release: KubernetesObject): string | undefined {
  return (release as HelmRelease).spec?.targetNamespace ?? release.metadata.namespace;
}
