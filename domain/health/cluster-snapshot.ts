import type { KubernetesObject, KubernetesUnavailableError, ResourceType } from '../ports/kubernetes';
import { groupOf } from './judge-object';
import type { Related } from './object-reading';
import { RESOURCE, typeKey } from './resource-types';

/** What one read of the cluster gave: all objects of the types that were asked for. */
export interface ClusterSnapshot {
  readonly readAt: string;
  /** By type, as `typeKey` writes it, such as `apps/v1/Deployment`. A type that is not served has no entry. */
  readonly objects: Readonly<Record<string, readonly KubernetesObject[]>>;
  /** Types that the API does not serve (their CRD is not installed), by the same key. */
  readonly notServed: readonly string[];
}

/** A read that failed: the API of the cluster did not answer, or did not let the drill in. */
export interface UnreadableCluster {
  readonly readAt: string;
  readonly unavailable: Pick<KubernetesUnavailableError, 'kind' | 'message'>;
}

/** Puts the answers of `KubernetesApi.list` together; undefined is the answer for a type that is not served. */
export function snapshotOf(
  readAt: string,
  answers: Iterable<readonly [ResourceType, readonly KubernetesObject[] | undefined]>,
): ClusterSnapshot {
  const objects: Record<string, readonly KubernetesObject[]> = {};
  const notServed: string[] = [];
  for (const [type, list] of answers) {
    if (list) objects[typeKey(type)] = list;
    else notServed.push(typeKey(type));
  }
  return { readAt, objects, notServed };
}

export function objectsOf(snapshot: ClusterSnapshot, type: ResourceType): readonly KubernetesObject[] {
  return snapshot.objects[typeKey(type)] ?? [];
}

/** What names an object in another object's list: versions are left out, they differ between writer and reader. */
export interface ObjectIdentity {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Looks an object up by identity.
 * @returns undefined when its type was not read, `absent` when it was read and the object is not there
 */
export function findObject(
  snapshot: ClusterSnapshot,
  identity: ObjectIdentity,
): KubernetesObject | 'absent' | undefined {
  let wasRead = false;
  for (const [key, objects] of Object.entries(snapshot.objects)) {
    const [kind, apiVersion] = [key.slice(key.lastIndexOf('/') + 1), key.slice(0, key.lastIndexOf('/'))];
    if (kind !== identity.kind || groupOf(apiVersion) !== identity.group) continue;
    wasRead = true;
    const found = objects.find(
      ({ metadata }) => metadata.name === identity.name && (metadata.namespace ?? '') === identity.namespace,
    );
    if (found) return found;
  }
  return wasRead ? 'absent' : undefined;
}

/** What the rules may look at beside an object of the namespace. */
export function relatedTo(snapshot: ClusterSnapshot, object: KubernetesObject): Related {
  const { namespace } = object.metadata;
  return {
    pods: objectsOf(snapshot, RESOURCE.pod).filter(({ metadata }) => metadata.namespace === namespace),
    nodes: objectsOf(snapshot, RESOURCE.node),
    storageClasses: objectsOf(snapshot, RESOURCE.storageClass),
  };
}
