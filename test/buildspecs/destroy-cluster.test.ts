import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { destroyCluster } from '../../buildspecs/destroy-cluster/step';
import type { CommandResult } from '../../domain/ports/command-runner';
import { erroredStateKeyOf, lockKeyOf, stateKeyOf, stateUseKeyOf } from '../../domain/names';
import { openRecord } from '../support/open-record';
import { GitRepository } from '../support/repositories';
import { sampleSettings } from '../support/settings';
import { CLUSTER, stepHost, type TestStepHost } from '../support/step-host';

const { drillId } = openRecord();
const SELF = 'cluster-drill-destroy-cluster:1';
const APPLY = 'cluster-drill-provision-cluster:7';
const environment = {
  DRILL_ID: drillId,
  CODEBUILD_BUILD_ID: SELF,
  TABLE_NAME: 't',
  EVIDENCE_BUCKET: 'e',
  STATE_BUCKET: 's',
};
const LOCK = '1b2c3d4e-0000-4000-8000-123456789abc';
const LOCK_KEY = lockKeyOf('example', drillId);
const ERRORED_KEY = erroredStateKeyOf('example', drillId);

let repository: GitRepository;
let host: TestStepHost;
let commit: string;

const destroy = (): Promise<void> => destroyCluster.run(environment, host);
const outputs = async () => (await host.story()).outputs['destroy-cluster'];
const notes = async (): Promise<unknown> => (await outputs())?.['notes'];
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
const LOCKED = failed('Error acquiring the state lock', `Lock Info:\n  ID:        ${LOCK}\n`);

/** The lock and the use of the state that an apply left, which CodeBuild says stands so. */
function lockOfApply(status: string, finishedAt?: string): void {
  host.stored.set(LOCK_KEY, JSON.stringify({ ID: LOCK, Who: `root@${hostname()}`, Created: '2026-10-05T05:10:00Z' }));
  const use = { buildId: APPLY, machine: hostname(), since: '2026-10-05T05:05:00.000Z' };
  host.stored.set(stateUseKeyOf('example', drillId, APPLY), JSON.stringify(use));
  const build = { id: APPLY, project: 'cluster-drill-provision-cluster', status };
  host.running = [{ ...build, ...(finishedAt === undefined ? {} : { finishedAt }) }];
}

