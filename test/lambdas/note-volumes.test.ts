import { NOTED_VOLUMES } from '../../domain/inventory-scope';
import type { EksCluster } from '../../domain/ports/eks';
import { KubernetesUnavailableError, type KubernetesObject } from '../../domain/ports/kubernetes';
import { noteFailure } from '../../lambdas/note-failure/handler';
import { readLayerHealth } from '../../lambdas/read-layer-health/handler';
import { application, COMMIT, root } from '../domain/health/cluster-builder';
import { SECRETS } from '../domain/systems/secrets';
import { FakeKubernetes } from '../support/fake-kubernetes';
import { memoryHost, type MemoryHost } from '../support/memory-host';
import { openRecord } from '../support/open-record';
import { sampleSettings } from '../support/settings';
import { CLUSTER } from '../support/step-host';

const vault = SECRETS.find(({ system }) => system === 'vault')!;
const settings = sampleSettings();
const { platform } = settings.layers;
const components = [{ name: 'vault', application: 'vault', system: 'vault' }];
const record = openRecord({
  commit: COMMIT,
  settings: { ...settings, layers: { ...settings.layers, platform: { ...platform, components } } },
});
const { drillId } = record;
const volume = (id: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: `pvc-${id}`, annotations: { 'pv.kubernetes.io/provisioned-by': 'ebs.csi.aws.com' } },
  spec: { csi: { driver: 'ebs.csi.aws.com', volumeHandle: id } },
});

let host: MemoryHost;
let cluster: FakeKubernetes;
let volumeLists: number;

beforeEach(async () => {
  host = memoryHost();
  host.minutes = 0;
  cluster = new FakeKubernetes();
  volumeLists = 0;
  cluster.before = (call) => void (volumeLists += call === 'list PersistentVolume' ? 1 : 0);
  Object.assign(host, { eks: { cluster: async (): Promise<EksCluster> => CLUSTER, kubernetes: () => cluster } });
  await host.history.open(record, '2026-10-05T12:00:00.000Z');
});

/** One turn of the waiting loop, some minutes later, with these objects and volumes in the cluster. */
function turn(minutes: number, objects: readonly KubernetesObject[], ...ids: string[]) {
  host.minutes += minutes;
  const { creationTimestamp: _, ...metadata } = root(['vault']).metadata;
  const engine = [{ ...root(['vault']), metadata }, application('vault', { layer: 'platform' })].map(reconciled);
  cluster.objects.splice(0, Infinity, ...engine, ...objects, ...ids.map(volume));
  return readLayerHealth({ drillId, layer: 'platform' }, host);
}

function reconciled(object: KubernetesObject): KubernetesObject {
  return { ...object, status: { ...(object.status as object), reconciledAt: host.clock.now().toISOString() } };
}

const fail = () => noteFailure({ drillId, where: 'Read platform layer', error: { Error: 'LayerFailed' } }, host);
const noted = async (): Promise<unknown> => (await host.history.story(drillId))!.outputs[NOTED_VOLUMES]?.['volumeIds'];

test('a healthy layer notes its volumes with one list request, and not at every read', async () => {
  await turn(1, vault.progressing, 'vol-1');
  await turn(1, vault.healthy, 'vol-1');
  expect(volumeLists).toBe(0);
  expect(await turn(1, vault.healthy, 'vol-1')).toMatchObject({ status: 'healthy' });
  expect(volumeLists).toBe(1);
  expect(await noted()).toEqual(['vol-1']);
});

test('a layer that failed notes its volumes too', async () => {
  await turn(0, vault.broken);
  await turn(7, vault.broken);
  await expect(turn(1, vault.broken, 'vol-2')).rejects.toThrow('platform cannot become healthy');
  expect(await noted()).toEqual(['vol-2']);
});

test('a failure adds what has come since, and loses nothing', async () => {
  cluster.objects.push(volume('vol-1'));
  await fail();
  cluster.objects.splice(0, 1, volume('vol-2'));
  await fail();
  expect(await noted()).toEqual(['vol-1', 'vol-2']);
});

test('a cluster without volumes has none noted', async () => {
  await turn(1, vault.healthy);
  await turn(1, vault.healthy);
  expect(await noted()).toBeUndefined();
});

test('volumes that cannot be listed keep no layer from being healthy and no failure from being noted', async () => {
  cluster.before = (call) => {
    if (call === 'list PersistentVolume') throw new KubernetesUnavailableError('unauthorized', 'it may not');
  };
  await turn(1, vault.healthy);
  expect(await turn(1, vault.healthy)).toMatchObject({ status: 'healthy' });
  await fail();
  const [failure] = (await host.history.story(drillId))!.failures;
  expect(failure!.evidence).toHaveLength(1);
  expect(host.logs).toContain('the volumes of the cluster could not be noted: it may not');
});
