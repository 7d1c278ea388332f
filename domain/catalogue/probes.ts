import type { Probe, System } from '../catalogue';
import { CATALOGUE } from '../catalogue-entries';
import { GITOPS_LAYERS } from '../layers';
import type { ComponentSettings, Settings, WorkloadSelector } from '../settings';

/** The system that a component is, where the catalogue has it. */
export function systemOf({ system }: Pick<ComponentSettings, 'system'>): System | undefined {
  return system === undefined ? undefined : CATALOGUE[system];
}

/** Names of a system's probes, as `probesOff` in drill.yaml may switch them off. */
export function probeNamesOf({ workloads, resources = [] }: System): readonly string[] {
  return [...workloads, ...resources].map(({ probe }) => probe);
}

/** What is read of a component: the catalogue's probes with what drill.yaml says differently. */
export function probesOf(component: ComponentSettings): readonly Probe[] {
  const system = systemOf(component);
  const off = new Set(component.probesOff);
  const own = component.workloads?.map((selector, index) => ({ probe: `workload-${index + 1}`, ...selector }));
  const workloads = own ?? placed(system?.workloads ?? [], component, system);
  const resources = placed(system?.resources ?? [], component, system);
  return [...workloads, ...resources].filter(({ probe }) => !off.has(probe));
}

/** A namespace of drill.yaml stands in for the catalogue's, and for no other: an operator's parts stay where it puts them. */
function placed(probes: readonly Probe[], { namespace }: ComponentSettings, system?: System): readonly Probe[] {
  if (namespace === undefined) return probes;
  const move = <Selector extends WorkloadSelector>(selector: Selector): Selector =>
    selector.namespace === system?.namespace ? { ...selector, namespace } : selector;
  return probes.map((probe) => ({ ...move(probe), ...(probe.or && { or: probe.or.map(move) }) }));
}

/** The selectors of a probe, the catalogue's own first. */
export function selectorsOf(probe: Probe): readonly WorkloadSelector[] {
  return [probe, ...(probe.or ?? [])];
}

/**
 * What drill.yaml changes about how healthy is judged, a sentence each, for the report: a drill that looks at less must
 * say so.
 */
export function overridesIn({ layers }: Pick<Settings, 'layers'>): readonly string[] {
  return GITOPS_LAYERS.flatMap((layer) => layers[layer].components.flatMap(overridesOf));
}

function overridesOf(component: ComponentSettings): string[] {
  const { name, namespace, workloads, probesOff = [] } = component;
  const system = systemOf(component);
  return [
    ...(probesOff.length > 0 ? [`${name}: ${listed('probe', probesOff)} switched off in drill.yaml`] : []),
    ...(workloads && system
      ? [
          `${name}: drill.yaml lists ${workloads.length} workloads in place of the catalogue's ${system.workloads.length}`,
        ]
      : []),
    ...(namespace === undefined ? [] : [`${name}: looked for in namespace ${namespace}, by drill.yaml`]),
  ];
}

function listed(noun: string, names: readonly string[]): string {
  return names.length === 1 ? `the ${noun} ${names[0]} is` : `the ${noun}s ${names.join(', ')} are`;
}
