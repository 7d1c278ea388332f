import type { Clock } from '../../../domain/clock';
import type { Diagnostic } from './diagnostics';
import type { GraphNode } from './graph';

/** One resource being created or destroyed. */
export interface Job extends GraphNode {
  /** Begins it. @returns milliseconds until `advance` is to be called. */
  readonly begin: () => number | Promise<number>;
  /** Goes on: done, failed, or to be asked again after some milliseconds. */
  readonly advance: () => Promise<'done' | Diagnostic | { readonly again: number }>;
  /** Called every ten seconds while it runs, with the whole seconds since it began. */
  readonly progress: (seconds: number) => void;
  /** Terraform was told to stop: gives it up with a diagnostic, or lets it end (undefined) because it is short. */
  readonly interrupt: () => Diagnostic | undefined;
}

export interface WalkResult {
  readonly errors: readonly Diagnostic[];
  readonly completed: number;
  /** Whether a signal ended it before everything was done. */
  readonly interrupted: boolean;
}

interface Running {
  readonly job: Job;
  readonly startedAt: number;
  nextAt: number;
  progressAt: number;
}

/** Terraform's default `-parallelism`. */
const PARALLELISM = 10;
const PROGRESS_MILLISECONDS = 10_000;

/** Exit code of a process that `kill -9` ended. */
export const KILLED = 137;

/** Whether a signal means `kill -9`: the program is then gone at once (see `terraformProgram`). */
export function isKill(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason === 'SIGKILL';
}

/**
 * Works a graph off, at most ten jobs at a time, each after those that it needs; what needs a failed one is left out.
 * Concurrency is kept as instants, and only this loop sleeps: to the clock of the drill the program is one worker.
 */
export async function walk(
  jobs: readonly Job[],
  clock: Clock,
  signal: AbortSignal,
  stopping: () => void,
): Promise<WalkResult> {
  const waiting = new Map(jobs.map((job) => [job.address, job]));
  const running = new Map<string, Running>();
  const errors: Diagnostic[] = [];
  let completed = 0;
  let interrupted = false;
  for (;;) {
    if (signal.aborted && !interrupted) {
      interrupted = true;
      if (isKill(signal)) break;
      stopping();
      for (const { job } of running.values()) {
        const error = job.interrupt();
        if (error) errors.push(error);
        if (error) running.delete(job.address);
      }
    }
    if (!interrupted) await start(waiting, running, clock);
    if (running.size === 0) break;
    await sleepUntil(earliestOf(running), clock, interrupted ? undefined : signal);
    if (signal.aborted && !interrupted) continue;
    for (const one of due(running, clock)) {
      const outcome = await step(one, clock.now().getTime());
      if (outcome === 'running') continue;
      running.delete(one.job.address);
      if (outcome === 'done') completed += 1;
      else errors.push(outcome);
      if (outcome !== 'done') leaveOut(waiting, one.job.address);
    }
  }
  return { errors, completed, interrupted: interrupted && (waiting.size > 0 || errors.length > 0) };
}

async function start(waiting: Map<string, Job>, running: Map<string, Running>, clock: Clock): Promise<void> {
  for (const job of waiting.values()) {
    if (running.size >= PARALLELISM) return;
    if ([...job.after].some((address) => waiting.has(address) || running.has(address))) continue;
    waiting.delete(job.address);
    const startedAt = clock.now().getTime();
    const milliseconds = await job.begin();
    running.set(job.address, {
      job,
      startedAt,
      nextAt: startedAt + milliseconds,
      progressAt: startedAt + PROGRESS_MILLISECONDS,
    });
  }
}

function earliestOf(running: ReadonlyMap<string, Running>): number {
  return Math.min(...[...running.values()].flatMap(({ nextAt, progressAt }) => [nextAt, progressAt]));
}

function due(running: ReadonlyMap<string, Running>, clock: Clock): readonly Running[] {
  const now = clock.now().getTime();
  return [...running.values()]
    .filter(({ nextAt, progressAt }) => nextAt <= now || progressAt <= now)
    .toSorted((a, b) => a.nextAt - b.nextAt);
}

async function step(one: Running, now: number): Promise<'running' | 'done' | Diagnostic> {
  if (one.nextAt <= now) {
    const outcome = await one.job.advance();
    if (outcome === 'done' || 'severity' in outcome) return outcome;
    one.nextAt = now + outcome.again;
  }
  if (one.progressAt <= now) {
    one.job.progress(Math.floor((now - one.startedAt) / 1000));
    one.progressAt += PROGRESS_MILLISECONDS;
  }
  return 'running';
}

/** Forgets whatever needs a failed job, directly or not. */
function leaveOut(waiting: Map<string, Job>, failed: string): void {
  for (const job of waiting.values()) {
    if (waiting.has(job.address) && job.after.has(failed)) {
      waiting.delete(job.address);
      leaveOut(waiting, job.address);
    }
  }
}

async function sleepUntil(instant: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(Math.max(0, instant - clock.now().getTime()), signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
