import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TERRAFORM_DEPENDENCIES } from '../../domain/activities';
import { provisionCluster } from '../../buildspecs/provision-cluster/step';
import type { CommandOptions, CommandResult } from '../../domain/ports/command-runner';
import { openRecord } from '../support/open-record';
import { GitRepository } from '../support/repositories';
import { sampleSettings } from '../support/settings';
import { stepHost, type TestStepHost } from '../support/step-host';

const environment = {
  DRILL_ID: openRecord().drillId,
  CODEBUILD_BUILD_ID: 'cluster-drill-provision-cluster:one',
  TABLE_NAME: 't',
  EVIDENCE_BUCKET: 'e',
  STATE_BUCKET: 's',
  VIEW_ROLE_ARNS: 'arn:aws:iam::000000000000:role/health,arn:aws:iam::000000000000:role/failure',
};
const evidence = (name: string): string => `drills/example/${environment.DRILL_ID}/evidence/provision-cluster/${name}`;
const OUTPUTS = {
  cluster_name: { value: 'drill-a1b2c3', sensitive: false },
  vpc_id: { value: 'vpc-1', sensitive: false },
  admin_password: { value: 'hunter2', sensitive: true },
};

let repository: GitRepository;
let commit: string;
let host: TestStepHost;
/** What the last apply was given: the folder and the files that the step wrote. */
let seen: { cwd: string; backend: unknown; variables: unknown; env: CommandOptions['env'] };

const event = (second: number, type: string, more: object = {}): string =>
  JSON.stringify({ '@level': 'info', '@timestamp': `2026-10-05T06:03:0${second}.000000Z`, type, ...more });
const resource = { resource: { addr: 'aws_vpc.this' }, action: 'create' };
const APPLIED = [
  event(1, 'version'),
  event(2, 'apply_start', { hook: resource }),
  event(5, 'apply_complete', { hook: { ...resource, elapsed_seconds: 3 } }),
];

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const STATE = {
  resources: [
    { mode: 'managed', type: 'aws_subnet', name: 'a', instances: [{ index_key: 0, dependencies: ['aws_vpc.this'] }] },
  ],
};

/** Terraform as a stand-in: init, an apply of these lines, outputs. */
function terraform(lines: readonly string[], exit: Partial<CommandResult> = {}, outputs: object = OUTPUTS): void {
  host.programs['terraform'] = (args, options) => {
    if (args[0] === 'output') return { stdout: JSON.stringify(outputs) };
    if (args[0] === 'state') return { stdout: JSON.stringify(STATE) };
    if (args[0] !== 'apply') return {};
    const file = args.find((arg) => arg.startsWith('-var-file='))!.slice('-var-file='.length);
    const backend = read(join(options.cwd, 'cluster-drill_override.tf.json'));
    seen = { cwd: options.cwd, backend, variables: read(file), env: options.env };
    for (const line of lines) options.onLine?.(line);
    return exit;
  };
}

beforeAll(() => {
  repository = new GitRepository();
  commit = repository.commit({ 'terraform/network.tf': '' });
});
beforeEach(async () => {
  const settings = sampleSettings({ repository: repository.url });
  settings.terraform.variables = { kubernetes_version: '1.35', region: 'us-east-1' };
  host = await stepHost(openRecord({ commit, settings }));
  terraform(APPLIED);
});
afterAll(() => repository.remove());

const provision = (): Promise<void> => provisionCluster.run(environment, host);

