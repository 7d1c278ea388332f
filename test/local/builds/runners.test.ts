import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../../local/program';
import { createBuildBench, SAMPLE_PROJECT } from '../../support/build-bench';
import type { BenchProject, BuildBench } from '../../support/build-bench';

const MINUTE = 60_000;

let bench: BuildBench;
const calls: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }[] = [];
const signals: unknown[] = [];

/**
 * A Terraform that takes two minutes, a day when it is to `wait`, and lets no time pass when it is to `hold`; told to
 * stop, it needs another minute.
 */
const terraform: Program = async ({ args, env, stdout, signal }) => {
  calls.push({ args, env });
  if (args[0] === 'version') return 0;
  stdout('{"type":"version"}\n{"type":');
  const mode = args.at(-1);
  try {
    if (mode === 'hold') await new Promise((_, reject) => signal.addEventListener('abort', reject));
    await bench.clock.sleep(mode === 'wait' ? 24 * 60 * MINUTE : 2 * MINUTE, signal);
  } catch {
    signals.push(signal.reason);
    await bench.clock.sleep(MINUTE);
    return 1;
  }
  stdout('"apply_complete"}\n');
  return mode === 'fail' ? 1 : 0;
};

/** One build that passes and one that fails, of each runner: several tests look at them. */
const passed: { [Runner in 'bash' | 'in-process']?: Build } = {};
const failed: typeof passed = {};

beforeAll(async () => {
  bench = await createBuildBench({ terraform });
  for (const runner of ['bash', 'in-process'] as const) {
    passed[runner] = await run(runner, { DRILL_ID: 'shop-1' });
    failed[runner] = await run(runner, { DRILL_ID: 'shop-1', MODE: 'fail' });
  }
});
afterAll(() => bench.close());

type Build = Readonly<Record<string, unknown>> & {
  readonly BuildStatus: string;
  readonly Phases: readonly Readonly<Record<string, unknown>>[];
  readonly StartTime: number;
  readonly EndTime: number;
};

