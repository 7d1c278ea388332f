import type { ManualStep } from '../../domain/record';
import { drillId, vault, vaultPlatform } from './vault-platform';

const unseal: ManualStep = {
  name: 'unseal-vault',
  source: 'declared',
  status: 'declared',
  layer: 'platform',
  component: 'vault',
  description: 'Unseal Vault with three of the five key shares.',
};

let host: Awaited<ReturnType<typeof vaultPlatform>>['host'];
let turn: Awaited<ReturnType<typeof vaultPlatform>>['turn'];

beforeEach(async () => {
  ({ host, turn } = await vaultPlatform());
});

const step = async (): Promise<ManualStep | undefined> =>
  (await host.history.story(drillId))?.manualSteps.find(({ name }) => name === unseal.name);
const confirm = async (): Promise<void> =>
  host.history.put(drillId, [
    {
      type: 'manual-step',
      item: { ...unseal, status: 'waiting', requestedAt: host.clock.now().toISOString(), taskToken: 't' },
    },
  ]);

describe('a Vault that is not initialised', () => {
  test('asks its person once it runs, and not before', async () => {
    await host.history.put(drillId, [{ type: 'manual-step', item: unseal }]);
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
    await host.history.put(drillId, [{ type: 'manual-step', item: unseal }]);
    await turn(5, vault.broken);
    await confirm();
    expect(await turn(60, vault.also!['sealed']!)).toMatchObject({ status: 'progressing' });
    expect((await step())?.status).toBe('confirmed');
    await turn(1, vault.healthy);
    expect(await turn(1, vault.healthy)).toMatchObject({ status: 'healthy' });
  });

  test('needs nobody when it unseals itself in time', async () => {
    await host.history.put(drillId, [{ type: 'manual-step', item: unseal }]);
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
