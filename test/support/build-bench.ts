import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { processRunner } from '../../adapters/process-runner';
import { bashRunner } from '../../local/builds/bash-runner';
import type { BuildRunner } from '../../local/builds/build-runner';
import { clockControl } from '../../local/builds/clock-control';
import { clockFile } from '../../local/builds/clock-file';
import { inProcessRunner } from '../../local/builds/in-process-runner';
import { OpenCalls } from '../../local/builds/open-calls';
import { programControl } from '../../local/builds/program-control';
import { Chance } from '../../local/chance';
import { createDrillClock } from '../../local/clock';
import type { DrillClock } from '../../local/clock';
import { createEndpoint } from '../../local/endpoint';
import type { Endpoint } from '../../local/endpoint';
import type { Program } from '../../local/program';
import { CodeBuild } from '../../local/services/codebuild';
import { WorldState } from '../../local/world/world-state';
import { sampleStep } from '../local/builds/sample-step';

export const SAMPLE_PROJECT = 'cluster-drill-sample';

const SAMPLE_BUILDSPEC = `
version: 0.2
env:
  shell: bash
  exported-variables: [DRILL_ID]
phases:
  install:
    commands:
      - ./install-tools.sh
  build:
    commands:
      - node step.cjs
`;

/** Everything that a build needs around it, in a folder of its own. */
export interface BuildBench {
  readonly clock: DrillClock;
  readonly state: WorldState;
  readonly endpoint: Endpoint;
  readonly folder: string;
  /** A CodeBuild with the sample project, or with another buildspec in its place. */
  codebuild(runner: 'bash' | 'in-process', options?: BenchProject): CodeBuild;
  /** The log of a build by the link to it. */
  log(build: Readonly<Record<string, unknown>>): string;
  close(): Promise<void>;
}

export interface BenchProject {
  readonly buildspec?: string;
  readonly timeoutMinutes?: number;
  readonly graceMilliseconds?: number;
  readonly keepFolders?: boolean;
}

export async function createBuildBench(programs: Readonly<Record<string, Program>>): Promise<BuildBench> {
  const folder = mkdtempSync(join(tmpdir(), 'builds-'));
  const source = join(folder, 'source');
  mkdirSync(source);
  bundleSampleStep(join(source, 'step.cjs'));
  writeFileSync(join(source, 'install-tools.sh'), '#!/usr/bin/env bash\nterraform version\n', { mode: 0o755 });

  const start = new Date('2026-11-02T05:00:00Z');
  const time = clockFile(join(folder, 'clock'));
  time.write(start);
  const clock = createDrillClock({ start, speed: 'unpaced', onAdvance: (now) => time.write(now) });
  const calls = new OpenCalls();
  const endpoint = await createEndpoint({
    services: {},
    control: { ...programControl(programs, calls), ...clockControl(clock, calls) },
  });
  const state = new WorldState();

  const runners = ({
    graceMilliseconds = 500,
    keepFolders = false,
  }: BenchProject): Readonly<Record<'bash' | 'in-process', BuildRunner>> => ({
    bash: bashRunner({
      clock,
      workDirectory: join(folder, 'work'),
      endpointUrl: endpoint.url,
      clockFile: join(folder, 'clock'),
      calls,
      graceMilliseconds,
      keepFolders,
    }),
    'in-process': inProcessRunner({
      clock,
      steps: { [SAMPLE_PROJECT]: sampleStep },
      programs,
      commands: processRunner,
    }),
  });

  return {
    clock,
    state,
    endpoint,
    folder,
    codebuild: (runner, options = {}) =>
      new CodeBuild({
        clock,
        state,
        chance: new Chance(1),
        region: 'eu-central-1',
        account: '000000000000',
        projects: [
          {
            name: SAMPLE_PROJECT,
            buildspec: options.buildspec ?? SAMPLE_BUILDSPEC,
            environment: { TABLE_NAME: 'cluster-drill-history', EVIDENCE_BUCKET: 'evidence', DRILL_ID: 'none' },
            sourceDirectory: source,
            timeoutMinutes: options.timeoutMinutes ?? 60,
          },
        ],
        runner: runners(options)[runner],
        logDirectory: join(folder, 'logs', runner),
      }),
    log: (build) => readFileSync(fileURLToPath((build['Logs'] as { readonly DeepLink: string }).DeepLink), 'utf8'),
    close: async () => {
      await endpoint.close();
      time.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function bundleSampleStep(outfile: string): void {
  buildSync({
    entryPoints: [join(__dirname, '../local/builds/sample-step.ts')],
    outfile,
    bundle: true,
    minify: true,
    // The runner's NODE_PATH has it.
    external: ['@aws-sdk/*'],
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
}
