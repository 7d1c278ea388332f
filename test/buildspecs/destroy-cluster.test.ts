import { destroyCluster } from '../../buildspecs/destroy-cluster/step';
import type { CommandResult } from '../../domain/ports/command-runner';
import { stateKeyOf } from '../../domain/names';
import { openRecord } from '../support/open-record';
import { GitRepository } from '../support/repositories';
import { sampleSettings } from '../support/settings';
import { stepHost, type TestStepHost } from '../support/step-host';

const { drillId } = openRecord();
const environment = { DRILL_ID: drillId, TABLE_NAME: 't', EVIDENCE_BUCKET: 'e', STATE_BUCKET: 's' };
const LOCK = '1b2c3d4e-0000-4000-8000-123456789abc';

let repository: GitRepository;
let host: TestStepHost;
let commit: string;

const destroy = (): Promise<void> => destroyCluster.run(environment, host);
const notes = async (): Promise<unknown> => (await host.story()).outputs['destroy-cluster']?.['notes'];
const failed = (summary: string, detail: string): { lines: string[]; exitCode: number } => ({
  lines: [
    JSON.stringify({
      '@level': 'error',
      '@timestamp': '2026-10-05T08:30:00.000000Z',
      type: 'diagnostic',
      diagnostic: { severity: 'error', summary, detail },
    }),
  ],
  exitCode: 1,
});
const LOCKED = failed(
  'Error acquiring the state lock',
  `Error message: operation error S3: PutObject, StatusCode: 412\nLock Info:\n  ID:        ${LOCK}\n  Operation: OperationTypeApply\n`,
);

/** Terraform as a stand-in: each destroy gives the next of these answers. */
function terraform(...answers: (Partial<CommandResult> & { lines?: string[] })[]): void {
  host.programs['terraform'] = (args, options) => {
    if (args[0] !== 'destroy') return {};
    const { lines = [], ...answer } = answers.shift() ?? {};
    for (const line of lines) options.onLine?.(line);
    return answer;
  };
}

beforeAll(() => {
  repository = new GitRepository();
  commit = repository.commit({ 'terraform/network.tf': '' });
});
beforeEach(async () => {
  host = await stepHost(openRecord({ commit, settings: sampleSettings({ repository: repository.url }) }));
  host.stored.set(stateKeyOf('example', drillId), '{}');
  terraform({});
});
afterAll(() => repository.remove());

const commands = (): string[] => host.calls.map((call) => call.split(' ').slice(1, 3).join(' '));

describe('Destroy cluster', () => {
  it("destroys with the commit's code and the drill's state, and may run twice", async () => {
    await destroy();
    await destroy();
    expect(commands()).toEqual(['init -json', 'destroy -json', 'init -json', 'destroy -json']);
    expect((await host.story()).record.phase).toBe('destroying');
  });

  it('has nothing to do for a drill that never built', async () => {
    host = await stepHost(openRecord());
    await destroy();
    expect(host.calls).toEqual([]);
    expect(await notes()).toEqual(['Nothing was built, so there was nothing to destroy']);
  });

  it('has nothing to do without state and cluster, and leaves a cluster without state to the sweep', async () => {
    host.stored.clear();
    await destroy();
    expect(await notes()).toEqual([
      'Terraform kept no state of cluster drill-a1b2c3 (it was killed), so the sweep must remove it',
    ]);
    host.cluster = undefined;
    await destroy();
    expect(await notes()).toEqual(['There is no Terraform state and no cluster, so there was nothing to destroy']);
    expect(host.calls).toEqual([]);
  });

  it('works for a drill that was closed already', async () => {
    await host.history.close(drillId, {
      closedAt: '2026-10-05T09:00:00.000Z',
      verdict: { outcome: 'failed', reasons: ['aborted'] },
      counts: { findings: 0, leaks: 0, manualSteps: 0 },
    });
    await destroy();
    expect(commands()).toContain('destroy -json');
  });

  it('releases a lock whose owner has ended and destroys once more', async () => {
    terraform(LOCKED, {});
    host.running = [
      { id: 'cluster-drill-destroy-cluster:1', project: 'cluster-drill-destroy-cluster', status: 'IN_PROGRESS' },
    ];
    await destroy();
    expect(commands()).toEqual(['init -json', 'destroy -json', 'force-unlock -force', 'destroy -json']);
    expect(await notes()).toEqual([`The lock ${LOCK} of a Terraform that was killed was released`]);
    expect([...host.stored.keys()].filter((key) => key.endsWith('.jsonl'))).toHaveLength(2);
  });

  it('leaves a lock alone while another build of the drill may hold it', async () => {
    terraform(LOCKED);
    host.running = [
      { id: 'cluster-drill-provision-cluster:7', project: 'cluster-drill-provision-cluster', status: 'IN_PROGRESS' },
    ];
    await expect(destroy()).rejects.toThrow(
      'The state is locked while build cluster-drill-provision-cluster:7 of the drill runs; let it end, then tear down again',
    );
    expect(commands()).not.toContain('force-unlock -force');
  });

  it('destroys once more when something was still in use', async () => {
    terraform(failed('deleting EC2 VPC (vpc-1): DependencyViolation: it has dependencies', ''), {});
    await destroy();
    expect(commands().filter((command) => command === 'destroy -json')).toHaveLength(2);
    expect((await host.story()).failures).toEqual([]);
  });

  it('fails with the words of Terraform when it cannot destroy', async () => {
    terraform(failed('deleting IAM Role (drill-a1b2c3-nodes): AccessDenied', ''));
    await expect(destroy()).rejects.toThrow(
      'terraform destroy failed: deleting IAM Role (drill-a1b2c3-nodes): AccessDenied',
    );
    expect((await host.story()).failures).toEqual([
      expect.objectContaining({ where: 'destroy-cluster', cause: 'teardown' }),
    ]);
  });

  it('says that the sweep must remove everything when the repository is gone', async () => {
    const settings = sampleSettings({ repository: `${repository.url}/gone` });
    host = await stepHost(openRecord({ commit, settings }));
    host.stored.set(stateKeyOf('example', drillId), '{}');
    await expect(destroy()).rejects.toThrow(
      /^terraform destroy could not begin, so the sweep must remove everything: The repository /,
    );
    expect((await host.story()).failures[0]?.cause).toBe('teardown');
  });
});
