import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadConfig, type Config } from '../domain/config';
import { UserError } from '../domain/errors';
import { bundle } from '../lib/bundle';
import { clusterDrillApp } from '../lib/cluster-drill-app';

/** The app that `cdk.json` names, for drill.yaml or what `-c config=PATH` names. (Context is read through an app of its own.) */
async function main(): Promise<void> {
  const file = (new App({ autoSynth: false }).node.tryGetContext('config') as string | undefined) ?? 'drill.yaml';
  clusterDrillApp(readConfig(file), await bundle(join('dist', 'bundle'))).synth();
}

function readConfig(file: string): Config {
  if (!existsSync(file)) throw new UserError(`${file} does not exist; write it, or name another by -c config=PATH.`);
  return loadConfig(readFileSync(file, 'utf8'), file);
}

main().catch((error: unknown) => {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
