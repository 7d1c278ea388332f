import type { Probe } from '../catalogue';
import { probesOf, selectorsOf } from '../catalogue/probes';
import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';
import type { ComponentSettings, WorkloadSelector } from '../settings';
import { type ClusterSnapshot, objectsOf, relatedTo } from './cluster-snapshot';
import { groupOf, judgeObject } from './judge-object';
import { missing, reading } from './object-reading';
import { isType, typeKey, typeOf } from './resource-types';
import { PROBE_RULES } from './systems/probe-rules';

/** Where a component's objects may be, beside the namespace that its selectors name. */
export interface ProbeScope {
  /** Namespaces that the component is installed to in fact; they are as good as the usual one. */
  readonly installedIn: readonly (string | undefined)[];
  /** Whether an object belongs to a layer above, which comes later and answers for itself. */
  readonly isOfLayerAbove: (object: KubernetesObject) => boolean;
}

/** What the probes of a component give: a reading of every object that they find, and one for each that finds none. */
export function probeReadings(
  component: ComponentSettings,
  snapshot: ClusterSnapshot,
  scope: ProbeScope,
): ObjectReading[] {
  return probesOf(component).flatMap((probe) => probeReading(probe, component, snapshot, scope));
}

function probeReading(
  probe: Probe,
  component: ComponentSettings,
  snapshot: ClusterSnapshot,
  { installedIn, isOfLayerAbove }: ProbeScope,
): ObjectReading[] {
  const selectors = selectorsOf(probe);
  const found = selectors.flatMap((selector) =>
    objectsOf(snapshot, typeOf(selector)).filter((object) => selects(selector, object, installedIn)),
  );
  const judged = probe.optional ? found.filter((object) => !isOfLayerAbove(object)) : [...new Set(found)];
  if (judged.length === 0) return nothingFound(probe, component, snapshot);
  const rule = PROBE_RULES[`${component.system}/${probe.probe}`] ?? judgeObject;
  return judged.map((object) => {
    if (wantsNothing(object)) return reading(object, 'degraded', 'spec.replicas is 0, but the component must run');
    return rule(object, relatedTo(snapshot, object));
  });
}

/** A kind that the API does not serve is missing also where no object of it must be: its system is not whole. */
function nothingFound(
  probe: Probe,
  { name: component }: ComponentSettings,
  snapshot: ClusterSnapshot,
): ObjectReading[] {
  const { kind, namespace, name = component } = probe;
  const identity = { kind, ...(namespace !== undefined && { namespace }), name };
  const types = selectorsOf(probe).map((selector) => typeKey(typeOf(selector)));
  if (types.every((type) => snapshot.notServed.includes(type))) {
    const type = typeOf(probe);
    const group = groupOf(type.apiVersion);
    const definition = isType(type) ? `${type.plural}.${group}` : `of ${kind} in ${group}`;
    return [missing(identity, `${component} needs the CRD ${definition}, but the API does not serve ${types[0]}`)];
  }
  if (probe.optional) return [];
  const otherwise = probe.or ? ', nor as another mode of its chart makes it' : '';
  return [missing(identity, `${component} must have it, but there is none with ${inWords(probe)}${otherwise}`)];
}

function selects(
  selector: WorkloadSelector,
  { metadata }: KubernetesObject,
  installedIn: readonly (string | undefined)[],
): boolean {
  const { namespace, name, labels = {} } = selector;
  return (
    (namespace === undefined || namespace === metadata.namespace || installedIn.includes(metadata.namespace)) &&
    (name === undefined || name === metadata.name) &&
    Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value)
  );
}

function wantsNothing(object: KubernetesObject): boolean {
  return (object.spec as { replicas?: number } | undefined)?.replicas === 0;
}

function inWords({ name, labels = {}, namespace }: WorkloadSelector): string {
  const parts = [
    ...(name === undefined ? [] : [`name ${name}`]),
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
  ];
  return `${parts.join(', ') || 'any name'}${namespace ? ` in namespace ${namespace}` : ''}`;
}
