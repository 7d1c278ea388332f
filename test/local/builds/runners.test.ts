import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../../../local/program';
import { createBuildBench, SAMPLE_PROJECT } from '../../support/build-bench';
import type { BenchProject, BuildBench } from '../../support/build-bench';

let bench: BuildBench;
const calls: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }[] = [];

/** A Terraform that takes two minutes, or stops within another one when it is told to, or does not listen. */
const terraform: Program = async ({ args, env, stdout, stderr, signal }) => {
  calls.push({ args, env });
  if (args[0] === 'version') return 0;
  stdout('{"type":"version"}\n{"type":');
  const mode = args.at(-1);
  if (mode === 'wait' || mode === 'deaf') {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    stderr(`${String(signal.reason)}\n`);
    if (mode === 'deaf' && signal.reason !== 'SIGKILL') await new Promise(() => {});
    await bench.clock.sleep(60_000);
    return 1;
  }
  await bench.clock.sleep(120_000);
  stdout('"apply_complete"}\n');
  return mode === 'fail' ? 1 : 0;
};

beforeAll(async () => {
  bench = await createBuildBench({ terraform });
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
  test('a step that passes is a build that succeeded, with its phases in drill time', async () => {
    const build = await run(runner, { DRILL_ID: 'shop-1' });
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
    expect(build.EndTime - build.StartTime).toBeLessThan(4 * 60_000);
  });

  test('the step sees the drill time, the stand-in its call', async () => {
    calls.length = 0;
    const build = await run(runner, { DRILL_ID: 'shop-2' });
    const [begin, later] = [...bench.log(build).matchAll(/(?:begins at|it is) (\S+)/g)].map(([, at]) => Date.parse(at!));
    expect(begin).toBe(phaseOf(build, 'BUILD')?.['StartTime']);
    expect(later! - begin!).toBe(60_000);
    expect(bench.log(build)).toContain(
      'terraform exits 0 after {"type":"version"} and {"type":"apply_complete"}',
    );
    const apply = calls.find(({ args }) => args[0] === 'apply');
    expect(apply?.env).toMatchObject({ TF_VAR_cluster_name: 'drill-1', DRILL_ID: 'shop-2', AWS_REGION: 'eu-central-1' });
  });

  test('a step that fails is a build that failed, with its sentence in the log', async () => {
    const build = await run(runner, { DRILL_ID: 'shop-3', MODE: 'fail' });
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

  test('a build that is stopped lets its step end properly', async () => {
    const stop = new AbortController();
    bench.clock.alarm(new Date(bench.clock.now().getTime() + 30 * 60_000), () => stop.abort());
    // Time passes only while everybody sleeps, so somebody else has to: the step waits for Terraform without the clock.
    const waiting = Promise.withResolvers?.();
    void waiting;
    const building = run(runner, { DRILL_ID: 'shop-4', MODE: 'wait' }, { signal: stop.signal });
    await untilCalled('wait');
    stop.abort();
    const build = await building;
    expect(build.BuildStatus).toBe('STOPPED');
    expect(phaseOf(build, 'BUILD')?.['PhaseStatus']).toBe('STOPPED');
    expect(bench.log(build)).toContain('terraform exits 1');
    expect(bench.log(build)).toContain('state kept');
  });
});