describe('Provision cluster', () => {
  it('applies the commit with a state of its own and the variables of the contract', async () => {
    await provision();
    const { record } = await host.story();
    expect(host.calls).toEqual([
      'terraform init -json -input=false -reconfigure',
      `terraform apply -json -auto-approve -input=false -lock-timeout=60s -var-file=${join(host.directory, 'cluster-drill.tfvars.json')}`,
      'terraform state pull',
      'terraform output -json -no-color',
    ]);
    expect(existsSync(join(seen.cwd, 'network.tf'))).toBe(true);
    expect(seen.backend).toEqual({
      terraform: {
        backend: {
          s3: {
            bucket: 's',
            key: `example/${record.drillId}/terraform.tfstate`,
            region: 'eu-central-1',
            encrypt: true,
            use_lockfile: true,
          },
        },
      },
    });
    expect(seen.variables).toEqual({
      kubernetes_version: '1.35',
      cluster_name: 'drill-a1b2c3',
      region: 'eu-central-1',
      tags: { 'cluster-drill': record.drillId, 'cluster-drill-target': 'example' },
    });
    expect(seen.env).toMatchObject({ TF_VAR_commit: record.commit });
  });

  it("takes time zero from Terraform's first event and keeps it when the step runs again", async () => {
    await provision();
    expect((await host.story()).record.bootstrapStartedAt).toBe('2026-10-05T06:03:01.000Z');
    terraform([event(9, 'version')]);
    await provision();
    expect((await host.story()).record.bootstrapStartedAt).toBe('2026-10-05T06:03:01.000Z');
  });

  it('writes resources as spans while Terraform runs', async () => {
    let during: unknown;
    host.programs['terraform'] = async (args, options) => {
      if (args[0] === 'output') return { stdout: JSON.stringify(OUTPUTS) };
      if (args[0] === 'apply') {
        options.onLine?.(APPLIED[1]!);
        await new Promise((resolve) => setImmediate(resolve));
        during = (await host.story()).spans.find(({ name }) => name === 'aws_vpc.this');
        options.onLine?.(APPLIED[2]!);
      }
      return {};
    };
    await provision();
    expect(during).toMatchObject({ outcome: 'running' });
    expect((await host.story()).spans.find(({ name }) => name === 'aws_vpc.this')).toMatchObject({
      kind: 'resource',
      layer: 'cluster',
      startedAt: '2026-10-05T06:03:02.000Z',
      finishedAt: '2026-10-05T06:03:05.000Z',
      outcome: 'succeeded',
    });
  });

  it('keeps what each resource was made after, also of an apply that failed', async () => {
    terraform([], { exitCode: 1, stderr: 'Error: quota' });
    await expect(provision()).rejects.toThrow('quota');
    expect((await host.story()).outputs[TERRAFORM_DEPENDENCIES]).toEqual({ 'aws_subnet.a': ['aws_vpc.this'] });
  });

  it('keeps outputs but no sensitive ones, and lets the reading roles in', async () => {
    await provision();
    const outputs = { cluster_name: 'drill-a1b2c3', vpc_id: 'vpc-1' };
    expect((await host.story()).outputs['provision-cluster']).toEqual(outputs);
    expect(JSON.parse(host.stored.get(evidence('outputs.json'))!)).toEqual(outputs);
    expect(host.stored.get(evidence('terraform.jsonl'))).toBe(`${APPLIED.join('\n')}\n`);
    expect(host.grants).toEqual([
      { roleArn: 'arn:aws:iam::000000000000:role/health', policy: 'AmazonEKSAdminViewPolicy' },
      { roleArn: 'arn:aws:iam::000000000000:role/failure', policy: 'AmazonEKSAdminViewPolicy' },
    ]);
  });

  it("fails with Terraform's own words, place and evidence", async () => {
    const diagnostic = {
      severity: 'error',
      summary: 'creating EKS Node Group: ResourceLimitExceeded',
      detail: '',
      address: 'aws_eks_node_group.this',
      range: { filename: 'nodes.tf', start: { line: 55 } },
    };
    const lines = [...APPLIED, event(7, 'diagnostic', { '@level': 'error', diagnostic })];
    terraform(lines, { exitCode: 1 });
    const sentence =
      'terraform apply failed: nodes.tf:55, aws_eks_node_group.this: creating EKS Node Group: ResourceLimitExceeded';
    await expect(provision()).rejects.toThrow(sentence);
    expect((await host.story()).failures).toEqual([
      expect.objectContaining({
        where: 'provision-cluster',
        cause: 'terraform',
        layer: 'cluster',
        sentence,
        evidence: [evidence('terraform.jsonl')],
      }),
    ]);
    expect(host.stored.get(evidence('terraform.jsonl'))).toBe(`${lines.join('\n')}\n`);
    expect(host.grants).toEqual([]);
  });

  it('keeps the log and ends running resources when it is told to stop', async () => {
    host.programs['terraform'] = (args, options) => {
      if (args[0] !== 'apply') return {};
      options.onLine?.(APPLIED[0]!);
      options.onLine?.(APPLIED[1]!);
      host.stop.abort(new Error('SIGTERM'));
      expect(options.signal?.aborted).toBe(true);
      return { exitCode: 1, stderr: '╷\n│ Error: execution halted\n╵\n' };
    };
    await expect(provision()).rejects.toThrow(
      'terraform apply was told to stop and kept its state: Error: execution halted',
    );
    const { failures, spans } = await host.story();
    expect(failures[0]).toMatchObject({ cause: 'interrupted', evidence: [evidence('terraform.jsonl')] });
    expect(spans.find(({ name }) => name === 'aws_vpc.this')).toMatchObject({ outcome: 'failed' });
  });

  it('says what is wrong with the code when it cannot be initialised', async () => {
    host.programs['terraform'] = () => ({
      exitCode: 1,
      stderr: '╷\n│ Error: Unclosed configuration block\n│ \n│   on main.tf line 3:\n╵\n',
    });
    await expect(provision()).rejects.toThrow(
      'terraform init failed: Error: Unclosed configuration block on main.tf line 3:',
    );
  });

  it('refuses a cluster of another name', async () => {
    terraform(APPLIED, {}, { ...OUTPUTS, cluster_name: { value: 'production' } });
    await expect(provision()).rejects.toThrow(
      'terraform: the output cluster_name is production, but the drill asked for drill-a1b2c3; name the cluster var.cluster_name',
    );
    expect(host.grants).toEqual([]);
  });

  it('applies once for a drill, whoever starts the build again, and leaves the traces of the first one alone', async () => {
    await provision();
    const before = await host.story();
    const again = { ...environment, CODEBUILD_BUILD_ID: 'cluster-drill-provision-cluster:two' };
    await expect(provisionCluster.run(again, host)).rejects.toMatchObject({
      name: 'AlreadyAppliedError',
      message: expect.stringContaining('build cluster-drill-provision-cluster:one applies, or has applied'),
    });
    expect(host.calls.filter((call) => call.startsWith('terraform apply'))).toHaveLength(1);
    expect(await host.story()).toEqual(before);
  });

  it('does not apply beside a teardown that has begun, also when the build is the one that was let', async () => {
    await host.history.claimApply(environment.DRILL_ID, environment.CODEBUILD_BUILD_ID, '2026-10-05T06:01:00.000Z');
    await host.history.beginTeardown(environment.DRILL_ID, '2026-10-05T06:02:00.000Z');
    await expect(provision()).rejects.toMatchObject({ name: 'DrillClosedError' });
    expect(host.calls).toEqual([]);
  });

  it('keeps its lease while Terraform works for two hours, and survives a heartbeat that is lost', async () => {
    const renewals: string[] = [];
    const { history } = host;
    const renew = history.renewLease.bind(history);
    Object.assign(history, {
      renewLease: async (target: string, drillId: string, at: string, expiresAt: string) => {
        renewals.push(at);
        if (renewals.length === 3) throw new Error('throttled');
        return renew(target, drillId, at, expiresAt);
      },
    });
    host.programs['terraform'] = async (args, options) => {
      if (args[0] === 'output') return { stdout: JSON.stringify(OUTPUTS) };
      for (let minutes = 0; args[0] === 'apply' && minutes < 120; minutes += 1) {
        await host.clock.sleep(60_000);
        options.onLine?.(APPLIED[0]!);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return {};
    };
    await provision();
    expect(renewals).toHaveLength(120 / 5 + 1);
    expect(await history.lease('example')).toMatchObject({ expiresAt: '2026-10-05T08:45:00.000Z' });
    expect(host.lines).toContain('one heartbeat was lost: throttled');
  });

  it('builds nothing without the lease, and stops Terraform when another drill takes it over', async () => {
    const { history } = host;
    const lose = async () => {
      await history.releaseLease('example', environment.DRILL_ID);
      await history.open(openRecord({ drillId: 'example-20261005-0700-ffffff' }), '2026-10-05T08:00:00.000Z');
    };
    host.programs['terraform'] = async (args, options) => {
      if (args[0] !== 'apply') return {};
      await lose();
      await host.clock.sleep(300_000);
      options.onLine?.(APPLIED[0]!);
      await new Promise((resolve) => setImmediate(resolve));
      return { exitCode: options.signal?.aborted ? 1 : 0 };
    };
    const sentence = /no longer holds the lease of target "example" \(drill example-20261005-0700-ffffff has it/;
    await expect(provision()).rejects.toThrow(sentence);
    expect((await host.story()).failures).toMatchObject([
      { cause: 'interrupted', sentence: expect.stringMatching(sentence) },
    ]);
    host.calls.length = 0;
    await expect(provision()).rejects.toThrow(sentence);
    expect(host.calls).toEqual([]);
  });

  it('refuses a drill without a commit', async () => {
    host = await stepHost(openRecord({ settings: sampleSettings({ repository: repository.url }) }));
    await expect(provision()).rejects.toThrow('The drill has no commit yet; Check readiness must run first');
  });
});
