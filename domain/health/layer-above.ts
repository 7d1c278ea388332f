import { GITOPS_LAYERS, type GitopsLayer } from '../layers';
import type { KubernetesObject } from '../ports/kubernetes';
import type { Settings } from '../settings';
import type { ObjectIdentity } from './cluster-snapshot';
import type { GitopsView } from './gitops-view';
import { groupOf } from './judge-object';
import { unitsOf } from './units-of-layer';

/**
 * Tells the objects that units of the layers above make, such as the ExternalSecrets of an application. A system's probe
 * finds them too, but they come later and are judged in their own layer: they must not hold up the one below.
 */
export function isOfLayerAbove(
  layer: GitopsLayer,
  settings: Pick<Settings, 'layers'>,
  view: GitopsView,
): (object: KubernetesObject) => boolean {
  const above = GITOPS_LAYERS.slice(GITOPS_LAYERS.indexOf(layer) + 1);
  const made = new Set(
    above.flatMap((each) => unitsOf(each, settings, view)).flatMap(({ makes = [] }) => makes.map(keyOf)),
  );
  return ({ apiVersion, kind, metadata: { name, namespace = '', labels = {} } }) => {
    const release = labels['helm.toolkit.fluxcd.io/name'];
    const releasedFrom = labels['helm.toolkit.fluxcd.io/namespace'] ?? '';
    return (
      made.has(keyOf({ group: groupOf(apiVersion), kind, namespace, name })) ||
      (release !== undefined && made.has(keyOf({ ...HELM_RELEASE, namespace: releasedFrom, name: release })))
    );
  };
}

const HELM_RELEASE = { group: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease' };

function keyOf({ group, kind, namespace, name }: ObjectIdentity): string {
  return `${group}/${kind}/${namespace}/${name}`;
}
