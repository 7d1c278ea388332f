import { placesOf } from '../../lib/cluster-drill-app';
import { sampleConfig, sampleSettings } from '../support/settings';
import { sampleStack } from '../support/stack';

const paris = sampleSettings({ name: 'paris', region: 'eu-west-3' });
const frankfurt = sampleSettings({ name: 'frankfurt' });
const second = sampleSettings({ name: 'second' });

test('targets are put together by account and region, in the order of the file', () => {
  const places = placesOf(sampleConfig(frankfurt, paris, second).targets);
  expect(places.map(({ region, targets }) => [region, targets.map(({ settings }) => settings.name)])).toEqual([
    ['eu-central-1', ['frankfurt', 'second']],
    ['eu-west-3', ['paris']],
  ]);
});

test('a stack schedules and knows the targets of its own place only', () => {
  const { stack } = sampleStack(sampleConfig(frankfurt, paris, second));
  expect(stack.schedules.map(({ name }) => name)).toEqual(['cluster-drill-frankfurt', 'cluster-drill-second']);
});
