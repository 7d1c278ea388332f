import { buildSync } from 'esbuild';
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Brief } from './summary';
import type { Setup, Work } from './worker';

export interface BatchOptions extends Setup {
  readonly work: readonly Work[];
  /** Told of every piece of work that is done. */
  readonly done: (briefs: readonly Brief[]) => void;
}

/** Room for the garbage of some drills (MiB): it is collected seldom, and hardly anything of it is still in use. */
const ROOM = ['--max-semi-space-size=32'];

/** Has pieces of work done by as many processes as there are processors. */
export async function runBatch({ work, done, ...setup }: BatchOptions): Promise<void> {
  const queue = [...work];
  const count = Math.min(availableParallelism(), queue.length);
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'cluster-drill-simulation-'));
  try {
    const program = bundledWorker(folder);
    await Promise.all(Array.from({ length: count }, () => runWorker(program, setup, queue, done)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From where the packages are found, as the bundle leaves them out. */
const CACHE = join(__dirname, '..', '..', 'node_modules', '.cache');

/**
 * The worker as one file. Run from its sources, every function is wrapped to keep its name, which costs a simulated
 * drill a sixth of its time. No module of the bundle is the program itself: the build steps start nothing in it.
 */
function bundledWorker(folder: string): string {
  const outfile = join(folder, 'worker.cjs');
  buildSync({
    stdin: { contents: "require('./worker').serve();", resolveDir: __dirname },
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    define: { 'require.main': 'undefined' },
    outfile,
  });
  return outfile;
}

function runWorker(program: string, setup: Setup, queue: Work[], done: BatchOptions['done']): Promise<void> {
  const worker = fork(program, { execArgv: ROOM });
  worker.send(setup);
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const piece = queue.shift();
      if (piece) worker.send(piece);
      else end(worker, resolve);
    };
    worker.on('message', (briefs: readonly Brief[]) => {
      done(briefs);
      next();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      if (code !== 0) reject(new Error(`a worker of the simulation ended with ${code}`));
    });
    next();
  });
}

function end(worker: ChildProcess, resolve: () => void): void {
  worker.once('exit', () => resolve());
  worker.disconnect();
}
