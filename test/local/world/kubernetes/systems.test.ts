import { CATALOGUE } from '../../../../domain/catalogue-entries';
import { GITOPS_LAYERS, type GitopsLayer } from '../../../../domain/layers';
import { orderingFaultsOf } from '../../../../domain/order';
import type { LayerProgress } from '../../../../domain/record';
import type { ComponentSettings, Settings } from '../../../../domain/settings';
import { sampleRecord } from '../../../support/story';
import { EXAMPLE, exampleSettings, LayersUnderTest, type Engine } from './layers-under-test';

/** The example with every alternative chosen: the mark of each comment that is a line of a list is taken away. */
function everythingChosen(engine: Engine): Record<string, string> {
  const root = `gitops/${engine}/kustomization.yaml`;
  return { ...EXAMPLE, [root]: EXAMPLE[root]!.replaceAll(/^( +)# - (\S+\.yaml|name: \S+)$/gm, '$1- $2') };
}

/** The components of a layer's folder. */
function componentsOf(engine: Engine, layer: GitopsLayer): ComponentSettings[] {
  const files = Object.keys(EXAMPLE).map((path) =>
    new RegExp(`^gitops/${engine}/${layer}/([\\w-]+)\\.yaml$`).exec(path),
  );
  return files.flatMap((match) => {
    const name = match?.[1];
    if (name === undefined) return [];
    return [{ name, application: name, ...(CATALOGUE[name] && { system: name }) }];
  });
}

function settingsOf(engine: Engine): Settings {
  const settings = exampleSettings(engine);
  const [foundation, platform] = (['foundation', 'platform'] as const).map((layer) => ({
    ...settings.layers[layer],
    components: componentsOf(engine, layer),
  }));
  return { ...settings, layers: { ...settings.layers, foundation: foundation!, platform: platform! } };
}

test.each(['argocd', 'flux'] as const)(
  'with all systems chosen, %s brings the platform up layer by layer, each as the catalogue wants it',
  async (engine) => {
    const settings = settingsOf(engine);
    // A fresh Vault is sealed: without the person it would never be ready.
    const person = { kind: 'person-confirms', afterSeconds: 500 } as const;
    const layers = await LayersUnderTest.install(everythingChosen(engine), settings, [person]);
    const ends: LayerProgress[] = [];
    for (const layer of GITOPS_LAYERS) ends.push(await layers.await(layer, 3));
    expect(ends.map(({ status, reason }) => [status, reason])).toEqual(
      GITOPS_LAYERS.map((layer) => [
        'healthy',
        `${layer} is healthy: ${settings.layers[layer].components.map(({ name }) => name).join(', ')}`,
      ]),
    );
    expect(faultsIn(ends)).toEqual([]);
  },
);

test('an application that does not wait for the layer below is a fault of order, by the instants of both', async () => {
  const root = EXAMPLE['gitops/flux/kustomization.yaml']!.replace('cluster-drill/layer=applications', 'waits=never');
  const layers = await LayersUnderTest.install(
    { ...EXAMPLE, 'gitops/flux/kustomization.yaml': root },
    exampleSettings('flux'),
  );
  const ends: LayerProgress[] = [];
  for (const layer of GITOPS_LAYERS) ends.push(await layers.await(layer, 3));
  const [fault] = faultsIn(ends);
  expect(faultsIn(ends)).toHaveLength(1);
  expect(fault).toMatchObject({ layer: 'applications', below: 'platform' });
  expect(Date.parse(fault!.healthyAt)).toBeLessThan(Date.parse(fault!.belowHealthyAt) - 10 * 60_000);
});

/** The faults of order among layers that all became healthy. */
function faultsIn(ends: readonly LayerProgress[]) {
  const times = ends.flatMap(({ layer, time }) => (time ? [[layer, time] as const] : []));
  const record = sampleRecord({ layers: Object.fromEntries(times) });
  return orderingFaultsOf({ record, layers: ends });
}

test('a Vault that nobody unseals holds its layer up, and says what it waits for', async () => {
  const settings = settingsOf('argocd');
  const layers = await LayersUnderTest.install(onlyVault(), {
    ...settings,
    layers: { ...settings.layers, platform: { ...settings.layers.platform, components: [VAULT] } },
  });
  const { status, reason } = await layers.await('platform', 3);
  expect(status).toBe('failed');
  expect(reason).toMatch(/platform cannot become healthy: vault is failed \(.*Vault is sealed or not initialised/);
});

const VAULT = { name: 'vault', application: 'vault', system: 'vault' };

/** A root that makes Vault and nothing else. */
function onlyVault(): Record<string, string> {
  return { ...EXAMPLE, 'gitops/argocd/kustomization.yaml': 'resources: [platform/vault.yaml]\n' };
}
