import { FIELD_MANAGER } from '../../domain/names';
import {
  KubernetesRequestError,
  KubernetesUnavailableError,
  type KubernetesApi,
  type KubernetesObject,
  type ResourceType,
} from '../../domain/ports/kubernetes';
import type { Clock } from '../../domain/clock';
import { typeKey } from '../../domain/health/resource-types';
import { labelSelector } from '../world/kubernetes/label-selector';
import { applied, mergePatch } from '../world/kubernetes/json-merge';

type Metadata = KubernetesObject['metadata'];

/** What controllers do when something happens to an object. */
export interface Controllers {
  applied(object: KubernetesObject): void;
  /** An object is asked to go; it goes by itself when nothing holds it. */
  deleted(object: KubernetesObject): void;
}

/** The objects of one Kubernetes API server, in memory. */
export class MemoryKubernetes {
  controllers: Controllers = { applied: () => {}, deleted: () => {} };
  private readonly served = new Map<string, Map<string, KubernetesObject>>();
  private readonly types: ResourceType[] = [];
  private made = 0;

  constructor(private readonly clock: Clock) {}

  serve(...types: readonly ResourceType[]): void {
    for (const type of types) if (!this.served.has(typeKey(type))) this.served.set(typeKey(type), new Map());
    this.types.push(...types);
  }

  /** The types of a group and version. */
  typesOf(apiVersion: string): readonly ResourceType[] {
    return this.types.filter((type) => type.apiVersion === apiVersion);
  }

  serves(type: { readonly apiVersion: string; readonly kind: string }): boolean {
    return this.served.has(typeKey(type));
  }

  all(type: { readonly apiVersion: string; readonly kind: string }): KubernetesObject[] {
    return [...(this.served.get(typeKey(type))?.values() ?? [])];
  }

  get(
    type: { readonly apiVersion: string; readonly kind: string },
    name: string,
    namespace?: string,
  ): KubernetesObject | undefined {
    return this.served.get(typeKey(type))?.get(nameKey(name, namespace));
  }

  /** Writes an object as it is, as a controller does. */
  put(object: KubernetesObject): void {
    const { name, namespace } = object.metadata;
    const metadata: Metadata = {
      uid: this.nextUid(),
      creationTimestamp: instant(this.clock),
      ...object.metadata,
    };
    this.served.get(typeKey(object))?.set(nameKey(name, namespace), { ...object, metadata });
  }

  apply(object: KubernetesObject): KubernetesObject {
    if (!this.serves(object)) {
      throw new KubernetesRequestError(404, 'NotFound', `the server does not serve ${typeKey(object)}`);
    }
    const { name, namespace } = object.metadata;
    const live = this.get(object, name, namespace);
    const merged = applied(live ?? {}, object) as KubernetesObject;
    const managedFields = [{ manager: FIELD_MANAGER, operation: 'Apply', time: instant(this.clock) }];
    this.put({ ...merged, metadata: { ...merged.metadata, managedFields } });
    const result = this.get(object, name, namespace)!;
    this.controllers.applied(result);
    return result;
  }

  patch(object: KubernetesObject, patch: unknown): KubernetesObject {
    const patched = mergePatch(object, patch) as KubernetesObject;
    this.put(patched);
    if (patched.metadata.deletionTimestamp !== undefined) this.letGo(patched);
    return patched;
  }

  /** Asks an object to go. */
  delete(object: KubernetesObject): void {
    if (object.metadata.deletionTimestamp !== undefined) return;
    const metadata = { ...object.metadata, deletionTimestamp: instant(this.clock) };
    const dying = { ...object, metadata };
    this.put(dying);
    this.controllers.deleted(dying);
    this.letGo(dying);
  }

  /** Takes an object away, whatever holds it. */
  remove({ apiVersion, kind, metadata }: KubernetesObject): void {
    this.served.get(typeKey({ apiVersion, kind }))?.delete(nameKey(metadata.name, metadata.namespace));
  }

  private letGo(object: KubernetesObject): void {
    if ((object.metadata.finalizers ?? []).length === 0) this.remove(object);
  }

  private nextUid(): string {
    this.made += 1;
    return `uid-${this.made}`;
  }
}

/** What keeps an API server from answering a caller now; undefined when nothing does. */
export type Obstacle = () => KubernetesUnavailableError | undefined;

/** The API of the objects, as a caller sees it. */
export function kubernetesApi(store: MemoryKubernetes, obstacle: Obstacle): KubernetesApi {
  const answer = async <Result>(work: () => Result): Promise<Result> => {
    const refusal = obstacle();
    if (refusal) throw refusal;
    return work();
  };
  return {
    types: (apiVersion) => answer(() => store.typesOf(apiVersion)),
    list: (type, options = {}) =>
      answer(() => {
        if (!store.serves(type)) return undefined;
        const { namespace, labelSelector: selector } = options;
        const selects = selector === undefined ? () => true : labelSelector(selector);
        return store
          .all(type)
          .filter(
            ({ metadata }) =>
              (namespace === undefined || metadata.namespace === namespace) && selects(metadata.labels ?? {}),
          );
      }),
    get: (type, name, namespace) => answer(() => store.get(type, name, namespace)),
    apply: (_type, object) => answer(() => store.apply(object)),
    patch: (type, name, namespace, patch) =>
      answer(() => {
        const object = store.get(type, name, namespace);
        return object && store.patch(object, patch);
      }),
    delete: (type, name, namespace) =>
      answer(() => {
        const object = store.get(type, name, namespace);
        if (object) store.delete(object);
      }),
    logs: () => answer(() => ''),
  };
}

function nameKey(name: string, namespace: string | undefined): string {
  return `${namespace ?? ''}/${name}`;
}

/** Kubernetes writes whole seconds. */
function instant(clock: Clock): string {
  return `${clock.now().toISOString().slice(0, 19)}Z`;
}
