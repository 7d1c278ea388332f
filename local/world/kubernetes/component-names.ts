import type { Manifest } from './manifest';
import { TRACKING_ANNOTATION } from './gitops/ownership';

/**
 * The names under which a scenario or the table of durations may know a workload, most telling first: its own, those of
 * its labels, and those of the release, Application or Kustomization that brought it.
 */
export function componentNamesOf({ metadata }: Manifest): string[] {
  const labels = metadata.labels ?? {};
  const annotations = metadata.annotations ?? {};
  return [
    metadata.name,
    labels['app.kubernetes.io/component'],
    labels['app.kubernetes.io/name'],
    labels['app'],
    labels['k8s-app'],
    labels['app.kubernetes.io/instance'],
    annotations['meta.helm.sh/release-name'],
    annotations[TRACKING_ANNOTATION]?.split(':')[0],
    labels['kustomize.toolkit.fluxcd.io/name'],
  ].filter((name) => name !== undefined);
}
