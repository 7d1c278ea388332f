import { KubernetesRequestError, type KubernetesApi, type ResourceType } from '../../domain/ports/kubernetes';

/** An API server that answers, with two ways to be refused. */
export interface KubernetesUnderTest {
  readonly api: KubernetesApi;
  /** The same server, asked with a token that it does not know. */
  readonly stranger: KubernetesApi;
  /** A server that cannot be reached. */
  readonly unreachable: KubernetesApi;
}

const NAMESPACES: ResourceType = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
const CONFIG_MAPS: ResourceType = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const GADGETS: ResourceType = {
  apiVersion: 'gadgets.example.com/v1',
  kind: 'Gadget',
  plural: 'gadgets',
  namespaced: true,
};
const LATER_DEPLOYMENTS: ResourceType = {
  apiVersion: 'apps/v9',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};

function configMap(name: string, labels: Record<string, string> = {}) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'shop', labels },
    data: { greeting: 'hello' },
  };
}

/** What every Kubernetes API does. */
export function describeKubernetesContract(name: string, setup: () => Promise<KubernetesUnderTest>): void {
  describe(`${name} as a Kubernetes API`, () => {
    let under: KubernetesUnderTest;
    let api: KubernetesApi;

    beforeEach(async () => {
      under = await setup();
      ({ api } = under);
      await api.apply(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    });

    test('what is applied can be got, with an identity and a time of its own', async () => {
      await api.apply(CONFIG_MAPS, configMap('settings', { app: 'web' }));
      const object = await api.get(CONFIG_MAPS, 'settings', 'shop');
      expect(object).toMatchObject({ ...configMap('settings', { app: 'web' }), kind: 'ConfigMap' });
      expect(object?.metadata.uid).toBeTruthy();
      expect(Date.parse(object?.metadata.creationTimestamp ?? '')).not.toBeNaN();
    });

    test('applying again changes the object and keeps its identity; the drill is its field manager', async () => {
      const first = await api.apply(CONFIG_MAPS, configMap('settings'));
      const second = await api.apply(CONFIG_MAPS, { ...configMap('settings'), data: { greeting: 'bye' } });
      expect(second.metadata.uid).toBe(first.metadata.uid);
      expect(second['data']).toEqual({ greeting: 'bye' });
      expect(second.metadata.managedFields?.map(({ manager, operation }) => [manager, operation])).toEqual([
        ['cluster-drill', 'Apply'],
      ]);
    });

    test('lists are of one namespace or of all, by label, and their items know what they are', async () => {
      await api.apply(CONFIG_MAPS, configMap('a', { app: 'web', tier: 'front' }));
      await api.apply(CONFIG_MAPS, configMap('b', { app: 'db' }));
      const ofShop = (await api.list(CONFIG_MAPS, { namespace: 'shop', labelSelector: 'app in (web, db)' })) ?? [];
      expect(ofShop.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name])).toEqual([
        ['v1', 'ConfigMap', 'a'],
        ['v1', 'ConfigMap', 'b'],
      ]);
      const everywhere = await api.list(CONFIG_MAPS, { labelSelector: 'app=web,tier' });
      expect(everywhere?.map(({ metadata }) => metadata.name)).toEqual(['a']);
    });

    test('a namespace that does not exist has an empty list, a type that is not served has none', async () => {
      expect(await api.list(CONFIG_MAPS, { namespace: 'nowhere' })).toEqual([]);
      expect(await api.list(GADGETS)).toBeUndefined();
      expect(await api.list(LATER_DEPLOYMENTS)).toBeUndefined();
    });

    test('what a group and version serve is told by kind, without subresources; of others nothing', async () => {
      expect(await api.types('v1')).toContainEqual(CONFIG_MAPS);
      expect(await api.types('v1')).toContainEqual(NAMESPACES);
      const apps = await api.types('apps/v1');
      expect(apps).toContainEqual({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        plural: 'deployments',
        namespaced: true,
      });
      expect(apps.filter(({ plural }) => plural.includes('/'))).toEqual([]);
      expect(await api.types('apps/v9')).toEqual([]);
      expect(await api.types('gadgets.example.com/v1')).toEqual([]);
    });

    test('a merge patch sets, and null takes away', async () => {
      await api.apply(CONFIG_MAPS, configMap('settings'));
      const patched = await api.patch(CONFIG_MAPS, 'settings', 'shop', { data: { greeting: null, other: 'x' } });
      expect(patched?.['data']).toEqual({ other: 'x' });
    });

    test('an object with a finalizer is deleted when the finalizer is gone', async () => {
      const held = configMap('held');
      await api.apply(CONFIG_MAPS, { ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } });
      await api.delete(CONFIG_MAPS, 'held', 'shop');
      expect((await api.get(CONFIG_MAPS, 'held', 'shop'))?.metadata.deletionTimestamp).toBeTruthy();
      await api.patch(CONFIG_MAPS, 'held', 'shop', { metadata: { finalizers: null } });
      expect(await api.get(CONFIG_MAPS, 'held', 'shop')).toBeUndefined();
    });

    test('what does not exist can be got, patched and deleted without an error', async () => {
      expect(await api.get(CONFIG_MAPS, 'none', 'shop')).toBeUndefined();
      expect(await api.patch(CONFIG_MAPS, 'none', 'shop', { data: {} })).toBeUndefined();
      await api.delete(CONFIG_MAPS, 'none', 'shop');
      expect(await api.logs('shop', 'none', { lines: 10 })).toBe('');
    });

    test('applying a type that is not served is refused', async () => {
      const gadget = {
        apiVersion: 'gadgets.example.com/v1',
        kind: 'Gadget',
        metadata: { name: 'g', namespace: 'shop' },
      };
      const error: unknown = await api.apply(GADGETS, gadget).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(KubernetesRequestError);
      expect(error).toMatchObject({ status: 404 });
    });

    test('a token that is not known is unauthorized, a server that is not there unreachable', async () => {
      await expect(under.stranger.list(NAMESPACES)).rejects.toMatchObject({ kind: 'unauthorized' });
      await expect(under.unreachable.list(NAMESPACES)).rejects.toMatchObject({ kind: 'unreachable' });
    });
  });
}
