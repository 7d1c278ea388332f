import { latest, secondsBetween } from './clock';
import { GITOPS_LAYERS, layerBelow, type GitopsLayer, type Layer } from './layers';
import type { DrillStory, LayerProgress } from './record';

/** Something that was healthy before the layer below it: its place in the order is luck, or it is in the wrong layer. */
export interface OrderingFault {
  readonly layer: GitopsLayer;
  /** The component that was early; absent when the whole layer was. */
  readonly component?: string;
  readonly healthyAt: string;
  readonly below: Layer;
  readonly belowHealthyAt: string;
}

/** Kubernetes writes whole seconds, so an instant may say up to one second less than the truth. */
const ROUNDING_SECONDS = 1;

/**
 * The faults of order of a drill, by the instants that the objects themselves name. Sync waves that wait for health, and
 * `dependsOn`, make them impossible; what an operator, another root or a person made early shows here. What names no
 * instant, and a layer whose one below was never healthy, cannot be judged.
 */
export function orderingFaultsOf({ record, layers }: Pick<DrillStory, 'record' | 'layers'>): OrderingFault[] {
  return GITOPS_LAYERS.flatMap((layer) => {
    const progress = layers.find((candidate) => candidate.layer === layer);
    const below = layerBelow(layer)!;
    const belowHealthyAt = record.layers[below]?.healthyAt;
    return progress && belowHealthyAt !== undefined ? faultsOf(progress, layer, { below, belowHealthyAt }) : [];
  });
}

function faultsOf(
  { components }: LayerProgress,
  layer: GitopsLayer,
  lower: Pick<OrderingFault, 'below' | 'belowHealthyAt'>,
): OrderingFault[] {
  const isEarly = (instant: string): boolean => secondsBetween(instant, lower.belowHealthyAt) >= ROUNDING_SECONDS;
  const timed = components.flatMap(({ name, status, healthyAt }) =>
    status === 'healthy' && healthyAt !== undefined ? [{ name, healthyAt }] : [],
  );
  const layerHealthyAt =
    timed.length === components.length ? latest(timed.map(({ healthyAt }) => healthyAt)) : undefined;
  if (layerHealthyAt !== undefined && isEarly(layerHealthyAt)) return [{ layer, healthyAt: layerHealthyAt, ...lower }];
  return timed
    .filter(({ healthyAt }) => isEarly(healthyAt))
    .map(({ name, healthyAt }) => ({ layer, component: name, healthyAt, ...lower }));
}
