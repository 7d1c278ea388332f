import { GITOPS_LAYERS, type GitopsLayer } from '../layers';
import type { Settings } from '../settings';
import type { GitopsUnit, GitopsView } from './gitops-view';

/** The units of a layer, with those that they make in turn. */
export function unitsOf(
  layer: GitopsLayer,
  settings: Pick<Settings, 'layers'>,
  view: GitopsView,
): readonly GitopsUnit[] {
  const listed = settings.layers[layer].components.flatMap(
    ({ application }) => view.units.find(({ name }) => name === application) ?? [],
  );
  return [...listed, ...unlistedUnits(layer, settings, view)].flatMap((unit) => [
    unit,
    ...partsOf(unit, settings, view),
  ]);
}

/** Units with the layer's label that no layer lists: they are part of the platform, so they are judged as well. */
export function unlistedUnits(
  layer: GitopsLayer,
  settings: Pick<Settings, 'layers'>,
  view: GitopsView,
): readonly GitopsUnit[] {
  const listed = listedNames(settings);
  return view.units.filter((unit) => unit !== view.root && unit.layer === layer && !listed.has(unit.name));
}

/**
 * The units that a unit makes and that are no components themselves, because no layer lists them and they carry no
 * layer's label: they are parts of it, as deep as they go.
 */
export function partsOf(unit: GitopsUnit, settings: Pick<Settings, 'layers'>, view: GitopsView): readonly GitopsUnit[] {
  const listed = listedNames(settings);
  const parts = new Set<GitopsUnit>();
  const collect = ({ makes = [] }: GitopsUnit): void => {
    for (const { kind, name } of makes) {
      const made = view.units.find((other) => other.kind === kind && other.name === name);
      if (!made || made === view.root || made === unit || parts.has(made)) continue;
      if (listed.has(name) || isLabelled(made)) continue;
      parts.add(made);
      collect(made);
    }
  };
  collect(unit);
  return [...parts];
}

function isLabelled({ layer }: GitopsUnit): boolean {
  return GITOPS_LAYERS.some((each) => each === layer);
}

/** Names of the units that drill.yaml lists, of whatever layer. */
export function listedNames(settings: Pick<Settings, 'layers'>): ReadonlySet<string> {
  return new Set(
    GITOPS_LAYERS.flatMap((each) => settings.layers[each].components.map(({ application }) => application)),
  );
}
