import { createHash } from 'node:crypto';
import type { AwsResource } from '../aws-resources';
import type { ClusterState, Stored, Task } from './cluster-state';
import { defaulted } from './defaults';
import { timestamp } from './instants';
import { applied } from './json-merge';
import { recordWriter, type Writer } from './managed-fields';
import { groupOf, isFields, type Manifest, type OwnerReference } from './manifest';
import { builtInKind, builtInPlural, builtInTypes, isBuiltInGroup, type ServedType } from './resource-types';
import type { Surroundings } from './surroundings';

/** What a controller wants to hear of. */
export interface Watcher {
  /** An object was created or its metadata or spec was written. */
  written(cluster: Cluster, stored: Stored, key: string): void;
  /** An object is gone. */
  removed(cluster: Cluster, stored: Stored, key: string): void;
}

const typeKeyOf = (group: string, kind: string): string => `${group}/${kind}`;
export const nameKeyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

/** The key of an object: `apps/Deployment|shop/web`. */
export function keyOf(object: Manifest): string {
  const { namespace, name } = object.metadata;
  return `${typeKeyOf(groupOf(object.apiVersion), object.kind)}|${nameKeyOf(namespace, name)}`;
}

/** How long a pod takes to end after it was deleted (its containers stop well within their grace period). */
const POD_TERMINATION_MS = 4000;

/**
 * One simulated cluster at work: its state at the instant `at`, and the few operations by which the API server and the
 * controllers change it. Nothing here runs by itself; `controllers.ts` works the agenda off.
 */
export class Cluster {
  /** The instant at which the controllers work. */
  at: number;

  constructor(
    readonly state: ClusterState,
    readonly eks: AwsResource,
    readonly around: Surroundings,
    private readonly watcher: Watcher,
  ) {
    this.at = state.workedUntil;
  }

  get name(): string {
    return this.state.name;
  }

  // Reading

  byKey(key: string): Stored | undefined {
    const bar = key.indexOf('|');
    const stored = this.state.objects[key.slice(0, bar)]?.[key.slice(bar + 1)];
    return stored && this.isThere(stored) ? stored : undefined;
  }

  find(group: string, kind: string, namespace: string | undefined, name: string): Stored | undefined {
    const stored = this.state.objects[typeKeyOf(group, kind)]?.[nameKeyOf(namespace, name)];
    return stored && this.isThere(stored) ? stored : undefined;
  }

