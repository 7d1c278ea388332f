import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../root';
import type { Brief } from './summary';
import type { Setup, Work } from './worker';

export interface BatchOptions extends Setup {
  readonly work: readonly Work[];
  /** Told of every piece of work that is done. */
  readonly done: (briefs: readonly Brief[]) => void;
}

/** Room for the garbage of some drills (MiB): it is collected seldom, and hardly anything of it is still in use. */
const ROOM = ['--max-semi-space-size=32'];

const LAUNCH = join(ROOT, 'bin', 'launch.cjs');

/** Has pieces of work done by as many processes as there are processors. */
export async function runBatch({ work, done, ...setup }: BatchOptions): Promise<void> {
  const queue = [...work];
  const count = Math.min(availableParallelism(), queue.length);
  await Promise.all(Array.from({ length: count }, () => runWorker(setup, queue, done)));
}

function runWorker(setup: Setup, queue: Work[], done: BatchOptions['done']): Promise<void> {
  const worker = fork(LAUNCH, ['local/simulation/worker.ts'], { execArgv: ROOM });
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
