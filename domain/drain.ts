import type { Layer } from './layers';
import { LABEL, ROOT_NAME } from './names';
import type { KubernetesObject } from './ports/kubernetes';

/**
 * What *Drain cluster* decides, apart from doing it. The order: nothing may make again what is deleted; load balancers
 * and volumes go while the controllers that clean up after them still run; the controllers go with the cluster.
 */

/** By which a provisioner marks the volumes that it made itself. */
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

/**
 * EBS volumes that the cluster made for its PersistentVolumes. Without a cluster's tag on them, nothing else ties them
 * to the drill later. A PersistentVolume that somebody wrote for a volume which was there before is none of them.
 */
export function volumeIdsOf(volumes: readonly KubernetesObject[]): string[] {
  const made = volumes.filter(({ metadata }) => metadata.annotations?.[PROVISIONED_BY] !== undefined);
  const ids = made.flatMap((volume) => {
    const { csi, awsElasticBlockStore: inTree } = (volume.spec ?? {}) as {
      csi?: { driver?: string; volumeHandle?: string };
      awsElasticBlockStore?: { volumeID?: string };
    };
    const handle = csi?.driver === 'ebs.csi.aws.com' ? csi.volumeHandle : inTree?.volumeID?.split('/').pop();
    return handle === undefined ? [] : [handle];
  });
  return [...new Set(ids)].toSorted();
}

/** A PersistentVolume whose EBS volume goes with its claim. */
export function isReclaimed(volume: KubernetesObject): boolean {
  const { persistentVolumeReclaimPolicy } = (volume.spec ?? {}) as { persistentVolumeReclaimPolicy?: string };
  return persistentVolumeReclaimPolicy === 'Delete' && volumeIdsOf([volume]).length > 0;
}

export function isLoadBalancer(service: KubernetesObject): boolean {
  return (service.spec as { type?: string } | undefined)?.type === 'LoadBalancer';
}

/**
 * Whether a webhook configuration can keep objects from being deleted: it fails closed and is answered by pods of the
 * cluster, which the draining takes away. What EKS itself registers is answered outside the cluster.
 */
export function isBlockingWebhook(configuration: KubernetesObject): boolean {
  return blockingServicesOf(configuration).length > 0;
}

/** The services of the cluster that answer a configuration's webhooks which fail closed. */
export function blockingServicesOf(
  configuration: KubernetesObject,
): readonly { readonly name: string; readonly namespace: string }[] {
  const webhooks = (configuration['webhooks'] ?? []) as {
    failurePolicy?: string;
    clientConfig?: { service?: { name?: string; namespace?: string } };
  }[];
  return webhooks.flatMap(({ failurePolicy, clientConfig }) => {
    const service = clientConfig?.service;
    if (failurePolicy === 'Ignore' || service === undefined) return [];
    return { name: service.name ?? '', namespace: service.namespace ?? '' };
  });
}

type Conditions = readonly { type?: string; status?: string; message?: string }[];

function conditionsOf({ status }: KubernetesObject): Conditions {
  return (status as { conditions?: Conditions } | undefined)?.conditions ?? [];
}

/** A namespace that is being deleted. */
export function isTerminating({ metadata }: KubernetesObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** A namespace that cannot go because some API cannot say what is in it (an aggregated API without a server). */
export function isDiscoveryFailing(namespace: KubernetesObject): boolean {
  const fails = conditionsOf(namespace).some(
    ({ type, status }) => type === 'NamespaceDeletionDiscoveryFailure' && status === 'True',
  );
  return isTerminating(namespace) && fails;
}

/** An aggregated API whose server is in the cluster and does not answer. */
export function isUnavailableApi(api: KubernetesObject): boolean {
  const isAvailable = conditionsOf(api).some(({ type, status }) => type === 'Available' && status === 'True');
  return (api.spec as { service?: unknown } | undefined)?.service != null && !isAvailable;
}

/** What a namespace that does not go says of itself. */
export function stuckNamespaceOf(namespace: KubernetesObject): string {
  const said = conditionsOf(namespace).filter(({ status, message }) => status === 'True' && message);
  return said.map(({ message }) => message).join('; ') || 'it does not say why';
}

/** Applications in the order in which their automation ends: parents first, or they would put their children's back. */
export function parentsFirst(applications: readonly KubernetesObject[]): KubernetesObject[] {
  return applications.toSorted((a, b) => generationOf(a) - generationOf(b));
}

function generationOf(application: KubernetesObject): number {
  if (application.metadata.name === ROOT_NAME) return 0;
  const { resources } = (application.status ?? {}) as { resources?: { kind?: string }[] };
  return resources?.some(({ kind }) => kind === 'Application' || kind === 'ApplicationSet') ? 1 : 2;
}

/**
 * The change that ends an Application's automation: no automated sync, nothing requested, and what runs is terminated
 * (Applications have no status subresource; `argocd app terminate-op` writes the same).
 */
export function endOfAutomation(application: KubernetesObject): object {
  const { operationState } = (application.status ?? {}) as { operationState?: { phase?: string } };
  return {
    operation: null,
    spec: { syncPolicy: { automated: null } },
    ...(operationState?.phase === 'Running' ? { status: { operationState: { phase: 'Terminating' } } } : {}),
  };
}

/** Layers whose units are deleted with everything they made; the foundation below stays to clean up after them. */
const DELETED_LAYERS: readonly Layer[] = ['applications', 'platform'];

/** Whether an Application or Kustomization is deleted with all that it made. */
export function isDeleted(unit: KubernetesObject): boolean {
  const layer = unit.metadata.labels?.[LABEL.layer];
  return unit.metadata.name !== ROOT_NAME && DELETED_LAYERS.some((deleted) => deleted === layer);
}

/** Argo CD deletes what an Application made only when it carries this finalizer. */
export const CASCADE_FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** `Service web/web`, for sentences. */
export function titleOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}
