import { checkReadiness } from '../../buildspecs/check-readiness/step';
import { openRecord } from '../support/open-record';
import { exampleTexts, GitRepository } from '../support/repositories';
import { sampleSettings } from '../support/settings';
import { stepHost, type TestStepHost } from '../support/step-host';

let repository: GitRepository;
let host: TestStepHost;

const environment = {
  DRILL_ID: openRecord().drillId,
  TABLE_NAME: 't',
  EVIDENCE_BUCKET: 'e',
  CODEBUILD_BUILD_ID: 'cluster-drill-check-readiness:1',
};

async function open(changes: Parameters<typeof openRecord>[0] = {}): Promise<void> {
  host = await stepHost(openRecord({ settings: sampleSettings({ repository: repository.url }), ...changes }));
  host.programs['terraform'] = () => ({ stdout: 'Terraform v1.11.4\non linux_amd64\n' });
  host.programs['helm'] = () => ({ stdout: 'v4.1.4+g05fa379\n' });
}

const check = (): Promise<void> => checkReadiness.run(environment, host);

beforeAll(() => {
  repository = new GitRepository();
  repository.commit(exampleTexts());
});
beforeEach(() => open());
afterAll(() => repository.remove());

describe('Check readiness', () => {
  it('pins the drill to the commit that the ref means now', async () => {
    const commit = repository.git('rev-parse', 'HEAD');
    await check();
    repository.commit({ 'later.txt': '' });
    const { record, readiness, failures, spans } = await host.story();
    expect(record).toMatchObject({ commit, phase: 'checking-readiness' });
    expect(failures).toEqual([]);
    expect(readiness.filter(({ status }) => status === 'refused')).toEqual([]);
    expect(readiness.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'repository commit',
        'gitops pins',
        'account',
        'quota vpcs',
        'inventory before',
        'tool terraform',
        'report sender',
      ]),
    );
    expect(spans).toEqual([expect.objectContaining({ id: 'build-check-readiness', outcome: 'succeeded' })]);
  });

  it('keeps the manual steps that the repository declares', async () => {
    repository.commit({
      'manual-steps.yaml': 'steps:\n  - name: unseal-vault\n    layer: platform\n    description: Unseal Vault.\n',
    });
    await check();
    expect((await host.story()).manualSteps).toEqual([
      expect.objectContaining({ name: 'unseal-vault', layer: 'platform', source: 'declared', status: 'declared' }),
    ]);
  });

  it('may run twice', async () => {
    await check();
    await check();
    expect((await host.story()).record.commit).toBe(repository.git('rev-parse', 'HEAD'));
  });

  it('makes every check even when the repository cannot be read, and names all refusals', async () => {
    await open({ settings: sampleSettings({ repository: `${repository.url}/gone` }) });
    host.account.account = async () => '111111111111';
    await expect(check()).rejects.toThrow(
      /^2 checks refuse the drill: The repository .*\/gone cannot be read: fatal: /,
    );
    const { failures, readiness } = await host.story();
    expect(failures).toEqual([
      expect.objectContaining({
        where: 'check-readiness',
        cause: 'repository',
        consoleUrl: expect.stringContaining('cluster-drill-check-readiness'),
      }),
    ]);
    expect(readiness.find(({ name }) => name === 'account')).toMatchObject({
      status: 'refused',
      sentence:
        'This is account 111111111111, but drill.yaml allows the target only in 000000000000; deploy there, or correct account',
    });
  });

  it.each<[string, () => void, string]>([
    [
      'a quota that is used up',
      () => void (host.account.inUse = async () => 64),
      'All 64 VPCs of the region are in use (64), and a drill needs one; remove one, or raise the quota',
    ],
    [
      'a check that is not permitted',
      () =>
        void (host.account.quota = async () => {
          throw new Error('AccessDenied: servicequotas:GetServiceQuota');
        }),
      'The check "quota vpcs" could not be made: AccessDenied: servicequotas:GetServiceQuota',
    ],
    [
      'another Terraform than the pinned one',
      () => void (host.programs['terraform'] = () => ({ stdout: 'Terraform v1.12.0\n' })),
      'terraform is 1.12.0, but drill.yaml pins 1.11.4; pin a version that buildspecs/tool-checksums.txt lists',
    ],
    [
      'a tool that could not be installed',
      () => void delete host.programs['helm'],
      'helm could not be installed (see the log of the build)',
    ],
    [
      'a Kubernetes version that EKS does not offer',
      () => void (host.eks.versions = async () => [{ version: '1.36', status: 'STANDARD_SUPPORT' }]),
      'EKS does not offer Kubernetes 1.35; set kubernetes_version to one of 1.36',
    ],
  ])('refuses %s', async (_what, spoil, sentence) => {
    spoil();
    await expect(check()).rejects.toThrow(sentence);
    expect((await host.story()).failures[0]?.cause).toBe('readiness');
  });

  it('refuses a secret that cannot be read', async () => {
    await open({ settings: sampleSettings({ repository: repository.url, requiredSecrets: ['vault/root'] }) });
    host.secretObstacle = 'there is no such secret';
    await expect(check()).rejects.toThrow('The secret vault/root cannot be read: there is no such secret');
  });

  it('warns of a sender that is not verified, of support that ends before the next drill, and of few CPUs', async () => {
    host.account.quota = async () => 5;
    host.account.senderVerified = async () => false;
    host.eks.versions = async () => [
      { version: '1.35', status: 'STANDARD_SUPPORT', endOfStandardSupport: '2026-12-01T00:00:00.000Z' },
    ];
    await check();
    const warned = (await host.story()).readiness.filter(({ status }) => status === 'warned');
    expect(warned.map(({ name }) => name).toSorted()).toEqual(['kubernetes version', 'quota cpus', 'report sender']);
  });

  it('refuses a drill that was closed', async () => {
    await host.history.close(environment.DRILL_ID, {
      closedAt: '2026-10-05T07:00:00.000Z',
      verdict: { outcome: 'failed', reasons: ['aborted'] },
      counts: { findings: 0, leaks: 0, manualSteps: 0 },
    });
    await expect(check()).rejects.toMatchObject({ name: 'DrillClosedError' });
    expect(host.calls).toEqual([]);
  });

  it('says of a ref that does not exist which one is near', async () => {
    await open({ ref: 'maim', settings: sampleSettings({ repository: repository.url }) });
    await expect(check()).rejects.toThrow(`The ref maim does not exist in ${repository.url}; did you mean main`);
  });
});
