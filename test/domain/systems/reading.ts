import { CATALOGUE } from '../../../domain/catalogue-entries';
import { probeReadings } from '../../../domain/health/component-probes';
import { judgeLayer } from '../../../domain/health/judge-layer';
import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import type { ComponentReading, ObjectReading } from '../../../domain/record';
import type { ComponentSettings } from '../../../domain/settings';
import { sampleSettings } from '../../support/settings';
import { application, clusterOf, COMMIT, NOW, root } from '../health/cluster-builder';

/** What the drill says of a system as a component of its layer, installed by an Application that is synced and healthy. */
export function componentReading(
  system: string,
  objects: readonly KubernetesObject[],
  overrides: Partial<ComponentSettings> = {},
): ComponentReading {
  const { layer } = CATALOGUE[system]!;
  const settings = sampleSettings();
  const components = [{ name: system, application: system, system, ...overrides }];
  const layers = { ...settings.layers, [layer]: { ...settings.layers[layer], components } };
  const snapshot = clusterOf(root([system]), application(system, { layer }), ...objects);
  const reading = judgeLayer({ layer, settings: { ...settings, layers }, commit: COMMIT, now: NOW, snapshot });
  return reading.components[0]!;
}

/** Every object that the system's probes read, found or missed. */
export function objectReadings(system: string, objects: readonly KubernetesObject[]): readonly ObjectReading[] {
  const component = { name: system, application: system, system };
  return probeReadings(component, clusterOf(...objects), { installedIn: [], isOfLayerAbove: () => false });
}
