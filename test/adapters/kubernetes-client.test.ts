import { KubernetesClient } from '../../adapters/kubernetes-client';
import { KubernetesTransport } from '../../adapters/kubernetes-transport';
import {
  KubernetesRequestError,
  KubernetesUnavailableError,
  type KubernetesObject,
  type ResourceType,
} from '../../domain/ports/kubernetes';
import { apiServer, recordedAnswer, type ApiServer, type CannedAnswer, type SeenRequest } from '../support/api-server';

const DEPLOYMENTS: ResourceType = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};
const NODES: ResourceType = { apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false };

let server: ApiServer;
let answer: (request: SeenRequest) => CannedAnswer | undefined;
let minted = 0;

beforeAll(async () => {
  server = await apiServer((request) => answer(request));
});

beforeEach(() => {
  server.requests.length = 0;
  minted = 0;
});

afterAll(async () => {
  await server.close();
});

function client(changes: { endpoint?: string; certificateAuthority?: string } = {}): KubernetesClient {
  const { endpoint, certificateAuthority } = server;
  return new KubernetesClient({
    endpoint,
    certificateAuthority,
    token: async () => `token-${(minted += 1)}`,
    ...changes,
  });
}

function replay(name: string): void {
  const recorded = recordedAnswer(name);
  answer = () => recorded;
}

function list(names: readonly string[], more?: string): CannedAnswer {
  const items = names.map((name) => ({ metadata: { name } }));
  return { status: 200, body: { kind: 'DeploymentList', metadata: { continue: more }, items } };
}

function namesOf(objects: readonly KubernetesObject[] | undefined): string[] | undefined {
  return objects?.map(({ metadata }) => metadata.name);
}

