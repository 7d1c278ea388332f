import type { EksCluster } from '../../domain/ports/eks';
import type { KubernetesObject } from '../../domain/ports/kubernetes';
import type { ManualStep } from '../../domain/record';
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
const unseal: ManualStep = {
  name: 'unseal-vault',
  source: 'declared',
  status: 'declared',
  layer: 'platform',
  component: 'vault',
  description: 'Unseal Vault with three of the five key shares.',
};

let host: MemoryHost;
let cluster: FakeKubernetes;

beforeEach(async () => {
  host = memoryHost();
  host.minutes = 0;
  cluster = new FakeKubernetes();
  const eks = { cluster: async (): Promise<EksCluster> => CLUSTER, kubernetes: () => cluster };
  Object.assign(host, { eks });
  await host.history.open(record, '2026-10-05T12:00:00.000Z');
});

/** One turn of the waiting loop, some minutes later, with these objects in the cluster. */
function turn(minutes: number, objects: readonly KubernetesObject[]) {
  host.minutes += minutes;
  const { creationTimestamp: _, ...metadata } = root(['vault']).metadata;
  const engine = [{ ...root(['vault']), metadata }, application('vault', { layer: 'platform' })].map(reconciled);
  cluster.objects.splice(0, Infinity, ...engine, ...objects);
  return readLayerHealth({ drillId: record.drillId, layer: 'platform' }, host);
}

/** Argo CD looked at it just now; an Application that nobody has looked at for long is not believed. */
function reconciled(object: KubernetesObject): KubernetesObject {
  return { ...object, status: { ...(object.status as object), reconciledAt: host.clock.now().toISOString() } };
}

const step = async (): Promise<ManualStep | undefined> =>
  (await host.history.story(record.drillId))?.manualSteps.find(({ name }) => name === unseal.name);
const confirm = async (): Promise<void> =>
  host.history.put(record.drillId, [
    {
      type: 'manual-step',
      item: { ...unseal, status: 'waiting', requestedAt: host.clock.now().toISOString(), taskToken: 't' },
    },
  ]);

describe('a Vault that is not initialised', () => {
  test('asks its person once it runs, and not before', async () => {
    await host.history.put(record.drillId, [{ type: 'manual-step', item: unseal }]);
    expect(await turn(0, vault.progressing)).toMatchObject({ status: 'progressing' });
    expect(await turn(5, vault.broken)).toEqual({
      status: 'awaiting-manual-step',
      waitSeconds: 0,
      reason: 'waits for a person: Unseal Vault with three of the five key shares.',
      manualStep: 'unseal-vault',
      manualStepSeconds: 7200,
    });
  });

  test('is waited for again when its step is done, with patience from then on', async () => {
    await host.history.put(record.drillId, [{ type: 'manual-step', item: unseal }]);
    await turn(5, vault.broken);
    await confirm();
    expect(await turn(60, vault.also!['sealed']!)).toMatchObject({ status: 'progressing' });
    expect((await step())?.status).toBe('confirmed');
    await turn(1, vault.healthy);
    expect(await turn(1, vault.healthy)).toMatchObject({ status: 'healthy' });
  });

  test('needs nobody when it unseals itself in time', async () => {
    await host.history.put(record.drillId, [{ type: 'manual-step', item: unseal }]);
    await turn(0, vault.progressing);
    await turn(5, vault.healthy);
    expect(await turn(1, vault.healthy)).toMatchObject({ status: 'healthy' });
    expect((await step())?.status).toBe('declared');
  });

  test('fails its layer where no step is declared for it, with what somebody would have to do', async () => {
    await turn(0, vault.broken);
    await turn(4, vault.broken);
    await turn(3, vault.broken);
    await expect(turn(1, vault.broken)).rejects.toThrow(
      'platform cannot become healthy: vault is failed (degraded for 8 min: StatefulSet vault/vault: Vault is not initialised (pod vault-0 says vault-initialized=false): somebody must run vault operator init; usually a fresh Vault is sealed until somebody initialises it, unless it unseals itself)',
    );
  });
});
