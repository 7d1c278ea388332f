import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { Config } from '../../domain/config';
import { sourceFolders } from '../../lib/bundle';
import { clusterDrillApp } from '../../lib/cluster-drill-app';
import { synthesise, type Synthesised } from '../../local/synthesise';
import { sampleConfig } from './settings';

/** The stack of a configuration's first target, synthesised unbundled into a folder that is gone afterwards. */
export function sampleStack(config: Config = sampleConfig()): Synthesised & { readonly assertions: Template } {
  const outdir = mkdtempSync(join(tmpdir(), 'cluster-drill-'));
  try {
    const synthesised = synthesise({ config, outdir });
    return { ...synthesised, assertions: Template.fromJSON({ ...synthesised.template }) };
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
