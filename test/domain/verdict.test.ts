import { judge } from '../../domain/verdict';
import type { Failure, Leak, ManualStep } from '../../domain/record';
import { layerTime, minute, sampleProgress, sampleRecord, sampleStory } from '../support/story';

const times = { totalSeconds: 4_500, machineSeconds: 4_500, humanSeconds: 0 };
const failure: Failure = {
  where: 'foundation',
  cause: 'component',
  sentence: 'traefik crashes',
  at: minute(30),
  evidence: ['logs'],
};
const left: Leak = {
  arn: 'arn:aws:ec2:eu-central-1:000000000000:volume/vol-1',
  type: 'ec2:volume',
  reason: 'tag',
  status: 'left',
  obstacle: 'in use',
  monthlyCost: 1.9,
};
const confirmed: ManualStep = {
  name: 'unseal',
  source: 'declared',
  layer: 'platform',
  description: 'Unseal Vault',
  status: 'confirmed',
  requestedAt: minute(30),
  confirmedAt: minute(42),
};

test('a drill in time, with nothing by hand and nothing left, passed', () => {
  const { verdict, findings } = judge(sampleStory(), times);
  expect(findings).toEqual([]);
  expect(verdict).toEqual({
    outcome: 'passed',
    reasons: ['Rebuilt in 1h 15m, within the objective of 2h 00m; nothing was done by hand and nothing is left behind'],
  });
});

test('a failure fails the drill with its sentence, although everything was cleaned up', () => {
  const { verdict } = judge(sampleStory({ failures: [failure] }), undefined);
  expect(verdict).toEqual({ outcome: 'failed', reasons: ['traefik crashes'] });
});

test('a manual step that nobody confirmed is mended by confirming it, any other deadline is not', () => {
  const late: Failure = { ...failure, cause: 'deadline', layer: 'platform' };
  const mendWith = (manualSteps: readonly ManualStep[]): string =>
    judge(sampleStory({ failures: [late], manualSteps }), undefined).findings[0]!.mend;
  expect(mendWith([{ ...confirmed, status: 'expired' }])).toMatch(/^Confirm the step in time/);
  expect(mendWith([confirmed])).toMatch(/^Find what holds the layer up/);
});

test('a failed teardown stands beside the first failure', () => {
  const record = sampleRecord({
    teardown: { outcome: 'leaks-left', startedAt: minute(1), finishedAt: minute(2), notes: [] },
  });
  const { verdict } = judge(sampleStory({ record, failures: [failure], leaks: [left] }), undefined);
  expect(verdict.reasons).toEqual(['traefik crashes', `The teardown left one resource behind: ${left.arn}`]);
});

test('a leak fails a drill that was otherwise perfect', () => {
  const record = sampleRecord({
    teardown: { outcome: 'leaks-left', startedAt: minute(1), finishedAt: minute(2), notes: [] },
  });
  expect(judge(sampleStory({ record, leaks: [left] }), times).verdict.outcome).toBe('failed');
});

test('a teardown that did not end fails the drill', () => {
  const { teardown: _, ...record } = sampleRecord();
  expect(judge(sampleStory({ record }), times).verdict).toEqual({
    outcome: 'failed',
    reasons: ['The teardown did not come to its end, so nobody knows what is left'],
  });
});

test('missing the objective fails the drill and says by how much', () => {
  const { verdict } = judge(sampleStory(), { ...times, totalSeconds: 8_400 });
  expect(verdict).toEqual({ outcome: 'failed', reasons: ['It took 2h 20m, 20m 00s over the objective of 2h 00m'] });
});

test('layers that never became healthy fail the drill even when nothing else was noted', () => {
  const record = sampleRecord({ layers: { cluster: layerTime('cluster', 0, 15) } });
  expect(judge(sampleStory({ record }), undefined).verdict.reasons).toEqual([
    'The layers foundation, platform, applications never became healthy',
  ]);
});

test('a layer over its own objective is a finding, not a failure', () => {
  const record = sampleRecord();
  const slow = { ...record, layers: { ...record.layers, platform: layerTime('platform', 45, 40) } };
  const { verdict, findings } = judge(sampleStory({ record: slow }), times);
  expect(verdict).toEqual({
    outcome: 'passed-with-findings',
    reasons: ['Rebuilt in 1h 15m, within the objective of 2h 00m, with one finding to fix'],
  });
  expect(findings).toMatchObject([
    {
      id: 'objective/platform',
      severity: 'major',
      title: 'The platform layer took 40m 00s, 10m 00s over its objective of 30m 00s',
      mend: 'Look at its part of "What determined the time"; a component with slack there need not become faster.',
    },
  ]);
});

test.each([
  [
    'a confirmed manual step',
    { manualSteps: [confirmed] },
    'manual/declared/unseal',
    'Still done by hand: Unseal Vault (the drill waited 12m 00s)',
  ],
  [
    'undeclared work',
    {
      manualSteps: [
        {
          ...confirmed,
          source: 'detected' as const,
          status: 'detected' as const,
          evidence: 'Application argocd/kyverno',
        },
      ],
    },
    'manual/detected/unseal',
    'Undeclared work by hand: Unseal Vault',
  ],
  [
    'an unlisted component',
    { layers: [sampleProgress('platform', [{ name: 'extra', listed: false }])] },
    'unlisted/extra',
    'extra is in the platform layer, but drill.yaml does not list it',
  ],
  [
    'what only the sweep removed',
    { leaks: [{ ...left, status: 'swept' as const }] },
    `leak/${left.arn}`,
    `Only the sweep removed ${left.arn}`,
  ],
  [
    'a warning of the readiness check',
    { readiness: [{ name: 'version', status: 'warned' as const, sentence: '1.33 has left standard support' }] },
    'readiness/version',
    '1.33 has left standard support',
  ],
  [
    'a finalizer stripped by force',
    { outputs: { 'drain-cluster': { forced: ['finalizer of Service web/web stripped'] } } },
    'teardown/finalizer of Service web/web stripped',
    'finalizer of Service web/web stripped',
  ],
])('%s is a finding of a passed drill', (_, changes, id, title) => {
  const { verdict, findings } = judge(sampleStory(changes), times);
  expect(verdict.outcome).toBe('passed-with-findings');
  expect(findings).toMatchObject([{ id, title }]);
});

test('a declared step that was never due is no finding', () => {
  expect(judge(sampleStory({ manualSteps: [{ ...confirmed, status: 'declared' }] }), times).findings).toEqual([]);
});
