import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { targetsSchema, type Settings } from '../domain/settings';

/**
 * The settings of the targets as an asset, for the Lambdas that must know all of them: drill.yaml has no limit of 4 KB
 * as the environment of a Lambda has.
 */
export class DeployedTargets extends Construct {
  /** Where a Lambda finds them. */
  readonly environment: { readonly TARGETS_BUCKET: string; readonly TARGETS_KEY: string };
  private readonly asset: Asset;

  /** @param targets the first is the default target. */
  constructor(scope: Construct, id: string, targets: readonly Settings[]) {
    super(scope, id);
    const file = join(Stage.of(this)!.outdir, `${Stack.of(this).artifactId}.targets.json`);
    writeFileSync(file, JSON.stringify(targetsSchema.parse(targets)));
    this.asset = new Asset(this, 'Targets', { path: file });
    this.environment = { TARGETS_BUCKET: this.asset.s3BucketName, TARGETS_KEY: this.asset.s3ObjectKey };
  }

  /** Allows reading this one object. */
  grantRead(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject'],
      resourceArns: [this.asset.bucket.arnForObjects(this.asset.s3ObjectKey)],
    });
  }
}
