import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { CodeFolders } from './bundle';
import { DeadLetters } from './dead-letters';
import type { DeployedTargets } from './deployed-targets';
import { DrillFunction } from './drill-function';
import type { HistoryTable } from './history-table';
import type { ReportMail } from './report-mail';

export interface QuarterCheckProps {
  readonly code: CodeFolders;
  readonly history: HistoryTable;
  readonly targets: DeployedTargets;
  readonly mail: ReportMail;
}

export const QUARTER_CHECK_PERIOD = Duration.days(1);

/** The daily look for targets that were not drilled in their quarter: a schedule that never fired raises no alarm itself. */
export class QuarterCheck extends Construct {
  readonly lambda: DrillFunction<'check-quarter'>;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { code, history, mail, targets }: QuarterCheckProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.lambda = new DrillFunction(this, 'Function', {
      entry: 'check-quarter',
      code,
      environment: {
        TABLE_NAME: history.table.tableName,
        ...targets.environment,
        CONFIGURATION_SET: mail.configurationSetName,
      },
      deadLetterQueue: this.deadLetters,
    });
    history.grantReadWrite(this.lambda);
    targets.grantRead(this.lambda);
    mail.grantSend(this.lambda);

    new Rule(this, 'EveryDay', {
      description: 'Looks for targets that were not drilled in their quarter',
      schedule: Schedule.rate(QUARTER_CHECK_PERIOD),
      targets: [new LambdaFunction(this.lambda, { deadLetterQueue: this.deadLetters })],
    });
  }
}
