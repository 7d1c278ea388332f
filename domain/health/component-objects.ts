import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';
import { type ClusterSnapshot, type ObjectIdentity, lookUp, objectsOf, relatedTo } from './cluster-snapshot';
import type { HelmRelease } from './flux-shape';
import type { GitopsUnit } from './gitops-view';
import { groupOf, judgeObject } from './judge-object';
import { mayBeRead } from './made-kinds';
import { missing } from './object-reading';
import { RELEASED, RESOURCE } from './resource-types';

/**
 * The objects that a unit says it makes, as far as their kinds were read. Units among them are judged as such, unless
 * they are not there and no component answers for them.
 */
export function madeBy(
  unit: GitopsUnit,
  snapshot: ClusterSnapshot,
  isListed: (unitName: string) => boolean,
): ObjectReading[] {
  const isLeft = (identity: ObjectIdentity): boolean =>
    !isUnit(identity) || (!isListed(identity.name) && lookUp(snapshot, identity)?.state === 'absent');
  return (unit.makes ?? []).filter(isLeft).flatMap((identity) => judgeMade(identity, unit, snapshot) ?? []);
}

/** How many custom resources of a unit were not read, because a poll lists so many kinds and no more. */
export function countUnread(unit: GitopsUnit, snapshot: ClusterSnapshot): number {
  const left = (unit.makes ?? []).filter(
    (identity) => mayBeRead(identity) && !isUnit(identity) && lookUp(snapshot, identity) === undefined,
  );
  return left.length;
}

function judgeMade(identity: ObjectIdentity, unit: GitopsUnit, snapshot: ClusterSnapshot): ObjectReading | undefined {
  const place = lookUp(snapshot, identity);
  const maker = `${unit.kind} ${unit.name}`;
  switch (place?.state) {
    case undefined:
      return undefined;
    case 'found':
      return judgeObject(place.object, relatedTo(snapshot, place.object));
    case 'absent':
      return missing(identity, `${maker} makes it, but it does not exist`);
    case 'not served':
      return missing(
        identity,
        `${maker} makes it, but the API serves no such kind: the definition of ${identity.kind} in ${identity.group} is missing`,
      );
    case 'unread': {
      const { kind, namespace, name } = identity;
      const named = { kind, name, ...(namespace !== '' && { namespace }) };
      return { ...named, status: 'progressing', reason: `it cannot be read: ${place.why}` };
    }
  }
}

function isUnit({ group, kind }: ObjectIdentity): boolean {
  return [RESOURCE.application, RESOURCE.kustomization].some(
    (type) => kind === type.kind && group === groupOf(type.apiVersion),
  );
}

/** What the HelmReleases that a Kustomization makes installed; Flux keeps no list of it, but labels each object. */
export function releasedBy(unit: GitopsUnit, snapshot: ClusterSnapshot): ObjectReading[] {
  return releasesOf(unit, snapshot).flatMap(({ metadata }) =>
    RELEASED.flatMap((type) => objectsOf(snapshot, type))
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

/** The namespaces that units install to: their own, and those of their releases. */
export function installedIn(units: readonly GitopsUnit[], snapshot: ClusterSnapshot): readonly (string | undefined)[] {
  return units.flatMap((unit) => [unit.targetNamespace, ...releasesOf(unit, snapshot).map(releaseNamespace)]);
}

function releaseNamespace(release: KubernetesObject): string | undefined {
  return (release as HelmRelease).spec?.targetNamespace ?? release.metadata.namespace;
}
