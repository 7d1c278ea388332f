import { GITOPS_LAYERS, type GitopsLayer } from '../layers';
import { ROOT_NAME } from '../names';
import type { ComponentReading } from '../record';
import type { Settings } from '../settings';
import { judgeAbsentUnit } from './absent-unit';
import type { ClusterSnapshot, UnreadableCluster } from './cluster-snapshot';
import { type Surroundings, judgeComponent } from './component';
import { engineInTheWay } from './engine';
import { type GitopsView, gitopsView } from './gitops-view';
import type { LayerReading } from './layer-reading';
import { isOfLayerAbove } from './layer-above';
import { RESOURCE, typeKey } from './resource-types';
import { listedNames, partsOf, unlistedUnits } from './units-of-layer';

export interface JudgeLayerInput {
  readonly layer: GitopsLayer;
  readonly settings: Settings;
  /** The full SHA that the drill builds. */
  readonly commit: string;
  readonly now: Date;
  readonly snapshot: ClusterSnapshot | UnreadableCluster;
}

/**
 * How a layer that GitOps makes stands: each component that drill.yaml lists, each that carries the layer's label and
 * is not listed, and the root and the engine while they are in the way.
 */
export function judgeLayer({ layer, settings, commit, now, snapshot }: JudgeLayerInput): LayerReading {
  const { readAt } = snapshot;
  if ('unavailable' in snapshot) return { layer, readAt, components: [], obstacle: obstacleOf(snapshot) };
  const { engine } = settings.gitops;
  const unserved = typeKey(engine === 'argocd' ? RESOURCE.application : RESOURCE.kustomization);
  if (snapshot.notServed.includes(unserved)) {
    const title = engine === 'argocd' ? 'Argo CD' : 'Flux';
    return { layer, readAt, components: [], obstacle: `${title} is not installed: the API does not serve ${unserved}` };
  }
  const view = gitopsView(engine, snapshot, { commit, now });
  const listed = settings.layers[layer].components;
  const surroundings: Surroundings = {
    snapshot,
    partsOf: (unit) => partsOf(unit, settings, view),
    isListed: (name) => listedNames(settings).has(name),
    isOfLayerAbove: isOfLayerAbove(layer, settings, view),
  };
  const components = [
    ...listed.map((component) => {
      const unit = view.units.find(({ name }) => name === component.application);
      return unit
        ? judgeComponent({ name: component.name, settings: component }, unit, surroundings)
        : judgeAbsentUnit(component, layer, view, commit);
    }),
    ...unlistedUnits(layer, settings, view).map((unit) => judgeComponent({ name: unit.name }, unit, surroundings)),
  ];
  const root = rootInTheWay(layer, view, components);
  // The root is the cause of what is missing, and only repeats the illness of what is there.
  const isCause = components.some(({ status }) => status === 'missing');
  const judged = isCause ? [...root, ...components] : [...components, ...root];
  return { layer, readAt, components: [...engineInTheWay(settings, snapshot), ...judged] };
}

/** The sentence for a cluster whose API gives no answer. */
export function obstacleOf({ unavailable }: UnreadableCluster): string {
  const what = {
    unreachable: 'cannot be reached',
    unauthorized: 'does not let the drill in',
    throttled: 'turns requests away (too many)',
  }[unavailable.kind];
  return `the Kubernetes API of the drill cluster ${what}: ${unavailable.message}`;
}

/**
 * The root as a component of its own, when it is in the way. With sync waves it works until the highest layer is
 * healthy, so below that only its failure counts, or an illness for which a component is missing. At the highest layer
 * it must be healthy as well: then everything that the repository holds is there.
 */
function rootInTheWay(
  layer: GitopsLayer,
  view: GitopsView,
  components: readonly ComponentReading[],
): readonly ComponentReading[] {
  if (!view.root) return [];
  const reading = view.source ?? view.root.judge();
  const somethingIsMissing = components.some(({ status }) => status === 'missing');
  const counts =
    reading.status === 'failed' ||
    (somethingIsMissing && (reading.status === 'degraded' || reading.status === 'suspended')) ||
    (layer === GITOPS_LAYERS.at(-1) && reading.status !== 'healthy');
  if (!counts) return [];
  return [
    {
      name: ROOT_NAME,
      status: reading.status === 'suspended' ? 'degraded' : reading.status,
      reason: `${reading.kind} ${reading.name}: ${reading.reason}`,
      listed: false,
      blocking: [reading],
    },
  ];
}
