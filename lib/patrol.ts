import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { CodeFolders } from './bundle';
import { DeadLetters } from './dead-letters';
import type { DeployedTargets } from './deployed-targets';
import { grantReadExecutions, grantStopDrills } from './drill-executions';
import { DrillFunction } from './drill-function';
import type { HistoryTable } from './history-table';
import { readCluster, readInventory } from './permissions';
import type { ReportMail } from './report-mail';

export interface PatrolProps {
  readonly code: CodeFolders;
  readonly history: HistoryTable;
  readonly targets: DeployedTargets;
  readonly teardown: StateMachine;
  readonly mail: ReportMail;
}

/** How often the patrol goes round, and the time that a lost event costs at the most. */
export const PATROL_PERIOD = Duration.hours(1);

/** The guard's hourly round, for what no event tells: it finds what is dead, unused or left. */
export class Patrol extends Construct {
  readonly lambda: DrillFunction<'patrol-drills'>;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { code, history, mail, targets, teardown }: PatrolProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.lambda = new DrillFunction(this, 'Function', {
      entry: 'patrol-drills',
      code,
      environment: {
        TABLE_NAME: history.table.tableName,
        TEARDOWN_MACHINE_ARN: teardown.stateMachineArn,
        ...targets.environment,
        CONFIGURATION_SET: mail.configurationSetName,
      },
      // An inventory for each drill that left something, each of some twenty requests; the next round goes on.
      timeout: Duration.minutes(10),
      deadLetterQueue: this.deadLetters,
    });
    history.grantReadWrite(this.lambda);
    history.grantLease(this.lambda);
    targets.grantRead(this.lambda);
    teardown.grantStartExecution(this.lambda);
    grantReadExecutions(this.lambda);
    grantStopDrills(this.lambda);
    mail.grantSend(this.lambda);
    this.lambda.addToRolePolicy(readInventory());
    this.lambda.addToRolePolicy(readCluster(this));

    new Rule(this, 'EveryHour', {
      description: 'Sends the patrol on its round',
      schedule: Schedule.rate(PATROL_PERIOD),
      // Not tried again for long: the next round is near.
      targets: [new LambdaFunction(this.lambda, { deadLetterQueue: this.deadLetters, maxEventAge: PATROL_PERIOD })],
    });
  }
}
