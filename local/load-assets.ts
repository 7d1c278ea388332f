import { readFileSync, statSync } from 'node:fs';
import type { S3 } from './services/s3';
import type { TemplateAsset } from './template';

/**
 * Puts the stack's file assets into their bucket, as `cdk deploy` does. Folders are the code of builds and Lambdas, which
 * are run from where they lie.
 */
export function loadAssets(assets: readonly TemplateAsset[], s3: S3): void {
  for (const { bucket, key, path } of assets) {
    if (statSync(path).isFile()) s3.write(bucket, key, readFileSync(path));
  }
}