/** Terraform as a stand-in: each destroy gives the next of these answers. */
function terraform(...answers: (Partial<CommandResult> & { lines?: string[] })[]): void {
  host.programs['terraform'] = (args, options) => {
    if (args[0] === 'force-unlock') host.stored.delete(LOCK_KEY);
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
    host.stored.set(LOCK_KEY, '{}');
    await destroy();
    expect(await notes()).toEqual([
      'Terraform left a lock and no state (it was killed), so the sweep must remove what it made',
    ]);
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

  it('releases a lock whose owner has ended, as a finding, before it destroys', async () => {
    lockOfApply('FAULT', '2026-10-05T05:20:00.000Z');
    await destroy();
    expect(commands()).toEqual(['init -json', 'force-unlock -force', 'destroy -json']);
    const sentence = `The lock ${LOCK} of the state, held by build ${APPLY}, which has ended, was released by force`;
    expect(await outputs()).toEqual({ notes: [], forced: [sentence] });
    await destroy();
    expect((await outputs())?.['forced']).toEqual([sentence]);
  });

  it('waits for a lock while the build that took it runs', async () => {
    lockOfApply('IN_PROGRESS');
    const { sleep } = host.clock;
    let naps = 0;
    host.clock.sleep = async (milliseconds, signal) => {
      if ((naps += 1) === 4) host.stored.delete(LOCK_KEY);
      await sleep(milliseconds, signal);
    };
    await destroy();
    expect([naps, commands()]).toEqual([4, ['init -json', 'destroy -json']]);
    expect(await outputs()).toBeUndefined();
  });

  it('gives up on a lock that a build holds for an hour, and never breaks it', async () => {
    lockOfApply('IN_PROGRESS');
    await expect(destroy()).rejects.toThrow(`The state is locked by build ${APPLY}, which still runs; see that`);
    expect(commands()).toEqual(['init -json']);
  });

  it('leaves a lock alone that no build of the drill has taken', async () => {
    host.stored.set(LOCK_KEY, JSON.stringify({ ID: LOCK, Who: 'alice@laptop', Created: '2026-10-05T05:10:00Z' }));
    await expect(destroy()).rejects.toThrow('by alice@laptop since 2026-10-05T05:10:00.000Z, who is no build of it');
    expect(commands()).toEqual(['init -json']);
  });

  it('waits for another destroy that was quicker by a moment', async () => {
    terraform(LOCKED, {});
    await destroy();
    expect(commands()).toEqual(['init -json', 'destroy -json', 'destroy -json']);
  });

  it('does not fail when another teardown releases the same lock first', async () => {
    lockOfApply('STOPPED', '2026-10-05T05:20:00.000Z');
    const answers = host.programs['terraform']!;
    host.programs['terraform'] = (args, options) =>
      args[0] === 'force-unlock'
        ? (host.stored.delete(LOCK_KEY), { exitCode: 1, stderr: 'lock ID does not match' })
        : answers(args, options);
    await destroy();
    expect(commands()).toEqual(['init -json', 'force-unlock -force', 'destroy -json']);
    expect(await outputs()).toBeUndefined();
  });

  it('gives up on a lock that cannot be released', async () => {
    lockOfApply('STOPPED', '2026-10-05T05:20:00.000Z');
    host.programs['terraform'] = (args) => (args[0] === 'init' ? {} : { exitCode: 1, stderr: 'AccessDenied' });
    await expect(destroy()).rejects.toThrow('release the lock');
    expect(commands()).toEqual(['init -json', ...Array<string>(3).fill('force-unlock -force')]);
  });

  it('keeps a state that could not be saved, and puts it where it belongs', async () => {
    host.programs['terraform'] = (args, { cwd }) => {
      if (args[0] === 'destroy') writeFileSync(join(cwd, 'errored.tfstate'), '{"serial": 9}');
      return args[0] === 'destroy' ? { exitCode: 1, stderr: 'Failed to save state' } : {};
    };
    await expect(destroy()).rejects.toThrow('Failed to save state');
    expect(host.stored.get(ERRORED_KEY)).toBe('{"serial": 9}');
    expect(commands()).toEqual(['init -json', 'destroy -json', 'state push']);
  });

  it('puts back what an earlier build could not save, also where no state was saved at all', async () => {
    host.stored.clear();
    host.stored.set(ERRORED_KEY, '{"serial": 9}');
    await destroy();
    expect(commands()).toEqual(['init -json', 'state push', 'destroy -json']);
    expect(await notes()).toEqual(['A state that an earlier run could not save was put back before destroying']);
  });

  it('destroys by the newer state when Terraform refuses the kept one', async () => {
    host.stored.set(ERRORED_KEY, '{"serial": 9}');
    host.programs['terraform'] = (args) => (args[0] === 'state' ? { exitCode: 1, stderr: 'newer state' } : {});
    await destroy();
    expect(commands()).toEqual(['init -json', 'state push', 'destroy -json']);
    expect(await outputs()).toBeUndefined();
  });

  it("takes the deletion protection off the drill's own cluster only", async () => {
    const tags = { 'cluster-drill': drillId };
    host.cluster = { ...CLUSTER, deletionProtection: true, tags: { 'cluster-drill': 'another' } };
    await destroy();
    expect(host.cluster.deletionProtection).toBe(true);
    host.cluster = { ...CLUSTER, deletionProtection: true, tags };
    await destroy();
    expect(host.cluster).toMatchObject({ deletionProtection: false });
    expect(await notes()).toEqual(['Cluster drill-a1b2c3 was protected from deletion; the protection was taken off']);
  });

  it('destroys once more when something was still in use', async () => {
    terraform(failed('deleting EC2 VPC (vpc-1): DependencyViolation: it has dependencies', ''), {});
    await destroy();
    expect(commands().filter((command) => command === 'destroy -json')).toHaveLength(2);
    expect((await host.story()).failures).toEqual([]);
  });

  it('gives up on a VPC that something unknown holds, and leaves both to the sweep', async () => {
    const hook = { resource: { addr: 'aws_vpc.this' }, action: 'delete' };
    const event = (at: string, type: string): string =>
      JSON.stringify({ '@timestamp': `2026-10-05T07:${at}Z`, type, hook });
    let isStopped = false;
    host.programs['terraform'] = (args, { onLine, signal }) => {
      if (args[0] !== 'destroy') return {};
      onLine?.(event('00:00', 'apply_start'));
      onLine?.(event('09:59', 'apply_progress'));
      isStopped = signal!.aborted;
      onLine?.(event('10:01', 'apply_progress'));
      if (signal!.aborted) onLine?.(event('10:02', 'apply_errored'));
      return { exitCode: 1 };
    };
    await expect(destroy()).rejects.toThrow(
      'terraform destroy failed: aws_vpc.this could not be deleted within 10 min, so something is in it that Terraform does not know; the sweep must remove both',
    );
    expect(isStopped).toBe(false);
    expect(commands().filter((command) => command === 'destroy -json')).toHaveLength(1);
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
