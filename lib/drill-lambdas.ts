import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { BUILDS, projectNameOf } from '../domain/names';
import type { CodeFolders } from './bundle';
import type { DrillBuckets } from './drill-buckets';
import { DrillFunction } from './drill-function';
import type { LambdaEnvironments, LambdaName } from './entries';
import type { HistoryTable } from './history-table';
import { readCluster, readInventory, removeLeaks } from './permissions';
import type { ReportMail } from './report-mail';

export interface DrillLambdasProps {
  readonly code: CodeFolders;
  readonly history: HistoryTable;
  readonly buckets: DrillBuckets;
  readonly mail: ReportMail;
}

/** Reading a cluster's API takes seconds; an API that does not answer takes the timeouts of several requests. */
const CLUSTER_TIMEOUT = Duration.minutes(3);

/** Reading or changing a whole account takes pages of requests, throttled by AWS. */
const INVENTORY_TIMEOUT = Duration.minutes(10);

/**
 * The Lambdas that the three machines invoke while a drill runs, each with its grants beside it. (*Open drill* and the
 * guard also start the teardown machine, which invokes these, so they are made after it.)
 */
export class DrillLambdas extends Construct {
  readonly readLayerHealth: DrillFunction<'read-layer-health'>;
  readonly awaitManualStep: DrillFunction<'await-manual-step'>;
  readonly noteFailure: DrillFunction<'note-failure'>;
  readonly stopBuilds: DrillFunction<'stop-builds'>;
  readonly findLeaks: DrillFunction<'find-leaks'>;
  readonly sweepLeaks: DrillFunction<'sweep-leaks'>;
  readonly judgeDrill: DrillFunction<'judge-drill'>;
  readonly sendReport: DrillFunction<'send-report'>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DrillLambdasProps,
  ) {
    super(scope, id);
    const { buckets, history, mail } = props;
    const TABLE_NAME = history.table.tableName;
    const EVIDENCE_BUCKET = buckets.evidence.bucketName;
    const CONFIGURATION_SET = mail.configurationSetName;

    this.readLayerHealth = this.make(
      'ReadLayerHealth',
      'read-layer-health',
      { TABLE_NAME },
      [readCluster(this)],
      CLUSTER_TIMEOUT,
    );
    this.awaitManualStep = this.make('AwaitManualStep', 'await-manual-step', { TABLE_NAME, CONFIGURATION_SET });
    mail.grantSend(this.awaitManualStep);

    this.noteFailure = this.make(
      'NoteFailure',
      'note-failure',
      { TABLE_NAME, EVIDENCE_BUCKET },
      [readCluster(this)],
      CLUSTER_TIMEOUT,
    );
    buckets.grantEvidence(this.noteFailure);

    this.stopBuilds = this.make('StopBuilds', 'stop-builds', {
      TABLE_NAME,
      PROJECTS: BUILDS.map(projectNameOf).join(','),
    });
    this.findLeaks = this.make(
      'FindLeaks',
      'find-leaks',
      { TABLE_NAME },
      [readInventory(), readCluster(this)],
      INVENTORY_TIMEOUT,
    );
    this.sweepLeaks = this.make(
      'SweepLeaks',
      'sweep-leaks',
      { TABLE_NAME },
      [readInventory(), readCluster(this), ...removeLeaks(this)],
      INVENTORY_TIMEOUT,
    );

    this.judgeDrill = this.make('JudgeDrill', 'judge-drill', { TABLE_NAME });
    history.grantLease(this.judgeDrill);

    this.sendReport = this.make('SendReport', 'send-report', { TABLE_NAME, EVIDENCE_BUCKET, CONFIGURATION_SET });
    buckets.grantEvidence(this.sendReport);
    mail.grantSend(this.sendReport);
  }

  /** Every Lambda reads and writes the record of its drill. */
  private make<Name extends LambdaName>(
    id: string,
    entry: Name,
    environment: LambdaEnvironments[Name],
    statements: readonly PolicyStatement[] = [],
    timeout?: Duration,
  ): DrillFunction<Name> {
    const { code, history } = this.props;
    const lambda = new DrillFunction<Name>(this, id, { entry, code, environment, ...(timeout ? { timeout } : {}) });
    history.grantReadWrite(lambda);
    for (const statement of statements) lambda.addToRolePolicy(statement);
    return lambda;
  }
}
