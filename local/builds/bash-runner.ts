import { closeSync, cpSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { devNull } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { DrillClock } from '../clock';
import { ROOT } from '../../root';
import type { BuildOrder, BuildOutcome, BuildRunner } from './build-runner';
import type { OpenCalls } from './open-calls';
import { runPhases } from './run-phases';
import { ShellSession } from './shell-session';

export interface BashRunnerOptions {
  readonly clock: DrillClock;
  /** Each build gets a folder of its own in here, with a copy of its source, for as long as it runs. */
  readonly workDirectory: string;
  /** Leave those folders there. */
  readonly keepFolders?: boolean;
  /** The local endpoint: AWS, the stand-in programs and the clock. */
  readonly endpointUrl: string;
  /** The file that `clockFile` writes; without it the builds live by the wall clock. */
  readonly clockFile?: string;
  /** The folder that comes first on PATH. @default every stand-in program */
  readonly programs?: string;
  /** The calls that the builds make to the drill's process. */
  readonly calls: OpenCalls;
  /** Real milliseconds in which a stopped build must move on before it is killed; 5 s unless given. */
  readonly graceMilliseconds?: number;
}

const PROGRAMS = join(ROOT, 'local', 'programs');
/** Where the steps find the SDK: parsing it five times, and bundling it before, would take half of a drill's real time. */
const PACKAGES = join(ROOT, 'node_modules');

/** Beside the builds' folders, whose names begin with their project's. */
const COMPILE_CACHE = '.compile-cache';

/**
 * What a build may see of the machine's own environment: where programs and the home are, how git gets out and proves
 * who it is. Nothing of AWS is among it, so a build cannot reach a real account.
 */
const FROM_MACHINE = [
  'PATH',
  'HOME',
  'USER',
  'TMPDIR',
  'LANG',
  'LC_ALL',
  'SSH_AUTH_SOCK',
  'GIT_SSH_COMMAND',
  'SSL_CERT_FILE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
];

/** Runs a build's phases for real: its commands under bash, with the stand-in programs first on PATH. */
export function bashRunner(options: BashRunnerOptions): BuildRunner {
  return async (order) => {
    const directory = join(resolve(options.workDirectory), order.id.replace(':', '-'));
    cpSync(order.sourceDirectory, directory, { recursive: true });
    const output = openLog(order.logFile);
    try {
      return await runBuild(order, options, directory, output);
    } finally {
      if (output !== 'ignore') closeSync(output);
      // A killed build has not said good-bye to the drill's process: wait until its calls have noticed.
      await options.calls.settled(order.id);
      if (!options.keepFolders) rmSync(directory, { recursive: true, force: true });
    }
  };
}

async function runBuild(
  order: BuildOrder,
  options: BashRunnerOptions,
  directory: string,
  output: number | 'ignore',
): Promise<BuildOutcome> {
  let shell = new ShellSession({ directory, environment: environmentOf(order, options, directory), output });
  const stopping = stopWithGrace(() => shell, order, options);
  try {
    const succeeded = await runPhases(order, async (command, succeeding) => {
      const { status, next } = await shell.execute(`CODEBUILD_BUILD_SUCCEEDING=${succeeding ? 1 : 0}\n${command}`);
      shell = next;
      return status;
    });
    const exported: Record<string, string> = {};
    for (const name of order.signal.aborted ? [] : (order.buildspec.env?.['exported-variables'] ?? [])) {
      exported[name] = await shell.exported(name);
    }
    return { succeeded, exported };
  } finally {
    await shell.end();
    stopping.end();
  }
}

/**
 * Asks the build to end when the signal aborts, and kills it when it hangs. Drill time stands still until the build has
 * taken notice, so that it ends when it was stopped. Stopping Terraform takes its drill time, so a build hangs when the
 * drill's clock has not moved during the (real) time of grace.
 */
function stopWithGrace(
  shell: () => ShellSession,
  { id, signal }: BuildOrder,
  { clock, calls, graceMilliseconds = 5000 }: BashRunnerOptions,
): { end(): void } {
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const before = clock.now().getTime();
    timer = setTimeout(() => {
      if (clock.now().getTime() === before) shell().signal('SIGKILL');
      else wait();
    }, graceMilliseconds);
  };
  const stop = (): void => {
    const noticed = clock.work();
    void calls.interrupt(id).finally(noticed);
    shell().signal('SIGTERM');
    wait();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return {
    end: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    },
  };
}

function environmentOf(order: BuildOrder, options: BashRunnerOptions, directory: string): Record<string, string> {
  const machine = FROM_MACHINE.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...(Object.fromEntries(machine) as Record<string, string>),
    ...order.environment,
    // This very Node comes before another one on the machine.
    PATH: [options.programs ?? PROGRAMS, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    NODE_PATH: PACKAGES,
    CODEBUILD_SRC_DIR: directory,
    CODEBUILD_BUILD_SUCCEEDING: '1',
    AWS_ENDPOINT_URL: options.endpointUrl,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    DRILL_WORLD_URL: options.endpointUrl,
    // Node 22 and later start a step in half the time when it ran before; Node 20 takes no notice.
    NODE_COMPILE_CACHE: join(resolve(options.workDirectory), COMPILE_CACHE),
    ...(options.clockFile === undefined ? {} : onTheDrillsClock(options.clockFile)),
  };
}

function onTheDrillsClock(file: string): Record<string, string> {
  return {
    DRILL_CLOCK_FILE: resolve(file),
    NODE_OPTIONS: `--require ${JSON.stringify(join(PROGRAMS, 'clock-preload.cjs'))}`,
  };
}

function openLog(file: string | undefined): number | 'ignore' {
  if (file === undefined) return 'ignore';
  mkdirSync(dirname(file), { recursive: true });
  // Appending keeps the order between the build's own lines and CodeBuild's.
  return openSync(file, 'a');
}
