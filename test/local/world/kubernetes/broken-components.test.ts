import { GITOPS_LAYERS, type GitopsLayer } from '../../../../domain/layers';
import { ROOT_NAME } from '../../../../domain/names';
import type { LayerProgress } from '../../../../domain/record';
import type { Fault } from '../../../../local/scenarios';
import { LONG } from '../../../support/long-tests';
import { EXAMPLE, exampleSettings, LayersUnderTest, type Engine } from './layers-under-test';

const ENGINES = ['argocd', 'flux'] as const;
const COMPONENTS = GITOPS_LAYERS.flatMap((layer) =>
  exampleSettings('argocd').layers[layer].components.map(({ name }) => ({ layer, name })),
);

interface Break {
  readonly edits?: Readonly<Record<string, string>>;
  readonly faults?: readonly Fault[];
}

/** The file that says which chart a component takes. */
function chartFile(engine: Engine, layer: GitopsLayer, name: string): string {
  return engine === 'argocd' ? `gitops/argocd/${layer}/${name}.yaml` : `gitops/flux/${layer}/${name}/release.yaml`;
}

function edit(path: string, from: RegExp, to: string): Break {
  const text = EXAMPLE[path]!;
  if (!from.test(text)) throw new Error(`${path} has no ${from.source}`);
  return { edits: { [path]: text.replace(from, to) } };
}

/** Ways to break a component, each with what the sentence must say beside its name. */
const BREAKS: Readonly<
  Record<string, { readonly says: RegExp; readonly how: (engine: Engine, layer: GitopsLayer, name: string) => Break }>
> = {
  'taken away': {
    says: /is listed in drill\.yaml for layer \w+, but the root at [0-9a-f]{7} makes no (Application|Kustomization)/,
    how: (engine, layer, name) =>
      edit(`gitops/${engine}/kustomization.yaml`, new RegExp(`^  - ${layer}/${name}\\.yaml\n`, 'm'), ''),
  },
  'at a version that does not exist': {
    says: /99\.0\.0|applications\/absent/,
    how: (engine, layer, name) =>
      name === 'web'
        ? edit(`gitops/${engine}/${layer}/web.yaml`, /applications\/web/, 'applications/absent')
        : edit(chartFile(engine, layer, name), /(targetRevision|version): \S+$/m, '$1: 99.0.0'),
  },
  'with a broken manifest': {
    says: /no-such-chart|image: Required value/,
    how: (engine, layer, name) =>
      name === 'web'
        ? edit('applications/web/deployment.yaml', /^ +image: .*\n/m, '')
        : edit(chartFile(engine, layer, name), /^( +)chart: \S+$/m, '$1chart: no-such-chart'),
  },
  'that crashes at every start': {
    // Flux takes a release away that does not come up; between two tries only its Kustomization tells.
    says: /CrashLoopBackOff|InstallFailed|HealthCheckFailed/,
    how: (_engine, _layer, component) => ({ faults: [{ kind: 'component-crashes', component }] }),
  },
};

const [, ...BROKEN_WAYS] = Object.keys(BREAKS);

const ALL = ENGINES.flatMap((engine) =>
  Object.keys(BREAKS).flatMap((how) => COMPONENTS.map(({ layer, name }) => ({ engine, how, layer, name }))),
);

/**
 * Each component is taken away with one engine and broken in one way with the other, so that every way is met and both
 * engines are; LONG=1 runs all of them.
 */
const CASES = ALL.filter(({ engine, how, name }) => {
  if (LONG) return true;
  const place = COMPONENTS.findIndex((component) => component.name === name);
  const isOdd = place % 2 === ENGINES.indexOf(engine);
  if (how === 'taken away') return isOdd;
  return !isOdd && how === BROKEN_WAYS[name === 'web' ? 1 : place % 3 === 1 ? 0 : 2];
});

/** Awaits the layers in order, as the Bootstrap machine does, up to the first that fails. */
async function firstFailure(layers: LayersUnderTest, expected: GitopsLayer): Promise<LayerProgress> {
  for (const layer of GITOPS_LAYERS) {
    // Seldom where nothing is to be seen, because a read costs more than the time between two.
    const progress = await layers.await(layer, layer === expected ? 2 : 5);
    if (progress.status !== 'healthy') return progress;
  }
  throw new Error('every layer became healthy');
}

test.each(CASES)('$engine: $name $how fails the $layer layer', async ({ engine, how, layer, name }) => {
  const { edits, faults } = BREAKS[how]!.how(engine, layer, name);
  const layers = await LayersUnderTest.install({ ...EXAMPLE, ...edits }, exampleSettings(engine), faults);
  const progress = await firstFailure(layers, layer);
  expect(progress).toMatchObject({ layer, status: 'failed' });
  // The root only repeats what its child says.
  const broken = progress.components.filter((one) => one.status === 'failed' && one.name !== ROOT_NAME);
  expect(broken.map((component) => component.name)).toEqual([name]);
  expect(progress.reason).toMatch(new RegExp(`${layer} cannot become healthy: ${name} is failed`));
  expect(progress.reason).toMatch(BREAKS[how]!.says);
});
