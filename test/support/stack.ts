import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { Config } from '../../domain/config';
import { sourceFolders } from '../../lib/bundle';
import { clusterDrillApp } from '../../lib/cluster-drill-app';
import { synthesise, type Synthesised } from '../../local/synthesise';
import { sampleConfig } from './settings';

type SampleStack = Synthesised & { readonly assertions: Template };

/** Test files of a worker share its globals, and most of them look at the same stack. */
const kept = globalThis as { sampleStacks?: Map<string, SampleStack> };

/**
 * The stack of a configuration's first target, synthesised unbundled into a folder that is gone afterwards. It is shared
 * by all who ask for it, and must not be changed.
 */
export function sampleStack(config: Config = sampleConfig()): SampleStack {
  const key = JSON.stringify([process.env['TEST_RUN'], config]);
  const stacks = (kept.sampleStacks ??= new Map());
  const stack = stacks.get(key) ?? synthesised(config);
  stacks.set(key, stack);
  return stack;
}

function synthesised(config: Config): SampleStack {
  const outdir = mkdtempSync(join(tmpdir(), 'cluster-drill-'));
  try {
    const stack = synthesise({ config, outdir });
    return { ...stack, assertions: Template.fromJSON({ ...stack.template }) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The app of a configuration, for tests that look at constructs and not at templates. */
export function withSampleApp<Result>(
  use: (app: ReturnType<typeof clusterDrillApp>, outdir: string) => Result,
): Result {
  const outdir = mkdtempSync(join(tmpdir(), 'cluster-drill-'));
  try {
    return use(clusterDrillApp(sampleConfig(), sourceFolders, { outdir }), outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