describe('listing', () => {
  test('items of a raw list get the kind and apiVersion that the API leaves out', async () => {
    const { continue: _, ...metadata } = { continue: '', resourceVersion: '1' };
    const recorded = recordedAnswer('api-200-list-raw-items-have-no-kind');
    answer = () => ({ ...recorded, body: { ...(recorded.body as object), metadata } });
    const objects = await client().list(DEPLOYMENTS, { namespace: 'fluxapps' });
    expect(objects?.map(({ apiVersion, kind, metadata: { name } }) => [apiVersion, kind, name])).toEqual([
      ['apps/v1', 'Deployment', 'fx-ok'],
      ['apps/v1', 'Deployment', 'fx-prune'],
    ]);
  });

  test('all pages are read, with the token of the page before and a bearer token for each request', async () => {
    const first = recordedAnswer('api-200-list-page-one-continue');
    answer = ({ url }) => (url.includes('continue=') ? list(['last']) : first);
    const objects = await client().list(DEPLOYMENTS, { namespace: 'shop', labelSelector: 'app in (a,b),!old' });
    expect(objects?.at(-1)?.metadata.name).toBe('last');
    expect(objects).toHaveLength(3);
    expect(server.requests.map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
    const [one, two] = server.requests.map(({ url }) => new URL(url, server.endpoint));
    expect(one?.pathname).toBe('/apis/apps/v1/namespaces/shop/deployments');
    expect(Object.fromEntries(one!.searchParams)).toEqual({ limit: '500', labelSelector: 'app in (a,b),!old' });
    expect(two?.searchParams.get('continue')).toBe(
      'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6NDYwMSwic3RhcnQiOiIvY3Jhc2hcdTAwMDAifQ',
    );
    expect(two?.searchParams.get('labelSelector')).toBe('app in (a,b),!old');
  });

  test('a list whose token expired is begun again, and its first half is not repeated', async () => {
    const expired = recordedAnswer('api-410-expired-continue-token');
    const answers = [list(['a'], 'old'), expired, list(['a'], 'new'), list(['b'])];
    answer = () => answers.shift();
    expect(namesOf(await client().list(DEPLOYMENTS))).toEqual(['a', 'b']);
    expect(server.requests.map(({ url }) => new URL(url, server.endpoint).searchParams.get('continue'))).toEqual([
      null,
      'old',
      null,
      'new',
    ]);
  });

  test('a list that keeps expiring ends with the answer of the API server', async () => {
    replay('api-410-expired-continue-token');
    await expect(client().list(DEPLOYMENTS)).rejects.toMatchObject({ status: 410, reason: 'Expired' });
    expect(server.requests).toHaveLength(3);
  });

  test.each([
    'api-404-crd-kind-missing',
    'api-404-resource-missing-in-known-group',
    'api-404-version-missing-in-known-group',
  ])('a type that is not served gives undefined (%s)', async (name) => {
    replay(name);
    expect(await client().list(DEPLOYMENTS)).toBeUndefined();
  });

  test('a namespace that does not exist gives an empty list', async () => {
    replay('api-200-namespace-missing-list-is-empty');
    expect(await client().list(DEPLOYMENTS, { namespace: 'not-there' })).toEqual([]);
  });
});

describe('paths', () => {
  test.each<[string, (api: KubernetesClient) => Promise<unknown>, string]>([
    ['a core type of the whole cluster', (api) => api.get(NODES, 'ip-10-0-0-1'), '/api/v1/nodes/ip-10-0-0-1'],
    [
      'a namespaced object',
      (api) => api.get(DEPLOYMENTS, 'web', 'shop'),
      '/apis/apps/v1/namespaces/shop/deployments/web',
    ],
    ['a name with a colon', (api) => api.get(NODES, 'system:x/y'), '/api/v1/nodes/system%3Ax%2Fy'],
    ['a namespace given for a type without one', (api) => api.get(NODES, 'a', 'shop'), '/api/v1/nodes/a'],
  ])('%s', async (_, ask, path) => {
    answer = () => ({ status: 200, body: { kind: 'X', apiVersion: 'v1', metadata: {} } });
    await ask(client());
    expect(server.requests[0]?.url).toBe(path);
  });

  test('a path in the endpoint is kept', async () => {
    answer = () => list([]);
    await client({ endpoint: `${server.endpoint}/clusters/drill-a1b2c3/` }).list(NODES);
    expect(server.requests[0]?.url).toBe('/clusters/drill-a1b2c3/api/v1/nodes?limit=500');
  });
});

describe('single objects', () => {
  test.each(['api-404-object-not-found', 'api-404-namespace-missing-get', 'api-404-crd-kind-missing'])(
    'getting, patching and deleting what is not there is no error (%s)',
    async (name) => {
      replay(name);
      expect(await client().get(DEPLOYMENTS, 'nope', 'shop')).toBeUndefined();
      expect(await client().patch(DEPLOYMENTS, 'nope', 'shop', {})).toBeUndefined();
      expect(await client().delete(DEPLOYMENTS, 'nope', 'shop')).toBeUndefined();
    },
  );

  test('applying is a forced server-side apply by the field manager of the drill', async () => {
    answer = ({ body }) => ({ status: 201, body });
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'wéb', namespace: 'shop' } };
    expect(await client().apply(DEPLOYMENTS, object)).toEqual(object);
    expect(server.requests[0]).toMatchObject({
      method: 'PATCH',
      url: '/apis/apps/v1/namespaces/shop/deployments/w%C3%A9b?fieldManager=cluster-drill&force=true',
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
  });

  test('patching is a JSON merge patch', async () => {
    answer = () => ({ status: 200, body: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } } });
    await client().patch(NODES, 'a', undefined, { metadata: { finalizers: null } });
    expect(server.requests[0]).toMatchObject({
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { metadata: { finalizers: null } },
    });
  });

  test('deleting lets the API server delete dependents in the background', async () => {
    answer = () => ({ status: 200, body: { kind: 'Status', status: 'Success' } });
    await client().delete(DEPLOYMENTS, 'web', 'shop');
    expect(server.requests[0]).toMatchObject({ method: 'DELETE', body: { propagationPolicy: 'Background' } });
  });

  test('the log of a container is its text, and empty while there is none', async () => {
    answer = () => ({ status: 200, body: 'one\ntwo\n' });
    const options = { container: 'app', previous: true, lines: 50 };
    expect(await client().logs('shop', 'web-1', options)).toBe('one\ntwo\n');
    expect(server.requests[0]?.url).toBe(
      '/api/v1/namespaces/shop/pods/web-1/log?tailLines=50&container=app&previous=true',
    );
    answer = () => ({ status: 400, body: { kind: 'Status', reason: 'BadRequest', message: 'is waiting to start' } });
    expect(await client().logs('shop', 'web-1', { lines: 5 })).toBe('');
  });
});

