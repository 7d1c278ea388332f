import { CASCADE_FINALIZER, endOfAutomation, isDeleted, parentsFirst } from '../../domain/drain';
import { RESOURCE } from '../../domain/health/resource-types';
import { BUILD_RESOURCE } from '../../domain/kubernetes-types';
import { ROOT_NAME } from '../../domain/names';
import type { KubernetesApi } from '../../domain/ports/kubernetes';

/**
 * Keeps Argo CD from making again what is deleted next: first the controller of ApplicationSets (it would put the
 * automation of its Applications back), then parents, then children.
 */
export async function stopArgocd(kubernetes: KubernetesApi): Promise<void> {
  const sets = (await kubernetes.list(BUILD_RESOURCE.applicationSet)) ?? [];
  if (sets.length > 0) {
    const labelSelector = 'app.kubernetes.io/component=applicationset-controller';
    for (const { metadata } of (await kubernetes.list(RESOURCE.deployment, { labelSelector })) ?? []) {
      await kubernetes.patch(RESOURCE.deployment, metadata.name, metadata.namespace, { spec: { replicas: 0 } });
    }
  }
  const applications = (await kubernetes.list(RESOURCE.application)) ?? [];
  for (const application of parentsFirst(applications)) {
    const { name, namespace } = application.metadata;
    await kubernetes.patch(RESOURCE.application, name, namespace, endOfAutomation(application));
  }
}

/** Deletes the Applications of the upper layers with everything they made. */
export async function deleteApplications(kubernetes: KubernetesApi): Promise<void> {
  const applications = (await kubernetes.list(RESOURCE.application)) ?? [];
  for (const { metadata } of applications.filter(isDeleted)) {
    const finalizers = [...new Set([...(metadata.finalizers ?? []), CASCADE_FINALIZER])];
    if (metadata.deletionTimestamp === undefined) {
      await kubernetes.patch(RESOURCE.application, metadata.name, metadata.namespace, { metadata: { finalizers } });
    }
    await kubernetes.delete(RESOURCE.application, metadata.name, metadata.namespace);
  }
}

/**
 * Takes the platform out of Flux's hands: the root first, or it would make its children again; then the upper layers
 * with everything they made, and the foundation without. A Kustomization is never suspended: a suspended one is not
 * pruned when it is deleted. The foundation's HelmReleases are: they stay, but may not put back what is deleted.
 */
export async function deleteKustomizations(kubernetes: KubernetesApi): Promise<void> {
  const kustomizations = (await kubernetes.list(RESOURCE.kustomization)) ?? [];
  const rootFirst = kustomizations.toSorted(
    (a, b) => Number(b.metadata.name === ROOT_NAME) - Number(a.metadata.name === ROOT_NAME),
  );
  for (const kustomization of rootFirst) {
    const { name, namespace } = kustomization.metadata;
    if (!isDeleted(kustomization)) {
      await kubernetes.patch(RESOURCE.kustomization, name, namespace, { spec: { deletionPolicy: 'Orphan' } });
    }
    await kubernetes.delete(RESOURCE.kustomization, name, namespace);
  }
  const deleted = new Set(kustomizations.filter(isDeleted).map(({ metadata }) => metadata.name));
  for (const { metadata } of (await kubernetes.list(RESOURCE.helmRelease)) ?? []) {
    const goes = metadata.deletionTimestamp !== undefined || deleted.has(metadata.labels?.[OWNER_LABEL] ?? '');
    if (goes) continue;
    await kubernetes.patch(RESOURCE.helmRelease, metadata.name, metadata.namespace, { spec: { suspend: true } });
  }
}

/** By which Flux marks what a Kustomization made. */
const OWNER_LABEL = 'kustomize.toolkit.fluxcd.io/name';
