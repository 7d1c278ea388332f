import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Limits } from '../domain/limits';
import type { CodeFolders } from './bundle';
import type { DeployedTargets } from './deployed-targets';
import { grantReadExecutions, grantStopDrills } from './drill-executions';
import { DrillFunction } from './drill-function';
import type { HistoryTable } from './history-table';

export interface OpenDrillProps {
  readonly targets: DeployedTargets;
  readonly limits: Limits;
  readonly code: CodeFolders;
  readonly history: HistoryTable;
  /** Started for a drill whose execution died and left its lease. */
  readonly teardown: StateMachine;
}

/** *Open drill* with what it may do: it also starts the teardown machine, which the other Lambdas do not know. */
export class OpenDrill extends Construct {
  readonly lambda: DrillFunction<'open-drill'>;

  constructor(scope: Construct, id: string, { code, history, limits, targets, teardown }: OpenDrillProps) {
    super(scope, id);
    this.lambda = new DrillFunction(this, 'Function', {
      entry: 'open-drill',
      code,
      environment: {
        TABLE_NAME: history.table.tableName,
        ...targets.environment,
        TEARDOWN_MACHINE_ARN: teardown.stateMachineArn,
        LIMITS: JSON.stringify(limits),
      },
    });
    history.grantReadWrite(this.lambda);
    history.grantLease(this.lambda);
    targets.grantRead(this.lambda);
    teardown.grantStartExecution(this.lambda);
    grantReadExecutions(this.lambda);
    grantStopDrills(this.lambda);
  }
}
