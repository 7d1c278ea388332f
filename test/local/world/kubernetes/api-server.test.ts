import { ClusterUnreachableError } from '../../../../local/world/kubernetes/kubernetes-world';
import { recorded } from './shape';
import { tokenAt, WorldUnderTest, type Call } from './world-under-test';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';

function deployment(name: string, labels: Record<string, string> = {}): unknown {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', labels },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: 'example.com/app:1' }] },
      },
    },
  };
}

async function shop(...names: string[]): Promise<WorldUnderTest> {
  const world = new WorldUnderTest();
  await world.call('POST', '/api/v1/namespaces', {
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  });
  for (const name of names)
    await world.call('POST', DEPLOYMENTS, { body: deployment(name, { tier: name === 'web' ? 'front' : 'back' }) });
  return world;
}

interface RecordedAnswer {
  status: number;
  body: unknown;
}

describe('refusals are those of a real API server', () => {
  const cases: [recording: string, method: string, path: string, call: Call][] = [
    ['api-401-unknown-token', 'GET', DEPLOYMENTS, { token: 'unknown' }],
    ['api-403-anonymous', 'GET', DEPLOYMENTS, { token: null }],
    ['api-404-crd-kind-missing', 'GET', '/apis/helm.toolkit.fluxcd.io/v2/namespaces/flux-system/helmreleases', {}],
    ['api-404-object-not-found', 'GET', `${DEPLOYMENTS}/nope`, {}],
    ['api-404-namespace-missing-get', 'GET', '/apis/apps/v1/namespaces/absent/deployments/web', {}],
    ['api-404-resource-missing-in-known-group', 'GET', '/apis/apps/v1/gadgets', {}],
    ['api-404-version-missing-in-known-group', 'GET', '/apis/apps/v9/deployments', {}],
    ['api-400-bad-field-selector', 'GET', DEPLOYMENTS, { query: 'fieldSelector=spec.replicas%3D3' }],
    ['api-400-bad-label-selector', 'GET', DEPLOYMENTS, { query: 'labelSelector=a%3D%3D%3Db' }],
    ['api-405-method-not-allowed', 'POST', `${DEPLOYMENTS}/web`, {}],
    ['api-415-unsupported-media-type', 'PATCH', `${DEPLOYMENTS}/web`, { body: 'x', type: 'text/plain' }],
  ];
  test.each(cases)('%s', async (recording, method, path, call) => {
    const { status, body } = recorded<RecordedAnswer>(`kubernetes/${recording}`);
    const world = await shop('web');
    const answer = await world.call(method, path, call);
    expect({ status: answer.status, body: typeof body === 'string' ? answer.text : answer.body }).toEqual({
      status,
      body,
    });
  });

  test('an object that exists already is a conflict of its own reason', async () => {
    const { body } = recorded<RecordedAnswer>('kubernetes/api-409-already-exists');
    const world = await shop();
    const configMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-root-ca.crt', namespace: 'shop' },
    };
    await world.call('POST', '/api/v1/namespaces/shop/configmaps', { body: configMap });
    expect((await world.call('POST', '/api/v1/namespaces/shop/configmaps', { body: configMap })).body).toEqual(body);
  });

  test('a stale resource version is a conflict', async () => {
    const { body } = recorded<RecordedAnswer>('kubernetes/api-409-conflict-stale-resource-version');
    const world = await shop('web');
    const read = await world.get(`${DEPLOYMENTS}/web`);
    await world.patch(`${DEPLOYMENTS}/web`, { spec: { replicas: 2 } });
    expect((await world.call('PUT', `${DEPLOYMENTS}/web`, { body: read })).body).toEqual(body);
  });

  test('an invalid object is refused with its fields', async () => {
    const { body } = recorded<{ body: { message: string; reason: string } }>('kubernetes/api-422-invalid-object');
    const world = await shop();
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'bad' },
      spec: { ports: [{ port: 99_999_999 }] },
    };
    const answer = await world.call('POST', '/api/v1/namespaces/shop/services', { body: service });
    expect([answer.status, answer.body.message, answer.body.reason]).toEqual([422, body.message, body.reason]);
  });
});