  /** Objects of a type in order of their names, as etcd lists them. */
  all(group: string, kind: string, namespace?: string): Stored[] {
    const ofType = this.state.objects[typeKeyOf(group, kind)];
    if (!ofType) return [];
    return Object.entries(ofType)
      .filter(([, stored]) => this.isThere(stored) && (!namespace || stored.object.metadata.namespace === namespace))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, stored]) => stored);
  }

  /** The type by kind, built in or from a custom resource definition; undefined when it is not served. */
  typeOf(group: string, kind: string): ServedType | undefined {
    return builtInKind(group, kind) ?? this.customTypes(group).find((type) => type.kind === kind);
  }

  typeByPlural(group: string, plural: string): ServedType | undefined {
    return builtInPlural(group, plural) ?? this.customTypes(group).find((type) => type.plural === plural);
  }

  servesGroup(group: string): boolean {
    return isBuiltInGroup(group) || this.customTypes(group).length > 0;
  }

  /** Every type of a group, in whatever version. */
  typesOf(group: string): ServedType[] {
    return [...builtInTypes(group), ...this.customTypes(group)];
  }

  private customTypes(group: string): ServedType[] {
    return this.all('apiextensions.k8s.io', 'CustomResourceDefinition')
      .map(({ object }) => asServedType(object))
      .filter((type) => type.group === group);
  }

  private isThere(stored: Stored): boolean {
    return stored.bornAt <= this.at && (stored.goneAt === undefined || stored.goneAt > this.at);
  }

  // Writing

  create(manifest: Manifest, writer: Writer, bornAt = this.at): Stored {
    const object = defaulted(structuredClone(manifest), this);
    const key = keyOf(object);
    const { metadata } = object;
    metadata.uid = this.uid(`${key}@${bornAt}`);
    metadata.resourceVersion = String(++this.state.revision);
    metadata.creationTimestamp = timestamp(bornAt);
    if (object.spec && hasGeneration(object)) metadata.generation = 1;
    recordWriter(object, writer, manifest, bornAt);
    const stored: Stored = { object, bornAt };
    const bar = key.indexOf('|');
    (this.state.objects[key.slice(0, bar)] ??= {})[key.slice(bar + 1)] = stored;
    for (const owner of metadata.ownerReferences ?? []) this.adopt(owner, metadata.namespace, key);
    this.watcher.written(this, stored, key);
    return stored;
  }

  /** Replaces what clients may change (labels, annotations, finalizers, owners, spec, data); counts the generation. */
  write(stored: Stored, next: Manifest, writer: Writer, named: unknown = next): void {
    const { object } = stored;
    const { uid, creationTimestamp, deletionTimestamp, managedFields, generation } = object.metadata;
    const specChanged = JSON.stringify(next.spec) !== JSON.stringify(object.spec);
    stored.object = { ...next, metadata: { ...next.metadata } };
    Object.assign(stored.object.metadata, {
      uid,
      creationTimestamp,
      managedFields,
      ...(deletionTimestamp && { deletionTimestamp }),
      ...(generation !== undefined && { generation: generation + (specChanged ? 1 : 0) }),
    });
    recordWriter(stored.object, writer, named, this.at);
    this.bump(stored);
    if (this.endsDeletion(stored)) return;
    this.watcher.written(this, stored, keyOf(stored.object));
  }

  /** Creates the object, or sets the manifest's fields on the live one. */
  apply(manifest: Manifest, writer: Writer): { stored: Stored; outcome: 'created' | 'configured' | 'unchanged' } {
    const { namespace, name } = manifest.metadata;
    const live = this.find(groupOf(manifest.apiVersion), manifest.kind, namespace, name);
    if (!live) return { stored: this.create(manifest, writer), outcome: 'created' };
    const next = applied(live.object, manifest) as Manifest;
    if (JSON.stringify(next) === JSON.stringify(live.object)) return { stored: live, outcome: 'unchanged' };
    this.write(live, next, writer, manifest);
    return { stored: live, outcome: 'configured' };
  }

  /** Sets a status that a controller writes (where it is not derived from instants). */
  setStatus(stored: Stored, status: Manifest['status'], countsGeneration = false): void {
    if (status) stored.object.status = status;
    if (countsGeneration) stored.object.metadata.generation = (stored.object.metadata.generation ?? 0) + 1;
    this.bump(stored);
  }

  /** Something that shows in the object changed. */
  bump(stored: Stored): void {
    stored.object.metadata.resourceVersion = String(++this.state.revision);
  }

  /** Begins a deletion: at once, or once its finalizers are gone. */
  remove(stored: Stored, options: { readonly orphan?: boolean } = {}): void {
    const { metadata } = stored.object;
    if (stored.goneAt !== undefined || metadata.deletionTimestamp) return;
    if (options.orphan) delete stored.dependents;
    metadata.deletionTimestamp = timestamp(this.at);
    metadata.deletionGracePeriodSeconds = 0;
    if (metadata.generation !== undefined) metadata.generation += 1;
    this.bump(stored);
    if (this.endsDeletion(stored)) return;
    this.watcher.written(this, stored, keyOf(stored.object));
  }

  dropFinalizer(stored: Stored, finalizer: (name: string) => boolean): void {
    const { metadata } = stored.object;
    metadata.finalizers = (metadata.finalizers ?? []).filter((name) => !finalizer(name));
    if (metadata.finalizers.length === 0) delete metadata.finalizers;
    this.bump(stored);
    this.endsDeletion(stored);
  }

  private endsDeletion(stored: Stored): boolean {
    const { metadata, kind } = stored.object;
    if (!metadata.deletionTimestamp || (metadata.finalizers ?? []).length > 0 || kind === 'Namespace') return false;
    this.vanish(stored, kind === 'Pod' && stored.pod?.scheduledAt !== undefined ? POD_TERMINATION_MS : 0);
    return true;
  }

  /** The object ceases after some milliseconds, and its dependents with it. */
  vanish(stored: Stored, milliseconds: number): void {
    stored.goneAt = this.at + milliseconds;
    this.schedule(stored.goneAt, 'gone', keyOf(stored.object));
  }

  /** Forgets a ceased object and collects its dependents. */
  forget(key: string): void {
    const bar = key.indexOf('|');
    const ofType = this.state.objects[key.slice(0, bar)];
    const stored = ofType?.[key.slice(bar + 1)];
    if (!ofType || !stored || stored.goneAt === undefined || stored.goneAt > this.at) return;
    delete ofType[key.slice(bar + 1)];
    this.state.revision += 1;
    for (const dependent of stored.dependents ?? []) {
      const child = this.byKey(dependent);
      if (child) this.remove(child);
    }
    this.watcher.removed(this, stored, key);
  }

  schedule(at: number, task: string, key: string): void {
    insert(this.state.agenda, { at: Math.max(at, this.at), do: task, key });
  }

  after(milliseconds: number, task: string, key: string): void {
    this.schedule(this.at + milliseconds, task, key);
  }

  private adopt(owner: OwnerReference, namespace: string | undefined, key: string): void {
    const group = groupOf(owner.apiVersion);
    const stored =
      this.find(group, owner.kind, namespace, owner.name) ?? this.find(group, owner.kind, undefined, owner.name);
    if (stored) (stored.dependents ??= []).push(key);
  }

  private uid(name: string): string {
    const hex = createHash('sha256').update(`${this.around.chance.seed}/${this.state.name}/${name}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}

/** The reference that makes `stored` the controller of what carries it. */
export function controllerOf({ object }: Stored): OwnerReference {
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.metadata.name,
    uid: object.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Core objects without a controller of their own have no generation. */
function hasGeneration(object: Manifest): boolean {
  return groupOf(object.apiVersion) !== '' || object.kind === 'Pod';
}

function asServedType({ spec }: Manifest): ServedType {
  const { group, names, scope, versions } = spec as {
    group: string;
    names: { kind: string; plural: string };
    scope?: string;
    versions?: { name: string; served?: boolean }[];
  };
  return {
    group,
    kind: names.kind,
    plural: names.plural,
    namespaced: scope !== 'Cluster',
    versions: (versions ?? []).filter(({ served }) => served !== false).map(({ name }) => name),
  };
}

/** Keeps the agenda in order of time; what is due at the same instant stays in order of arrival. */
function insert(agenda: Task[], task: Task): void {
  let low = 0;
  let high = agenda.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (agenda[middle]!.at <= task.at) low = middle + 1;
    else high = middle;
  }
  agenda.splice(low, 0, task);
}

/** Labels of an object, never undefined. */
export function labelsOf(object: Manifest): Record<string, string> {
  return isFields(object.metadata.labels) ? object.metadata.labels : {};
}
