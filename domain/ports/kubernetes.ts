/** An object as the API server returns it. `kind` and `apiVersion` are always set (a raw list leaves them out of items). */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
    readonly managedFields?: readonly ManagedFields[];
    readonly [key: string]: unknown;
  };
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly [key: string]: unknown;
}

export interface ManagedFields {
  readonly manager: string;
  readonly operation: string;
  readonly time?: string;
  readonly subresource?: string;
}

/** A kind of object, such as `{ apiVersion: 'apps/v1', kind: 'Deployment' }`. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A kind with its place in the API, such as `deployments`. */
export interface ResourceType extends Kind {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Why the API server could not answer, apart from what it says of a single object. */
export class KubernetesUnavailableError extends Error {
  override readonly name = 'KubernetesUnavailableError';
  constructor(
    /** `unreachable`: no connection, timeout, 5xx; `unauthorized`: 401 or 403; `throttled`: 429. */
    readonly kind: 'unreachable' | 'unauthorized' | 'throttled',
    sentence: string,
    options?: ErrorOptions,
  ) {
    super(sentence, options);
  }
}

/** An answer of the API server that refuses one request (404 of a get is `undefined` instead). */
export class KubernetesRequestError extends Error {
  override readonly name = 'KubernetesRequestError';
  constructor(
    readonly status: number,
    /** `reason` of the Status object, or empty where the answer was plain text. */
    readonly reason: string,
    sentence: string,
  ) {
    super(sentence);
  }
}

/** The Kubernetes API of one cluster. All calls throw `KubernetesUnavailableError` when it does not answer. */
export interface KubernetesApi {
  /** The types of a group and version (`apps/v1`), as the API's discovery lists them; none where it serves no such version. */
  types(apiVersion: string): Promise<readonly ResourceType[]>;
  /**
   * All objects of a type (all pages), in one namespace or in all. Undefined when the API does not serve the type
   * (its CRD is not installed); an empty list when the namespace does not exist.
   */
  list(
    type: ResourceType,
    options?: { readonly namespace?: string; readonly labelSelector?: string },
  ): Promise<readonly KubernetesObject[] | undefined>;
  get(type: ResourceType, name: string, namespace?: string): Promise<KubernetesObject | undefined>;
  /** Server-side apply with the drill's field manager, forced. @throws KubernetesRequestError */
  apply(type: ResourceType, object: KubernetesObject): Promise<KubernetesObject>;
  /** JSON merge patch. @throws KubernetesRequestError; undefined when the object does not exist. */
  patch(
    type: ResourceType,
    name: string,
    namespace: string | undefined,
    patch: unknown,
  ): Promise<KubernetesObject | undefined>;
  /** Deletes in the background; nothing happens when it does not exist. */
  delete(type: ResourceType, name: string, namespace?: string): Promise<void>;
  /** The last lines of a container's log; empty when there is none (yet). */
  logs(
    namespace: string,
    pod: string,
    options: { readonly container?: string; readonly previous?: boolean; readonly lines: number },
  ): Promise<string>;
}
