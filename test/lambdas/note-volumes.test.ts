import { NOTED_VOLUMES } from '../../domain/inventory-scope';
import { KubernetesUnavailableError, type KubernetesObject } from '../../domain/ports/kubernetes';
import { noteFailure } from '../../lambdas/note-failure/handler';
import { drillId, vault, vaultPlatform } from './vault-platform';

const volume = (id: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: `pvc-${id}`, annotations: { 'pv.kubernetes.io/provisioned-by': 'ebs.csi.aws.com' } },
  spec: { csi: { driver: 'ebs.csi.aws.com', volumeHandle: id } },
});

let platform: Awaited<ReturnType<typeof vaultPlatform>>;
let volumeLists: number;

beforeEach(async () => {
  platform = await vaultPlatform();
  volumeLists = 0;
  platform.cluster.before = (call) => void (volumeLists += call === 'list PersistentVolume' ? 1 : 0);
});

/** One turn of the waiting loop, some minutes later, with these objects and volumes in the cluster. */
function turn(minutes: number, objects: readonly KubernetesObject[], ...ids: string[]) {
  return platform.turn(minutes, [...objects, ...ids.map(volume)]);
}

const fail = () =>
  noteFailure({ drillId, where: 'Read platform layer', error: { Error: 'LayerFailed' } }, platform.host);
const noted = async (): Promise<unknown> =>
  (await platform.host.history.story(drillId))!.outputs[NOTED_VOLUMES]?.['volumeIds'];

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
  platform.cluster.objects.push(volume('vol-1'));
  await fail();
  platform.cluster.objects.splice(0, 1, volume('vol-2'));
  await fail();
  expect(await noted()).toEqual(['vol-1', 'vol-2']);
});

test('a cluster without volumes has none noted', async () => {
  await turn(1, vault.healthy);
  await turn(1, vault.healthy);
  expect(await noted()).toBeUndefined();
});

test('volumes that cannot be listed keep no layer from being healthy and no failure from being noted', async () => {
  platform.cluster.before = (call) => {
    if (call === 'list PersistentVolume') throw new KubernetesUnavailableError('unauthorized', 'it may not');
  };
  await turn(1, vault.healthy);
  expect(await turn(1, vault.healthy)).toMatchObject({ status: 'healthy' });
  await fail();
  const [failure] = (await platform.host.history.story(drillId))!.failures;
  expect(failure!.evidence).toHaveLength(1);
  expect(platform.host.logs).toContain('the volumes of the cluster could not be noted: it may not');
});
