import { buildConsoleUrl, clusterNameOf, drillIdOf, executionConsoleUrl, quarterOf } from '../../domain/names';
import { formatDuration, parseDuration } from '../../domain/duration';
import { nearest } from '../../domain/nearest';

const arn = 'arn:aws:states:eu-central-1:000000000000:execution:cluster-drill:x';

test("a drill's id follows from its execution alone, so a retry finds the same drill", () => {
  expect(drillIdOf('example', arn, '2026-10-05T06:00:03.123Z')).toBe(
    drillIdOf('example', arn, '2026-10-05T06:00:03.123Z'),
  );
  expect(drillIdOf('example', arn, '2026-10-05T06:00:03.123Z')).toMatch(/^example-20261005-0600-[0-9a-f]{6}$/);
  expect(drillIdOf('example', `${arn}2`, '2026-10-05T06:00:03.123Z')).not.toBe(
    drillIdOf('example', arn, '2026-10-05T06:00:03.123Z'),
  );
});

test('a cluster name is twelve characters, as names are derived from it', () => {
  expect(clusterNameOf('example-20261005-0600-a1b2c3')).toBe('drill-a1b2c3');
});

test.each([
  ['2026-01-01T00:00:00Z', '2026Q1'],
  ['2026-12-31T23:59:59Z', '2026Q4'],
  ['2026-10-01T01:00:00+02:00', '2026Q3'],
])('%s is in quarter %s, by UTC', (instant, quarter) => {
  expect(quarterOf(instant)).toBe(quarter);
});

test('console links lead to the region of the thing', () => {
  expect(executionConsoleUrl(arn)).toContain(
    `https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${arn}`,
  );
  expect(buildConsoleUrl('eu-central-1', '000000000000', 'project:1-2')).toContain(
    '/projects/project/build/project%3A1-2?',
  );
});

test.each([
  ['2h', 7_200],
  ['1h30m', 5_400],
  ['90s', 90],
  ['2d', 172_800],
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(['', '2', 'h', '2x', '-5m', '1.5h', '30m1h'])('"%s" is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [7_199.6, '2h 00m'],
  [724, '12m 04s'],
  [0.4, '0s'],
  [-65, '-1m 05s'],
])('%d seconds are written %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('a misspelt word finds its neighbour, a foreign one does not', () => {
  expect(nearest('kyvern', ['kyverno', 'vault'])).toBe('kyverno');
  expect(nearest('postgres', ['kyverno', 'vault'])).toBeUndefined();
});