async function run(
  runner: 'bash' | 'in-process',
  variables: Readonly<Record<string, string>>,
  options: BenchProject & { readonly signal?: AbortSignal } = {},
): Promise<Build> {
  const workEnded = bench.clock.work();
  const EnvironmentVariablesOverride = Object.entries(variables).map(([Name, Value]) => ({ Name, Value }));
  const build = await bench
    .codebuild(runner, options)
    .runBuild({ ProjectName: SAMPLE_PROJECT, EnvironmentVariablesOverride }, options.signal ?? never());
  workEnded();
  return build as Build;
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function phaseOf(build: Build, type: string): Readonly<Record<string, unknown>> | undefined {
  return build.Phases.find((phase) => phase['PhaseType'] === type);
}

/** A build without what tells one from another: its id, its number, its absolute times. */
function likeness(build: Build): unknown {
  return {
    status: build.BuildStatus,
    exported: build['ExportedEnvironmentVariables'],
    environment: build['Environment'],
    phases: build.Phases.map(({ PhaseType, PhaseStatus, Contexts }) => ({ PhaseType, PhaseStatus, Contexts })),
    minutesInBuild: Number(phaseOf(build, 'BUILD')?.['DurationInSeconds']) / 60,
  };
}

describe.each(['bash', 'in-process'] as const)('a build by the %s runner', (runner) => {
  test('a step that passes is a build that succeeded, with its phases in drill time', () => {
    const build = passed[runner]!;
    expect(likeness(build)).toMatchObject({
      status: 'SUCCEEDED',
      exported: [{ Name: 'DRILL_ID', Value: 'shop-1' }],
      minutesInBuild: 3,
    });
    expect(build.Phases.map((phase) => phase['PhaseType'])).toEqual([
      'SUBMITTED',
      'QUEUED',
      'PROVISIONING',
      'DOWNLOAD_SOURCE',
      'INSTALL',
      'PRE_BUILD',
      'BUILD',
      'POST_BUILD',
      'FINALIZING',
      'COMPLETED',
    ]);
    expect(phaseOf(build, 'PROVISIONING')?.['DurationInSeconds']).toBeGreaterThan(20);
    expect(build.EndTime - build.StartTime).toBeLessThan(4 * MINUTE);
  });

  test('the step sees the drill time, the stand-in its call', () => {
    const build = passed[runner]!;
    const [begin, later] = [...bench.log(build).matchAll(/(?:begins at|it is) (\S+)/g)].map(([, at]) =>
      Date.parse(at!),
    );
    expect(begin).toBe(phaseOf(build, 'BUILD')?.['StartTime']);
    expect(later! - begin!).toBe(MINUTE);
    expect(bench.log(build)).toContain('terraform exits 0 after {"type":"version"} and {"type":"apply_complete"}');
    const apply = calls.find(({ args, env }) => args[0] === 'apply' && env['CODEBUILD_BUILD_ID'] === build['Id']);
    expect(apply?.env).toMatchObject({
      TF_VAR_cluster_name: 'drill-1',
      DRILL_ID: 'shop-1',
      AWS_REGION: 'eu-central-1',
    });
  });

  test('a step that fails is a build that failed, with its sentence in the log', () => {
    const build = failed[runner]!;
    expect(build.BuildStatus).toBe('FAILED');
    expect(phaseOf(build, 'BUILD')).toMatchObject({
      PhaseStatus: 'FAILED',
      Contexts: [
        {
          StatusCode: 'COMMAND_EXECUTION_ERROR',
          Message: 'Error while executing command: node step.cjs. Reason: exit status 1',
        },
      ],
    });
    expect(bench.log(build)).toContain('the cluster did not come up\n');
  });

  test('a build that is stopped lets its step end properly, and is STOPPED', async () => {
    const stop = new AbortController();
    bench.clock.alarm(new Date(bench.clock.now().getTime() + 30 * MINUTE), () => stop.abort());
    const build = await run(runner, { DRILL_ID: 'shop-4', MODE: 'wait' }, { signal: stop.signal });
    expect(build.BuildStatus).toBe('STOPPED');
    expect(phaseOf(build, 'BUILD')).toMatchObject({ PhaseStatus: 'STOPPED', Contexts: [] });
    expect(build.EndTime - build.StartTime).toBe(31 * MINUTE);
    expect(signals.pop()).toBe('SIGTERM');
    expect(bench.log(build)).toContain('terraform exits 1');
    expect(bench.log(build)).toContain('state kept');
    expect(build['ExportedEnvironmentVariables']).toEqual([]);
  });

  test('a step that sleeps is woken by the stop, at its instant', async () => {
    const stop = new AbortController();
    bench.clock.alarm(new Date(bench.clock.now().getTime() + 20 * MINUTE), () => stop.abort());
    const build = await run(runner, { MODE: 'sleep' }, { signal: stop.signal });
    expect(build.BuildStatus).toBe('STOPPED');
    expect(build.EndTime - build.StartTime).toBe(20 * MINUTE);
  });

  test('a build that takes longer than its project allows is TIMED_OUT', async () => {
    const build = await run(runner, { DRILL_ID: 'shop-5', MODE: 'wait' }, { timeoutMinutes: 45 });
    expect(build.BuildStatus).toBe('TIMED_OUT');
    expect(phaseOf(build, 'BUILD')).toMatchObject({ PhaseStatus: 'TIMED_OUT' });
    expect(build.EndTime - build.StartTime).toBe(46 * MINUTE);
  });

  test('a build that is stopped before it has a machine runs nothing', async () => {
    const before = calls.length;
    const build = await run(runner, { DRILL_ID: 'shop-6' }, { signal: AbortSignal.abort() });
    expect(build.BuildStatus).toBe('STOPPED');
    expect(build.Phases.at(-2)).toMatchObject({ PhaseType: 'PROVISIONING', PhaseStatus: 'STOPPED' });
    expect(calls).toHaveLength(before);
  });
});

test('both runners make the same build of the same step', () => {
  expect(likeness(passed['in-process']!)).toEqual(likeness(passed.bash!));
  expect(likeness(failed['in-process']!)).toEqual(likeness(failed.bash!));
});

function buildspec(phases: string, env = ''): BenchProject {
  return { buildspec: `version: 0.2\nenv:\n  shell: bash\n${env}phases:\n${phases}` };
}

function failedInstall(onFailure: string): BenchProject {
  return buildspec(
    `  install:\n    on-failure: ${onFailure}\n    commands: ['false']\n  build:\n    commands: [echo built]\n`,
  );
}

describe('commands under bash', () => {
  test('all commands share one shell, and exported variables come back with the build', async () => {
    const build = await run(
      'bash',
      {},
      buildspec(
        `  install:
    commands: [cd /, export REVISION="a b'c", hidden=1]
  build:
    commands: ['echo "in $PWD with $REVISION and $hidden"', 'export REVISION="$REVISION!"']
`,
        '  exported-variables: [REVISION, hidden, missing]\n',
      ),
    );
    expect(bench.log(build)).toContain("in / with a b'c and 1\n");
    expect(build['ExportedEnvironmentVariables']).toEqual([
      { Name: 'REVISION', Value: "a b'c!" },
      { Name: 'hidden', Value: '' },
      { Name: 'missing', Value: '' },
    ]);
  });

  test('a command that exits the shell fails its phase; finally and post_build still run, with what was exported', async () => {
    const build = await run(
      'bash',
      {},
      buildspec(
        `  build:
    commands: [export STAGE=build, exit 3, echo never]
    finally: ['echo "finally $STAGE"']
  post_build:
    commands: ['echo "post $STAGE, succeeding $CODEBUILD_BUILD_SUCCEEDING"', 'export STAGE=post']
`,
        '  exported-variables: [STAGE]\n',
      ),
    );
    const log = bench.log(build);
    expect(build.BuildStatus).toBe('FAILED');
    expect(phaseOf(build, 'BUILD')).toMatchObject({
      Contexts: [{ Message: 'Error while executing command: exit 3. Reason: exit status 3' }],
    });
    expect(phaseOf(build, 'POST_BUILD')).toMatchObject({ PhaseStatus: 'SUCCEEDED' });
    expect(log).toContain('finally build\n');
    expect(log).toContain('post build, succeeding 0\n');
    expect(log).not.toContain('never\n');
    expect(build['ExportedEnvironmentVariables']).toEqual([{ Name: 'STAGE', Value: 'post' }]);
  });

  test('a failed install ends the build, unless the phase says to continue; the build has failed all the same', async () => {
    const aborted = await run('bash', {}, failedInstall('ABORT'));
    expect(bench.log(aborted)).not.toContain('Running command echo built');
    const continued = await run('bash', {}, failedInstall('CONTINUE'));
    expect(bench.log(continued)).toContain('built\n');
    expect([aborted.BuildStatus, continued.BuildStatus]).toEqual(['FAILED', 'FAILED']);
  });

  test('output and the lines of CodeBuild stand in the order in which they came', async () => {
    const build = await run('bash', {}, buildspec("  build:\n    commands: [echo one, 'echo two >&2', echo three]\n"));
    const lines = bench.log(build).split('\n');
    expect(
      lines.map((line) => line.replace(/^\[Container\] \S+ /, '')).filter((line) => /one|two|three/.test(line)),
    ).toEqual([
      'Running command echo one',
      'one',
      'Running command echo two >&2',
      'two',
      'Running command echo three',
      'three',
    ]);
  });

  test('a command that ignores SIGTERM is killed after the time of grace, and what it left in the background too', async () => {
    const stop = new AbortController();
    const marker = join(bench.folder, 'deaf');
    const building = run(
      'bash',
      {},
      {
        ...buildspec(
          `  build:\n    commands: ['(trap "" TERM; touch ${marker}; sleep 300) & trap "" TERM; sleep 300']\n`,
        ),
        signal: stop.signal,
        graceMilliseconds: 100,
      },
    );
    while (!existsSync(marker)) await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    expect((await building).BuildStatus).toBe('STOPPED');
  });

  test('a stand-in that is killed outright tells its program so', async () => {
    signals.length = 0;
    const kill = 'terraform apply hold >out & until [ -s out ]; do sleep 0.02; done; kill -9 $!; wait';
    await run('bash', {}, buildspec(`  build:\n    commands: ['${kill}']\n`));
    expect(signals).toEqual(['SIGKILL']);
  });

  test('a build leaves no folder behind', async () => {
    await run('bash', {}, buildspec('  build:\n    commands: [touch here]\n'));
    expect(readdirSync(join(bench.folder, 'work')).filter((name) => name !== '.compile-cache')).toEqual([]);
  });

  test('a build leaves its folder when it is asked to', async () => {
    await run('bash', {}, { ...buildspec('  build:\n    commands: [touch here]\n'), keepFolders: true });
    const folder = readdirSync(join(bench.folder, 'work')).find((name) => name !== '.compile-cache')!;
    expect(readdirSync(join(bench.folder, 'work', folder))).toContain('here');
  });

  test('nothing of AWS comes from the machine', async () => {
    process.env['AWS_PROFILE'] = 'production';
    const build = await run('bash', {}, buildspec("  build:\n    commands: ['env | grep ^AWS_ | sort']\n"));
    delete process.env['AWS_PROFILE'];
    expect(bench.log(build)).toContain('AWS_ACCESS_KEY_ID=local\n');
    expect(bench.log(build)).toContain(`AWS_ENDPOINT_URL=${bench.endpoint.url}\n`);
    expect(bench.log(build)).not.toContain('production');
  });
});
