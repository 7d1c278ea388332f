/** The layers of a platform, lowest first; each depends on the ones before it. */
export const LAYERS = ['cluster', 'foundation', 'platform', 'applications'] as const;
export type Layer = (typeof LAYERS)[number];

/** The layers that GitOps makes (all but the cluster, which Terraform makes). */
export const GITOPS_LAYERS = ['foundation', 'platform', 'applications'] as const;
export type GitopsLayer = (typeof GITOPS_LAYERS)[number];

export function isLayer(value: string): value is Layer {
  return (LAYERS as readonly string[]).includes(value);
}

/** The layer below, or undefined for the lowest. */
export function layerBelow(layer: Layer): Layer | undefined {
  return LAYERS[LAYERS.indexOf(layer) - 1];
}