describe('lists', () => {
  test('items carry no kind and no apiVersion', async () => {
    const world = await shop('web');
    const { body } = await world.call('GET', DEPLOYMENTS);
    expect(body).toMatchObject({ kind: 'DeploymentList', apiVersion: 'apps/v1' });
    expect(body.items?.map((item) => [item.metadata.name, 'kind' in item, 'apiVersion' in item])).toEqual([
      ['web', false, false],
    ]);
  });

  test('a namespace that does not exist has an empty list', async () => {
    const world = await shop('web');
    const answer = await world.call('GET', '/apis/apps/v1/namespaces/not-there/deployments');
    expect([answer.status, answer.body.items]).toEqual([200, []]);
  });

  test('pages follow each other without loss', async () => {
    const world = await shop('a', 'b', 'c', 'd', 'e');
    const names: string[] = [];
    let token = '';
    do {
      const { body } = await world.call('GET', DEPLOYMENTS, { query: `limit=2&continue=${token}` });
      names.push(...(body.items ?? []).map((item) => item.metadata.name));
      token = (body.metadata as { continue?: string }).continue ?? '';
    } while (token !== '');
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test.each([
    ['tier=front', ['web']],
    ['tier!=front', ['db', 'queue']],
    ['tier in (front, middle)', ['web']],
    ['tier notin (front)', ['db', 'queue']],
    ['tier,!canary', ['db', 'queue', 'web']],
  ])('label selector %s', async (selector, names) => {
    const world = await shop('db', 'queue', 'web');
    const items = await world.items(DEPLOYMENTS, `labelSelector=${encodeURIComponent(selector)}`);
    expect(items.map((item) => item.metadata.name)).toEqual(names);
  });

  test('a field selector finds one name', async () => {
    const world = await shop('db', 'web');
    const items = await world.items(DEPLOYMENTS, 'fieldSelector=metadata.name%3Dweb');
    expect(items.map((item) => item.metadata.name)).toEqual(['web']);
  });
});

describe('writes', () => {
  test('server-side apply creates and records its manager', async () => {
    const world = await shop();
    const answer = await world.apply(`${DEPLOYMENTS}/web`, deployment('web'));
    expect(answer.status).toBe(201);
    expect(answer.body.metadata.managedFields).toMatchObject([
      { manager: 'cluster-drill', operation: 'Apply', apiVersion: 'apps/v1' },
    ]);
  });

  test('a merge patch by kubectl leaves its trace and a new generation', async () => {
    const world = await shop('web');
    const answer = await world.patch(`${DEPLOYMENTS}/web`, { spec: { replicas: 2 } }, 'kubectl-patch/1');
    expect(answer.body.metadata.generation).toBe(2);
    expect(answer.body.metadata.managedFields?.map(({ manager, operation }) => `${manager}/${operation}`)).toContain(
      'kubectl-patch/Update',
    );
  });

  test('a JSON patch removes a field, and refuses a path that is not there', async () => {
    const world = await shop('web');
    const type = 'application/json-patch+json';
    const removed = await world.call('PATCH', `${DEPLOYMENTS}/web`, {
      type,
      body: [{ op: 'remove', path: '/metadata/labels/tier' }],
    });
    expect(removed.body.metadata.labels).toEqual({});
    const again = await world.call('PATCH', `${DEPLOYMENTS}/web`, {
      type,
      body: [{ op: 'remove', path: '/metadata/labels/tier' }],
    });
    expect(again.status).toBe(422);
  });

  test('a finalizer holds what is deleted until it is removed', async () => {
    const world = await shop();
    const path = '/api/v1/namespaces/shop/configmaps';
    await world.call('POST', path, {
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: ['example.com/hold'] } },
    });
    await world.call('DELETE', `${path}/held`);
    expect((await world.get(`${path}/held`)).metadata.deletionTimestamp).toBe('2026-10-05T04:00:00Z');
    await world.patch(`${path}/held`, { metadata: { finalizers: null } });
    expect((await world.call('GET', `${path}/held`)).status).toBe(404);
  });

  test('deleting a Deployment takes its pods along, unless they are orphaned', async () => {
    const world = await shop('web', 'kept');
    await world.minutes(10);
    await world.call('DELETE', `${DEPLOYMENTS}/web`, { body: { propagationPolicy: 'Background' } });
    await world.call('DELETE', `${DEPLOYMENTS}/kept`, { body: { propagationPolicy: 'Orphan' } });
    await world.minutes(1);
    const pods = await world.items('/api/v1/namespaces/shop/pods');
    expect(pods.map((pod) => pod.metadata.name.split('-')[0])).toEqual(['kept']);
  });

  test('a namespace goes when everything in it is gone', async () => {
    const world = await shop('web');
    await world.call('DELETE', '/api/v1/namespaces/shop');
    await world.minutes(1);
    expect((await world.call('GET', '/api/v1/namespaces/shop')).status).toBe(404);
    expect(await world.items('/apis/apps/v1/deployments', 'fieldSelector=metadata.namespace%3Dshop')).toEqual([]);
  });
});

describe('who may what', () => {
  test('a role with the view policy reads and does not write', async () => {
    const world = await shop('web');
    const cluster = world.aws.find('eks:cluster', 'drill-3f9a2c')!;
    cluster.attributes['accessEntries'] = { 'arn:aws:iam::000000000000:role/poller': ['AmazonEKSAdminViewPolicy'] };
    const token = tokenAt(world.clock.now().getTime(), 'poller');
    expect((await world.call('GET', DEPLOYMENTS, { token })).status).toBe(200);
    const denied = await world.call('DELETE', `${DEPLOYMENTS}/web`, { token });
    expect(denied.body.message).toBe(
      'deployments.apps "web" is forbidden: User "arn:aws:iam::000000000000:role/poller" cannot delete resource "deployments" in API group "apps" in the namespace "shop"',
    );
  });

  test('a role without an access entry is unauthorised', async () => {
    const world = await shop();
    expect(
      (await world.call('GET', DEPLOYMENTS, { token: tokenAt(world.clock.now().getTime(), 'stranger') })).status,
    ).toBe(401);
  });

  test('a token older than a quarter of an hour is refused', async () => {
    const world = await shop();
    const token = tokenAt(world.clock.now().getTime());
    await world.minutes(16);
    expect((await world.call('GET', DEPLOYMENTS, { token })).status).toBe(401);
  });
});

describe('reachability', () => {
  test('a cluster that is not active yet cannot be reached', async () => {
    const world = new WorldUnderTest();
    world.aws.find('eks:cluster', 'drill-3f9a2c')!.activeAt = '2026-10-05T05:00:00Z';
    await expect(world.call('GET', '/readyz')).rejects.toThrow(ClusterUnreachableError);
    await world.minutes(61);
    expect((await world.call('GET', '/readyz')).text).toBe('ok');
  });

  test('a deleted cluster and the fault cluster-unreachable cannot be reached', async () => {
    const world = new WorldUnderTest();
    world.aws.remove(world.aws.find('eks:cluster', 'drill-3f9a2c')!.arn, 60_000);
    await expect(world.call('GET', '/readyz')).rejects.toThrow(ClusterUnreachableError);
    const faulty = new WorldUnderTest(undefined, [{ kind: 'cluster-unreachable' }]);
    await expect(faulty.call('GET', '/readyz')).rejects.toThrow(ClusterUnreachableError);
  });
});
