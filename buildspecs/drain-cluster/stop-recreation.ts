import { CASCADE_FINALIZER, endOfAutomation, isDeleted, parentsFirst } from '../../domain/drain';
import { RESOURCE } from '../../domain/health/resource-types';
import { BUILD_RESOURCE } from '../../domain/kubernetes-types';
import { ROOT_NAME } from '../../domain/names';
import type { KubernetesApi, KubernetesObject } from '../../domain/ports/kubernetes';

/**
 * Keeps Argo CD from making again what is deleted next: first the controller of ApplicationSets (it would put the
 * automation of its Applications back), then parents, then children.
 */
export async function stopArgocd(kubernetes: KubernetesApi): Promise<void> {
  const sets = (await kubernetes.list(BUILD_RESOURCE.applicationSet)) ?? [];
  const applications = (await kubernetes.list(RESOURCE.application)) ?? [];
  if (sets.length > 0 && !(await stopSetController(kubernetes))) await dropSets(kubernetes, sets, applications);
  for (const application of parentsFirst(applications)) {
    const { name, namespace } = application.metadata;
    await kubernetes.patch(RESOURCE.application, name, namespace, endOfAutomation(application));
  }
}

/** @returns whether the controller of ApplicationSets runs in the cluster; EKS's managed Argo CD runs it outside. */
async function stopSetController(kubernetes: KubernetesApi): Promise<boolean> {
  const labelSelector = 'app.kubernetes.io/component=applicationset-controller';
  const controllers = (await kubernetes.list(RESOURCE.deployment, { labelSelector })) ?? [];
  for (const { metadata } of controllers) {
    await kubernetes.patch(RESOURCE.deployment, metadata.name, metadata.namespace, { spec: { replicas: 0 } });
  }
  return controllers.length > 0;
}

/** Deletes ApplicationSets and not what they made: an Application that is owned by none stays when its set goes. */
async function dropSets(
  kubernetes: KubernetesApi,
  sets: readonly KubernetesObject[],
  applications: readonly KubernetesObject[],
): Promise<void> {
  for (const { metadata } of applications.filter(({ metadata: { ownerReferences } }) => ownerReferences?.length)) {
    const orphan = { metadata: { ownerReferences: null } };
    await kubernetes.patch(RESOURCE.application, metadata.name, metadata.namespace, orphan);
  }
  for (const { metadata } of sets) {
    const bare = { metadata: { finalizers: null } };
    await kubernetes.patch(BUILD_RESOURCE.applicationSet, metadata.name, metadata.namespace, bare);
    await kubernetes.delete(BUILD_RESOURCE.applicationSet, metadata.name, metadata.namespace);
  }
}

/**
 * Deletes the Applications that are left, without what they made, where EKS's managed Argo CD watches them: its
 * capability is to be deleted after them. An Argo CD of the cluster's own ends with the cluster.
 */
export async function releaseManagedApplications(kubernetes: KubernetesApi): Promise<void> {
  const applications = (await kubernetes.list(RESOURCE.application)) ?? [];
  if (applications.length === 0) return;
  const labelSelector = 'app.kubernetes.io/component=application-controller';
  const own = (await kubernetes.list(RESOURCE.statefulSet, { labelSelector })) ?? [];
  if (own.length > 0) return;
  for (const { metadata } of parentsFirst(applications)) {
    await kubernetes.patch(RESOURCE.application, metadata.name, metadata.namespace, { metadata: { finalizers: null } });
    await kubernetes.delete(RESOURCE.application, metadata.name, metadata.namespace);
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
