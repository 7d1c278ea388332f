import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { targetsSchema, type Settings } from '../domain/settings';
import type { CodeFolders } from './bundle';
import { grantReadExecutions } from './drill-executions';
import { DrillFunction } from './drill-function';
import type { HistoryTable } from './history-table';

export interface OpenDrillProps {
  /** The first is the default target. */
  readonly targets: readonly Settings[];
  readonly code: CodeFolders;
  readonly history: HistoryTable;
  /** Started for a drill whose execution died and left its lease. */
  readonly teardown: StateMachine;
}

/**
 * *Open drill* with what it reads: the deployed targets, as an asset, because drill.yaml has no limit of 4 KB as the
 * environment of a Lambda has.
 */
export class OpenDrill extends Construct {
  readonly lambda: DrillFunction<'open-drill'>;

  constructor(scope: Construct, id: string, props: OpenDrillProps) {
    super(scope, id);
    const targets = this.targetsAsset(props.targets);
    this.lambda = new DrillFunction(this, 'Function', {
      entry: 'open-drill',
      code: props.code,
      environment: {
        TABLE_NAME: props.history.table.tableName,
        TARGETS_BUCKET: targets.s3BucketName,
        TARGETS_KEY: targets.s3ObjectKey,
        TEARDOWN_MACHINE_ARN: props.teardown.stateMachineArn,
      },
    });
    props.history.grantReadWrite(this.lambda);
    props.history.grantLease(this.lambda);
    props.teardown.grantStartExecution(this.lambda);
    grantReadExecutions(this.lambda);
    Grant.addToPrincipal({
      grantee: this.lambda,
      actions: ['s3:GetObject'],
      resourceArns: [targets.bucket.arnForObjects(targets.s3ObjectKey)],
    });
  }

  private targetsAsset(targets: readonly Settings[]): Asset {
    const file = join(Stage.of(this)!.outdir, `${Stack.of(this).artifactId}.targets.json`);
    writeFileSync(file, JSON.stringify(targetsSchema.parse(targets)));
    return new Asset(this, 'Targets', { path: file });
  }
}
