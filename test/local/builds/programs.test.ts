import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processRunner } from '../../../adapters/process-runner';
import { clockControl } from '../../../local/builds/clock-control';
import { clockFile } from '../../../local/builds/clock-file';
import { OpenCalls } from '../../../local/builds/open-calls';
import { programControl } from '../../../local/builds/program-control';
import { createDrillClock } from '../../../local/clock';
import type { DrillClock } from '../../../local/clock';
import { createEndpoint } from '../../../local/endpoint';
import type { Endpoint } from '../../../local/endpoint';
import type { Program, ProgramCall } from '../../../local/program';

const PROGRAMS = join(__dirname, '../../../local/programs');
const start = new Date('2026-11-02T05:00:00Z');

let folder: string;
let endpoint: Endpoint;
let clock: DrillClock;
let time: { write(now: Date): void; close(): void };
let program: Program;
const calls = new OpenCalls();
const terraform: Program = (call) => program(call);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'programs-'));
  time = clockFile(join(folder, 'clock file'));
  time.write(start);
  clock = createDrillClock({ start, speed: 'unpaced', onAdvance: (now) => time.write(now) });
  endpoint = await createEndpoint({
    services: {},
    control: { ...programControl({ terraform, helm: terraform }, calls), ...clockControl(clock, calls) },
  });
});
afterAll(async () => {
  await endpoint.close();
  time.close();
  rmSync(folder, { recursive: true });
});

function environment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    DRILL_WORLD_URL: endpoint.url,
    DRILL_CLOCK_FILE: join(folder, 'clock file'),
    CODEBUILD_BUILD_ID: 'sample:1',
    NODE_OPTIONS: `--require ${JSON.stringify(join(PROGRAMS, 'clock-preload.cjs'))}`,
  };
}