describe('refusals', () => {
  test.each([
    ['api-401-unknown-token', 'unauthorized'],
    ['api-403-anonymous', 'unauthorized'],
    ['api-403-forbidden-user', 'unauthorized'],
    ['api-403-forbidden-cluster-scope', 'unauthorized'],
    ['api-429-priority-and-fairness', 'throttled'],
    ['api-503-aggregated-api-unavailable', 'unreachable'],
    ['api-504-resource-version-in-future', 'unreachable'],
  ])('%s makes the API unavailable: %s', async (name, kind) => {
    replay(name);
    const error: unknown = await client()
      .list(DEPLOYMENTS)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KubernetesUnavailableError);
    expect(error).toMatchObject({ kind, message: expect.stringContaining('GET /apis/apps/v1/deployments') });
  });

  test.each([
    ['api-409-conflict-stale-resource-version', 409, 'Conflict'],
    ['api-409-server-side-apply-field-conflict', 409, 'Conflict'],
    ['api-422-invalid-object', 422, 'Invalid'],
    ['api-429-eviction-blocked-by-pdb', 429, 'TooManyRequests'],
    ['api-404-crd-kind-missing', 404, ''],
  ])('%s refuses one request', async (name, status, reason) => {
    replay(name);
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } };
    const error: unknown = await client()
      .apply(DEPLOYMENTS, object)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KubernetesRequestError);
    expect(error).toMatchObject({ status, reason });
  });

  test('an answer that is no JSON makes the API unavailable', async () => {
    answer = () => ({ status: 200, body: '<html>maintenance</html>' });
    await expect(client().get(NODES, 'a')).rejects.toMatchObject({ kind: 'unreachable' });
  });
});

describe('the connection', () => {
  test('is kept open from one request to the next', async () => {
    answer = () => list([]);
    const api = client();
    await api.list(NODES);
    await api.list(NODES);
    expect(server.requests[0]?.port).toBe(server.requests[1]?.port);
  });

  test('that the server closed while idle is opened anew without an error', async () => {
    answer = () => list(['a']);
    const api = client();
    await api.list(NODES);
    server.server.closeIdleConnections();
    expect(namesOf(await api.list(NODES))).toEqual(['a']);
  });

  test('to a server that is not there makes the API unreachable, with the endpoint and why', async () => {
    const gone = await apiServer(() => list([]));
    await gone.close();
    await expect(client({ endpoint: gone.endpoint }).list(NODES)).rejects.toMatchObject({
      name: 'KubernetesUnavailableError',
      kind: 'unreachable',
      message: expect.stringMatching(/https:\/\/127\.0\.0\.1:\d+ did not answer GET .*ECONNREFUSED/),
    });
  });

  test('to a server with another certificate authority is refused', async () => {
    const other = await apiServer(() => list([]));
    const { certificateAuthority } = other;
    await expect(client({ certificateAuthority }).list(NODES)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(server.requests).toEqual([]);
    await other.close();
  });

  test('on which the server stays silent is given up', async () => {
    answer = () => undefined;
    const { endpoint, certificateAuthority } = server;
    const connection = { endpoint, certificateAuthority, token: async () => 'token' };
    const api = new KubernetesClient(connection, new KubernetesTransport(connection, 50));
    await expect(api.list(NODES)).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('silent for 0.05 s'),
    });
  });

  test('that breaks in the middle of an answer makes the API unreachable', async () => {
    const broken = await apiServer((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"items":');
      setImmediate(() => response.socket?.destroy());
      return undefined;
    });
    const { endpoint, certificateAuthority } = broken;
    await expect(client({ endpoint, certificateAuthority }).list(NODES)).rejects.toMatchObject({
      kind: 'unreachable',
    });
    await broken.close();
  });
});
