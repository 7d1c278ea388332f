import {
  judgeCompute,
  judgeInventoryBefore,
  judgeKubernetesVersion,
  judgeQuota,
  judgeTool,
  QUOTAS,
  refusalSentence,
} from '../../domain/account-readiness';

const now = new Date('2026-11-23T00:00:00.000Z');

describe('the Kubernetes version', () => {
  const offered = [
    { version: '1.36' },
    { version: '1.35', endOfStandardSupport: '2027-03-27T00:00:00.000Z' },
    { version: '1.34', endOfStandardSupport: '2026-12-02T00:00:00.000Z' },
    { version: '1.33', endOfStandardSupport: '2026-07-29T00:00:00.000Z' },
  ];

  it.each([
    ['1.36', 'passed', 'EKS supports Kubernetes 1.36'],
    ['1.35', 'passed', 'EKS supports Kubernetes 1.35 until 2027-03-27'],
    ['1.34', 'warned', 'Standard support of Kubernetes 1.34 ends on 2026-12-02'],
    ['1.33', 'warned', 'Standard support of Kubernetes 1.33 ended on 2026-07-29'],
    ['1.20', 'refused', 'EKS does not offer Kubernetes 1.20; set kubernetes_version to one of 1.36, 1.35, 1.34, 1.33'],
    [undefined, 'passed', 'does not say which Kubernetes version'],
  ])('%s is %s', (version, status, sentence) => {
    expect(judgeKubernetesVersion(version, offered, now)).toEqual({
      name: 'kubernetes version',
      status,
      sentence: expect.stringContaining(sentence),
    });
  });
});

describe('a quota', () => {
  it.each([
    [5, 4, 'passed'],
    [5, 5, 'refused'],
    [5, 6, 'refused'],
    [undefined, 6, 'passed'],
  ])('of %s with %s in use is %s', (limit, used, status) => {
    expect(judgeQuota(QUOTAS[0]!, limit, used).status).toBe(status);
  });
});

it.each([
  [5, 'warned', 'Instances may have only 5 CPUs together'],
  [6, 'passed', 'Instances may have 6 CPUs together'],
  [undefined, 'passed', 'Service Quotas names no limit of CPUs'],
])('room for %s CPUs is %s', (limit, status, sentence) => {
  expect(judgeCompute(limit)).toEqual({ name: 'quota cpus', status, sentence: expect.stringContaining(sentence) });
});

describe('a tool', () => {
  it.each([
    ['Terraform v1.11.4\non linux_amd64', '1.11.4', 'passed'],
    ['Terraform v1.11.4\non linux_amd64', 'v1.11.4', 'passed'],
    ['Terraform v1.11.40', '1.11.4', 'refused'],
    [undefined, '1.11.4', 'refused'],
    ['git version 2.39.5', undefined, 'passed'],
    ['no version here', undefined, 'refused'],
  ])('that says %j, pinned to %s, is %s', (said, pinned, status) => {
    expect(judgeTool('tool', said, pinned).status).toBe(status);
  });
});

it('one refusal is its own sentence, several are counted', () => {
  const one = { name: 'a', status: 'refused', sentence: 'A is missing' } as const;
  expect(refusalSentence([one])).toBe('A is missing');
  expect(refusalSentence([one, { ...one, sentence: 'B is missing' }])).toBe(
    '2 checks refuse the drill: A is missing | B is missing',
  );
});

test('what carries the names of the drill before it begins refuses it, as it would count as its own', () => {
  const record = { drillId: 'example-1-a1b2c3', clusterName: 'drill-a1b2c3' };
  const some = ['arn:1', 'arn:2', 'arn:3', 'arn:4'].map((arn) => ({ arn }));
  expect(judgeInventoryBefore([], record)).toMatchObject({ name: 'inventory before', status: 'passed' });
  expect(judgeInventoryBefore(some, record)).toMatchObject({
    status: 'refused',
    sentence: expect.stringContaining('arn:1, arn:2, arn:3 and 1 more existed before the drill'),
  });
});
