import { FIELD_MANAGER } from '../domain/names';
import {
  KubernetesRequestError,
  type KubernetesApi,
  type KubernetesObject,
  type ResourceType,
} from '../domain/ports/kubernetes';
import { isTypeNotServed, refusal, type KubernetesAnswer } from './kubernetes-answer';
import { KubernetesTransport, type KubernetesConnection, type KubernetesRequest } from './kubernetes-transport';

/** What kubectl asks for at a time, too: large enough for one page in most drills, small for the API server. */
const PAGE_SIZE = 500;
/** A list whose continue token expired is begun again; a list that expires this often is not going to end. */
const LIST_ATTEMPTS = 3;
const GONE = 410;

/** An APIResourceList: subresources are among its resources, as `deployments/status`. */
interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

interface ListPage {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly KubernetesObject[] | null;
}

/**
 * The Kubernetes API of one cluster over HTTPS, written by hand: the official client costs 1.2 MB and 60 ms of every
 * cold start, and does not run on all Node versions that this project supports.
 */
export class KubernetesClient implements KubernetesApi {
  private readonly transport: Pick<KubernetesTransport, 'send'>;

  constructor(connection: KubernetesConnection, transport?: Pick<KubernetesTransport, 'send'>) {
    this.transport = transport ?? new KubernetesTransport(connection);
  }

  async types(apiVersion: string): Promise<readonly ResourceType[]> {
    const request = { method: 'GET', path: groupPath(apiVersion) } as const;
    const answer = await this.transport.send(request);
    if (answer.status === 404) return [];
    const { resources = [] } = bodyOf(answer, request) as ResourceList;
    return resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, namespaced }) => ({ apiVersion, kind, plural: name, namespaced }));
  }

  async list(
    type: ResourceType,
    options: { readonly namespace?: string; readonly labelSelector?: string } = {},
  ): Promise<readonly KubernetesObject[] | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.listOnce(type, options);
      } catch (error) {
        const expired = error instanceof KubernetesRequestError && error.status === GONE;
        if (!expired || attempt === LIST_ATTEMPTS) throw error;
      }
    }
  }

  /** All pages of one consistent list. The token that comes with a 410 would give an inconsistent one: not used. */
  private async listOnce(
    type: ResourceType,
    options: { readonly namespace?: string; readonly labelSelector?: string },
  ): Promise<readonly KubernetesObject[] | undefined> {
    const objects: KubernetesObject[] = [];
    let token: string | undefined;
    do {
      const query = new URLSearchParams({
        limit: String(PAGE_SIZE),
        ...(options.labelSelector !== undefined && { labelSelector: options.labelSelector }),
        ...(token !== undefined && { continue: token }),
      });
      const request = { method: 'GET', path: `${pathOf(type, undefined, options.namespace)}?${query}` } as const;
      const answer = await this.transport.send(request);
      if (isTypeNotServed(answer)) return undefined;
      const page = bodyOf(answer, request) as ListPage;
      for (const item of page.items ?? []) objects.push(typed(item, type));
      token = page.metadata?.continue || undefined;
    } while (token !== undefined);
    return objects;
  }

  async get(type: ResourceType, name: string, namespace?: string): Promise<KubernetesObject | undefined> {
    const request = { method: 'GET', path: pathOf(type, name, namespace) } as const;
    const answer = await this.transport.send(request);
    return answer.status === 404 ? undefined : typed(bodyOf(answer, request) as KubernetesObject, type);
  }

  async apply(type: ResourceType, object: KubernetesObject): Promise<KubernetesObject> {
    const { name, namespace } = object.metadata;
    const query = new URLSearchParams({ fieldManager: FIELD_MANAGER, force: 'true' });
    const request: KubernetesRequest = {
      method: 'PATCH',
      path: `${pathOf(type, name, namespace)}?${query}`,
      // JSON is YAML, and every API server since 1.16 knows this type.
      contentType: 'application/apply-patch+yaml',
      body: object,
    };
    return typed(bodyOf(await this.transport.send(request), request) as KubernetesObject, type);
  }

  async patch(
    type: ResourceType,
    name: string,
    namespace: string | undefined,
    patch: unknown,
  ): Promise<KubernetesObject | undefined> {
    const query = new URLSearchParams({ fieldManager: FIELD_MANAGER });
    const request: KubernetesRequest = {
      method: 'PATCH',
      path: `${pathOf(type, name, namespace)}?${query}`,
      contentType: 'application/merge-patch+json',
      body: patch,
    };
    const answer = await this.transport.send(request);
    return answer.status === 404 ? undefined : typed(bodyOf(answer, request) as KubernetesObject, type);
  }

  async delete(type: ResourceType, name: string, namespace?: string): Promise<void> {
    const request: KubernetesRequest = {
      method: 'DELETE',
      path: pathOf(type, name, namespace),
      body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' },
    };
    const answer = await this.transport.send(request);
    if (answer.status !== 404) bodyOf(answer, request);
  }

  async logs(
    namespace: string,
    pod: string,
    options: { readonly container?: string; readonly previous?: boolean; readonly lines: number },
  ): Promise<string> {
    const query = new URLSearchParams({
      tailLines: String(options.lines),
      ...(options.container !== undefined && { container: options.container }),
      ...(options.previous && { previous: 'true' }),
    });
    const path = `${pathOf(PODS, pod, namespace)}/log?${query}`;
    const answer = await this.transport.send({ method: 'GET', path });
    // 400 says that the container has not started, or has no previous run: no log (yet).
    if (answer.status === 400 || answer.status === 404) return '';
    if (answer.status >= 300) throw refusal(answer, `GET ${path}`);
    return answer.text;
  }
}

const PODS: ResourceType = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };

/** `/api/v1` for the core group, `/apis/<group>/<version>` for the others. */
function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function pathOf(type: ResourceType, name?: string, namespace?: string): string {
  const scope = type.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupPath(type.apiVersion)}${scope}/${type.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** The JSON of a good answer. @throws what `refusal` makes of any other. */
function bodyOf(answer: KubernetesAnswer, request: Pick<KubernetesRequest, 'method' | 'path'>): unknown {
  const { method, path } = request;
  if (answer.status < 200 || answer.status >= 300) throw refusal(answer, `${method} ${path}`);
  try {
    return JSON.parse(answer.text) as unknown;
  } catch {
    // A proxy in between may answer 200 with a page of its own.
    throw refusal({ status: 502, text: `no JSON: ${answer.text.slice(0, 100)}` }, `${method} ${path}`);
  }
}

/** The items of a raw list leave their kind and apiVersion out. */
function typed(object: KubernetesObject, type: ResourceType): KubernetesObject {
  return object.kind && object.apiVersion ? object : { ...object, apiVersion: type.apiVersion, kind: type.kind };
}
