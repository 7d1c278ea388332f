import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DrillStory } from '../../domain/record';
import type { ExecutionRecord } from '../../local/services/step-functions';
import type { WholeDrillOptions } from '../../local/whole-drill';

/** A drill to run: options that are data, so that another process can be told. */
export interface DrillRequest extends Omit<WholeDrillOptions, 'config'> {
  readonly name: string;
  /** Input of the execution. */
  readonly input?: unknown;
  /** Texts of drill.yaml that are replaced. */
  readonly replace?: readonly (readonly [string, string])[];
}

/** What a drill left, as a test asserts it. */
export interface DrillOutcome {
  readonly story: DrillStory;
  readonly execution: ExecutionRecord;
  /** ARNs of what exists afterwards. */
  readonly leftovers: readonly string[];
  readonly mails: readonly {
    readonly to: readonly string[];
    readonly subject: string;
    readonly text: string;
    readonly html: string;
  }[];
  readonly isLeaseFree: boolean;
  readonly openDrills: number;
  /** The stored JSON report. */
  readonly report: unknown;
}

const ROOT = join(__dirname, '..', '..');

/** Runs drills in one process of their own and returns their outcomes by name. */
export async function drilled(requests: readonly DrillRequest[]): Promise<Readonly<Record<string, DrillOutcome>>> {
  const args = ['--import', 'tsx', join(ROOT, 'test', 'support', 'drill-worker.ts'), JSON.stringify(requests)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, maxBuffer: 256 * 1024 * 1024 });
  const outcomes = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DrillOutcome & { name: string });
  return Object.fromEntries(outcomes.map(({ name, ...outcome }) => [name, outcome]));
}
