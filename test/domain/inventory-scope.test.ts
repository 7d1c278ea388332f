import { inventoryScopeOf, NOTED_VOLUMES, volumesNotedIn } from '../../domain/inventory-scope';
import type { DrillStory, Leak } from '../../domain/record';
import { sampleRecord } from '../support/story';

const story = (outputs: DrillStory['outputs'], leaks: readonly Leak[] = []): DrillStory => ({
  record: sampleRecord(),
  layers: [],
  spans: [],
  manualSteps: [],
  failures: [],
  findings: [],
  readiness: [],
  leaks: [...leaks],
  outputs,
});
const leaked: Leak = {
  arn: 'arn:aws:ec2:eu-central-1:000000000000:volume/vol-4',
  type: 'ec2:volume',
  reason: 'tag',
  status: 'found',
};

test.each<[string, DrillStory, string[]]>([
  ['nobody has seen any', story({}), []],
  ['Drain cluster has seen some', story({ 'drain-cluster': { volumeIds: ['vol-1'] } }), ['vol-1']],
  ['they were noted before', story({ [NOTED_VOLUMES]: { volumeIds: ['vol-2'] } }), ['vol-2']],
  [
    'each has seen some of them',
    story({ 'drain-cluster': { volumeIds: ['vol-1', 'vol-2'] }, [NOTED_VOLUMES]: { volumeIds: ['vol-2', 'vol-3'] } }, [
      leaked,
    ]),
    ['vol-1', 'vol-2', 'vol-3', 'vol-4'],
  ],
  ['what is noted is no list', story({ [NOTED_VOLUMES]: { volumeIds: 'vol-1' } }), []],
])('the volumes of a drill when %s', (_, of, volumeIds) => {
  expect(inventoryScopeOf(of).volumeIds).toEqual(volumeIds);
});

test('what a list of volumes adds to the noted ones is kept with them', () => {
  const { outputs } = story({ [NOTED_VOLUMES]: { volumeIds: ['vol-2'] } });
  expect(volumesNotedIn(outputs, NOTED_VOLUMES)).toEqual(['vol-2']);
});