describe('a stand-in program', () => {
  test('passes its call on and plays back output and exit code', async () => {
    let seen: ProgramCall | undefined;
    program = async (call) => {
      seen = call;
      call.stdout('{"type":"version"}\n');
      call.stderr('a warning ⚠\n');
      call.stdout('x'.repeat(300_000));
      return 2;
    };
    const result = await processRunner.run(join(PROGRAMS, 'terraform'), ['plan', '-var', 'name=a b'], {
      cwd: folder,
      env: { ...environment(), TF_VAR_region: 'eu-central-1' },
    });
    expect(seen).toMatchObject({ args: ['plan', '-var', 'name=a b'], cwd: folder });
    expect(seen?.env['TF_VAR_region']).toBe('eu-central-1');
    expect(result).toMatchObject({ exitCode: 2, stderr: 'a warning ⚠\n' });
    expect(result.stdout).toHaveLength('{"type":"version"}\n'.length + 300_000);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'told to stop by %s, it waits until its program has stopped',
    async (signal) => {
      const stopped = new Promise<unknown>((resolve) => {
        program = async (call) => {
          call.stdout('started\n');
          await new Promise((aborted) => call.signal.addEventListener('abort', aborted));
          resolve(call.signal.reason);
          call.stdout('state kept\n');
          return 1;
        };
      });
      const child = spawn(join(PROGRAMS, 'helm'), [], {
        cwd: folder,
        env: environment(),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        // A second signal must not cut it short.
        if (output === '') for (let times = 0; times < 2; times += 1) child.kill(signal);
        output += chunk.toString();
      });
      const exitCode = await new Promise((resolve) => child.once('close', resolve));
      expect(await stopped).toBe(signal);
      expect([exitCode, output]).toEqual([1, 'started\nstate kept\n']);
    },
  );

  test('a program that breaks says so and fails', async () => {
    program = async () => {
      throw new Error('no such world');
    };
    const result = await processRunner.run(join(PROGRAMS, 'terraform'), [], { cwd: folder, env: environment() });
    expect(result.exitCode).toBe(70);
    expect(result.stderr).toContain('no such world');
  });

  test('outside a drill, or when the drill has gone, it says what it is', async () => {
    const outside = await processRunner.run(join(PROGRAMS, 'terraform'), [], {
      cwd: folder,
      env: { DRILL_WORLD_URL: '' },
    });
    expect(outside).toMatchObject({
      exitCode: 69,
      stderr:
        "terraform: this is the local drill's stand-in; it runs only inside a local drill, which sets DRILL_WORLD_URL\n",
    });
    const gone = await processRunner.run(join(PROGRAMS, 'helm'), [], {
      cwd: folder,
      env: { DRILL_WORLD_URL: 'http://127.0.0.1:1' },
    });
    expect(gone.exitCode).toBe(69);
    expect(gone.stderr).toContain("the drill's process does not answer");
  });

  test('when the drill goes away while it runs, it fails and says so', async () => {
    const broken = await createEndpoint({
      services: {},
      control: programControl(
        {
          terraform: async ({ stdout, signal }) => {
            stdout('started\n');
            await new Promise((aborted) => signal.addEventListener('abort', aborted));
            return 0;
          },
        },
        new OpenCalls(),
      ),
    });
    const running = processRunner.run(join(PROGRAMS, 'terraform'), [], {
      cwd: folder,
      env: { DRILL_WORLD_URL: broken.url },
      onLine: () => void broken.close(),
    });
    const result = await running;
    expect(result.exitCode).toBe(69);
    expect(result.stderr).toContain("the drill's process went away");
  });
});

async function runScript(script: string): Promise<unknown> {
  const file = join(folder, 'script.cjs');
  writeFileSync(file, `(async () => { ${script} })().then((result) => console.log(JSON.stringify(result)));`);
  const workEnded = clock.work();
  const result = await processRunner.run(process.execPath, [file], { cwd: folder, env: environment() });
  workEnded();
  expect(result.stderr).toBe('');
  return JSON.parse(result.stdout);
}

describe('a Node process of a build', () => {
  test('reads the drill time from every form of Date, and other dates as ever', async () => {
    const now = clock.now().toISOString();
    const script = `
      class Stamp extends Date {}
      return [
        new Date().toISOString(), new Date(Date.now()).toISOString(), new Stamp().toISOString(),
        new Date().constructor === Date, new Date() instanceof Date, typeof Date(), Date().slice(11, 15),
        new Date(0).toISOString(), new Date(2026, 0, 2).getDate(), Date.UTC(1970, 0, 2), Date.parse('1970-01-02'),
        structuredClone(new Date()).toISOString(), new Stamp() instanceof Stamp,
      ];`;
    expect(await runScript(script)).toEqual([
      now,
      now,
      now,
      true,
      true,
      'string',
      '2026',
      '1970-01-01T00:00:00.000Z',
      2,
      86_400_000,
      86_400_000,
      now,
      true,
    ]);
  });

  test('sleeps on the drill clock, while the global timers stay real', async () => {
    const before = clock.now().getTime();
    const script = `
      const { setTimeout: wait } = require('node:timers/promises');
      const real = process.hrtime.bigint();
      const value = await wait(3_600_000, 'slept');
      const drill = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
      const seconds = Number(process.hrtime.bigint() - real) / 1e9;
      return [value, drill, Date.now() - drill, seconds > 0.02 && seconds < 20];`;
    expect(await runScript(script)).toEqual(['slept', before + 3_600_000, 0, true]);
    expect(clock.now().getTime()).toBe(before + 3_600_000);
  });

  test('an aborted sleep ends at once with the reason as its cause, and drill time has not passed', async () => {
    const before = clock.now().getTime();
    const script = `
      const { setTimeout: wait } = await import('node:timers/promises');
      const stop = new AbortController();
      const sleeping = wait(3_600_000, undefined, { signal: stop.signal });
      stop.abort(new Error('enough'));
      try { await sleeping; } catch (error) { return [error.name, error.code, error.cause.message]; }`;
    expect(await runScript(script)).toEqual(['AbortError', 'ABORT_ERR', 'enough']);
    expect(clock.now().getTime()).toBe(before);
  });
});
