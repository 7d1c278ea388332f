import { findingsOf } from '../../domain/findings';
import { orderingFaultsOf } from '../../domain/order';
import type { DrillStory, Finding } from '../../domain/record';
import { layerTime, minute, sampleProgress, sampleRecord, sampleStory } from '../support/story';

type Healthy = Readonly<Record<string, number | undefined>>;

/** The foundation became healthy at minute 40, the platform's and the applications' components when `at` says. */
function storyWith(at: { readonly platform?: Healthy; readonly applications?: Healthy }): DrillStory {
  const progress = (layer: 'platform' | 'applications', healthy: Healthy = {}) =>
    sampleProgress(
      layer,
      Object.entries(healthy).map(([name, minutes]) => ({
        name,
        ...(minutes !== undefined && { healthyAt: minute(minutes) }),
      })),
    );
  return sampleStory({
    record: sampleRecord({
      layers: {
        cluster: layerTime('cluster', 5, 15),
        foundation: layerTime('foundation', 20, 20),
        platform: layerTime('platform', 40, 20),
      },
    }),
    layers: [
      sampleProgress('cluster', [{ name: 'nodes', healthyAt: minute(20) }]),
      sampleProgress('foundation', [{ name: 'traefik', healthyAt: minute(40) }]),
      progress('platform', at.platform),
      progress('applications', at.applications),
    ],
  });
}

test.each<[string, Parameters<typeof storyWith>[0], string[]]>([
  ['in order', { platform: { kyverno: 45, loki: 60 }, applications: { web: 70 } }, []],
  ['at the very second of the layer below', { platform: { kyverno: 40 } }, []],
  ['within the second to which objects round', { platform: { kyverno: 40 - 0.9 / 60 } }, []],
  ['without an instant of its own', { platform: { kyverno: undefined } }, []],
  ['one component early', { platform: { kyverno: 38, loki: 60 } }, ['platform kyverno']],
  ['two components early', { platform: { kyverno: 38, loki: 39, vault: 60 } }, ['platform kyverno', 'platform loki']],
  ['the whole layer early', { platform: { kyverno: 30, loki: 38 } }, ['platform layer']],
  ['a layer two above', { platform: { loki: 60 }, applications: { web: 59 } }, ['applications layer']],
])('%s', (_, at, expected) => {
  const faults = orderingFaultsOf(storyWith(at));
  expect(faults.map(({ layer, component }) => `${layer} ${component ?? 'layer'}`)).toEqual(expected);
});

test('a fault names both instants', () => {
  expect(orderingFaultsOf(storyWith({ platform: { kyverno: 38, loki: 60 } }))).toEqual([
    { layer: 'platform', component: 'kyverno', healthyAt: minute(38), below: 'foundation', belowHealthyAt: minute(40) },
  ]);
});

test('a layer whose one below never became healthy has no order', () => {
  const story = storyWith({ applications: { web: 10 } });
  const { platform: _never, ...layers } = story.record.layers;
  expect(orderingFaultsOf({ ...story, record: { ...story.record, layers } })).toEqual([]);
});

test('a component that was healthy early and is not healthy any more is no fault of order', () => {
  const story = storyWith({ platform: { kyverno: 38 } });
  const layers = story.layers.map((progress) => ({
    ...progress,
    components: progress.components.map((component) => ({ ...component, status: 'degraded' as const })),
  }));
  expect(orderingFaultsOf({ ...story, layers })).toEqual([]);
});

function ofOrder(story: DrillStory): Finding[] {
  return findingsOf(story).filter(({ id }) => id.startsWith('order/'));
}

test('it becomes a finding that keeps its id over drills, the layer graver than the component', () => {
  expect(ofOrder(storyWith({ platform: { kyverno: 38, loki: 60 } }))).toEqual([
    {
      id: 'order/platform/kyverno',
      severity: 'minor',
      title:
        'kyverno of the platform layer was healthy at 2026-10-05 06:38:00 UTC, 2m 00s before the foundation layer (2026-10-05 06:40:00 UTC)',
      mend: 'Make it wait for the foundation layer (sync wave or dependsOn), or list it in the layer that it belongs to.',
      layer: 'platform',
    },
  ]);
  expect(ofOrder(storyWith({ platform: { kyverno: 38 } }))).toMatchObject([
    {
      id: 'order/platform',
      severity: 'major',
      title:
        'The platform layer was healthy at 2026-10-05 06:38:00 UTC, 2m 00s before the foundation layer (2026-10-05 06:40:00 UTC)',
    },
  ]);
});
