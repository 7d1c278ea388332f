import type { Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { groupOf, type Manifest } from '../manifest';

/** By which Argo CD (annotation tracking, the default since 3.0) knows what belongs to an Application. */
export const TRACKING_ANNOTATION = 'argocd.argoproj.io/tracking-id';

export const FLUX_LABELS = {
  kustomization: { name: 'kustomize.toolkit.fluxcd.io/name', namespace: 'kustomize.toolkit.fluxcd.io/namespace' },
  helmRelease: { name: 'helm.toolkit.fluxcd.io/name', namespace: 'helm.toolkit.fluxcd.io/namespace' },
} as const;

/** `<application>:<group>/<Kind>:<namespace>/<name>`. */
export function trackingId(application: string, { apiVersion, kind, metadata }: Manifest): string {
  return `${application}:${groupOf(apiVersion)}/${kind}:${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Tells whoever applied an object that its health may have changed. */
export function wakeOwners(cluster: Cluster, { object }: Stored): void {
  const labels = object.metadata.labels ?? {};
  const application = object.metadata.annotations?.[TRACKING_ANNOTATION]?.split(':')[0];
  // A watch event reaches Argo CD's controller and leaves it as a status within some 100 ms (series-app-of-apps-…).
  if (application) cluster.after(100, 'application-health', `argoproj.io/Application|argocd/${application}`);
  for (const [kind, keys] of Object.entries(FLUX_LABELS)) {
    const name = labels[keys.name];
    if (!name) continue;
    const type =
      kind === 'kustomization' ? 'kustomize.toolkit.fluxcd.io/Kustomization' : 'helm.toolkit.fluxcd.io/HelmRelease';
    cluster.after(100, 'flux-health', `${type}|${labels[keys.namespace] ?? ''}/${name}`);
  }
  for (const owner of object.metadata.ownerReferences ?? []) {
    const group = groupOf(owner.apiVersion);
    const stored = cluster.find(group, owner.kind, object.metadata.namespace, owner.name);
    if (stored) wakeOwners(cluster, stored);
  }
}
