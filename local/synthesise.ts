import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../domain/config';
import { sourceFolders, type CodeFolders } from '../lib/bundle';
import { clusterDrillApp } from '../lib/cluster-drill-app';
import { readTemplate, type AssetManifest, type DrillTemplate, type Template } from './template';
import type { Place } from './intrinsics';

export interface SynthesiseOptions {
  readonly config: Config;
  /** Where the synthesised output is written; it is made when it is missing. */
  readonly outdir: string;
  /** Whose stack is wanted, by name. @default the default target */
  readonly target?: string;
  /**
   * The builds' steps where buildspecs run them (`bundleSteps`). Lambdas are never bundled: a local drill calls their
   * handlers in its own process.
   * @default the sources, which no buildspec can run
   */
  readonly steps?: Pick<CodeFolders, 'build'>;
}

/** A synthesised stack. */
export interface Synthesised {
  readonly place: Place;
  /** As it would be deployed, with every intrinsic resolved; asset paths are absolute. */
  readonly stack: DrillTemplate;
  /** As CloudFormation gets it. */
  readonly template: Template;
}

/**
 * Synthesises the CDK app in this process and reads the stack of one target. The same app as `cdk synth` runs, without
 * the CLI, CDK's own validator (1.4 s) and the bundling of Lambdas.
 * @throws Error when the configuration has no such target.
 */
export function synthesise({ config, outdir, target, steps }: SynthesiseOptions): Synthesised {
  const wanted = config.targets.find(({ settings }) => target === undefined || settings.name === target);
  if (!wanted) throw new Error(`there is no target "${target}" to synthesise`);
  const { account, region } = wanted.settings;
  const assembly = withoutValidation(() =>
    clusterDrillApp(config, { ...sourceFolders, ...steps }, { outdir, treeMetadata: false, context: QUICK }).synth(),
  );
  const artifact = assembly.stacks.find(
    ({ environment }) => environment.account === account && environment.region === region,
  )!;
  const template = artifact.template as Template;
  const manifest = readJson(join(outdir, `${artifact.id}.assets.json`)) as AssetManifest;
  const stack = readTemplate(template, { account, region }, absolutePaths(manifest, outdir));
  return { place: { account, region }, stack, template };
}

/** Nobody reads where in our code a resource was made. */
const QUICK = { 'aws:cdk:disable-stack-trace': true };

/** CDK reads this variable when it synthesises and has no property for it. */
function withoutValidation<Result>(run: () => Result): Result {
  const before = process.env['CDK_VALIDATION'];
  process.env['CDK_VALIDATION'] = 'false';
  try {
    return run();
  } finally {
    if (before === undefined) delete process.env['CDK_VALIDATION'];
    else process.env['CDK_VALIDATION'] = before;
  }
}

function absolutePaths({ files }: AssetManifest, outdir: string): AssetManifest {
  return {
    files: Object.fromEntries(
      Object.entries(files).map(([hash, file]) => [
        hash,
        { ...file, source: { ...file.source, path: join(outdir, file.source.path) } },
      ]),
    ),
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
