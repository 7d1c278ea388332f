import type { Kind, KubernetesObject, KubernetesUnavailableError } from '../ports/kubernetes';
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
  /** Why a kind could not be listed although the API answers, by the same key. */
  readonly unread: Readonly<Record<string, string>>;
}

/** What the API gave for a kind: its objects, undefined when it is not served, an error when it could not be listed. */
export type Answer = readonly KubernetesObject[] | Error | undefined;

/** A read that failed: the API of the cluster did not answer, or did not let the drill in. */
export interface UnreadableCluster {
  readonly readAt: string;
  readonly unavailable: Pick<KubernetesUnavailableError, 'kind' | 'message'>;
}

/** Puts the answers of the API together. */
export function snapshotOf(readAt: string, answers: Iterable<readonly [Kind, Answer]>): ClusterSnapshot {
  const objects: Record<string, readonly KubernetesObject[]> = {};
  const notServed: string[] = [];
  const unread: Record<string, string> = {};
  for (const [kind, answer] of answers) {
    if (answer instanceof Error) unread[typeKey(kind)] = answer.message;
    else if (answer) objects[typeKey(kind)] = answer;
    else notServed.push(typeKey(kind));
  }
  return { readAt, objects, notServed, unread };
}

/** Two reads of the same cluster as one, of the time of the second. */
export function combined(first: ClusterSnapshot, second: ClusterSnapshot): ClusterSnapshot {
  return {
    readAt: second.readAt,
    objects: { ...first.objects, ...second.objects },
    notServed: [...first.notServed, ...second.notServed],
    unread: { ...first.unread, ...second.unread },
  };
}

export function objectsOf(snapshot: ClusterSnapshot, type: Kind): readonly KubernetesObject[] {
  return snapshot.objects[typeKey(type)] ?? [];
}

/** What names an object in another object's list. */
export interface ObjectIdentity {
  readonly group: string;
  /** As the list has it; an object is looked up by any version. */
  readonly version?: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Where an object is that something says it makes; undefined when its kind was not asked for. */
export type Lookup =
  | { readonly state: 'found'; readonly object: KubernetesObject }
  | { readonly state: 'absent' | 'not served' }
  | { readonly state: 'unread'; readonly why: string }
  | undefined;

/** Looks an object up by identity. */
export function lookUp(snapshot: ClusterSnapshot, identity: ObjectIdentity): Lookup {
  const lists = Object.entries(snapshot.objects).filter(([key]) => isOfKind(key, identity));
  const object = lists
    .flatMap(([, objects]) => objects)
    .find(({ metadata }) => metadata.name === identity.name && (metadata.namespace ?? '') === identity.namespace);
  if (object) return { state: 'found', object };
  if (lists.length > 0) return { state: 'absent' };
  const unread = Object.entries(snapshot.unread).find(([key]) => isOfKind(key, identity));
  if (unread) return { state: 'unread', why: unread[1] };
  return snapshot.notServed.some((key) => isOfKind(key, identity)) ? { state: 'not served' } : undefined;
}

/** Whether a key of a snapshot is of a kind, in whatever version. */
function isOfKind(key: string, { group, kind }: ObjectIdentity): boolean {
  const slash = key.lastIndexOf('/');
  return key.slice(slash + 1) === kind && groupOf(key.slice(0, slash)) === group;
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
