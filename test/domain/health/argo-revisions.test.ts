import { severityOfComparisonError } from '../../../domain/health/argo-comparison-error';
import { expectedRevisions, floatingSource } from '../../../domain/health/argo-revisions';
import { COMMIT, application } from './cluster-builder';

const pin = { commit: COMMIT, repository: 'https://git.example.com/bootstrap.git' };
const OTHER_SHA = 'f'.repeat(40);

describe('the revision that a source must be at', () => {
  test.each([
    ['the commit, for the bootstrap repository', { repoURL: 'https://git.example.com/bootstrap/', path: 'x' }, COMMIT],
    [
      'the version, for a chart',
      { repoURL: 'https://charts.example.com', chart: 'loki', targetRevision: '18.11.0' },
      '18.11.0',
    ],
    [
      'any, for a range of chart versions',
      { repoURL: 'https://charts.example.com', chart: 'loki', targetRevision: '18.x' },
      undefined,
    ],
    [
      'its SHA, for another repository at one',
      { repoURL: 'https://git.example.com/b.git', targetRevision: OTHER_SHA },
      OTHER_SHA,
    ],
    [
      'any, for another repository at a branch',
      { repoURL: 'https://git.example.com/b.git', targetRevision: 'main' },
      undefined,
    ],
  ])('is %s', (_, source, expected) => {
    expect(expectedRevisions(application('web', { changes: { 'spec.source': source } }), pin)).toEqual([expected]);
  });

  test('is one for each of several sources', () => {
    const sources = [
      { repoURL: 'https://charts.example.com', chart: 'loki', targetRevision: '1.2.3' },
      { repoURL: pin.repository, ref: 'values', targetRevision: COMMIT },
    ];
    const object = application('loki', { changes: { 'spec.source': undefined, 'spec.sources': sources } });
    expect(expectedRevisions(object, pin)).toEqual(['1.2.3', COMMIT]);
    expect(floatingSource(object, pin)).toBeUndefined();
  });
});

describe('a ComparisonError', () => {
  test.each([
    ['apps/nope: app path does not exist', 'failed'],
    ["unable to resolve 'v9.9.9' to a commit SHA", 'failed'],
    ['chart "kyverno" version "99.0.0" not found in https://kyverno.github.io/kyverno/ repository', 'failed'],
    ['failed to checkout revision ffff: fatal: remote error: upload-pack: not our ref ffff', 'failed'],
    ['failed to fetch https://charts.example.com/index.yaml : 404 Not Found', 'failed'],
    ['error unmarshaling JSON: while decoding JSON: json: cannot unmarshal', 'failed'],
    ['rpc error: code = Unavailable desc = connection refused', 'progressing'],
    ['Get "https://charts.example.com/index.yaml": dial tcp: lookup charts.example.com: no such host', 'degraded'],
    ['authentication required: Repository not found.', 'degraded'],
  ])('%s is %s', (message, status) => {
    expect(severityOfComparisonError(message)).toBe(status);
  });
});
