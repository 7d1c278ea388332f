import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { CodeFolders } from './bundle';
import { DeadLetters } from './dead-letters';
import { grantReadExecutions } from './drill-executions';
import { DrillFunction } from './drill-function';
import type { HistoryTable } from './history-table';

export interface GuardProps {
  readonly code: CodeFolders;
  readonly history: HistoryTable;
  readonly drill: StateMachine;
  readonly teardown: StateMachine;
}

/**
 * The guard outside the machines: no Catch runs in an execution that was aborted or timed out, so a rule on its end
 * wakes a Lambda that starts the teardown of a drill that did not close itself, and another one should that teardown die
 * as well. EventBridge delivers these events at
 * best effort, and *Open drill* therefore looks for dead holders of a lease as well.
 */
export class Guard extends Construct {
  readonly lambda: DrillFunction<'guard-drill'>;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: GuardProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.lambda = new DrillFunction(this, 'Function', {
      entry: 'guard-drill',
      code: props.code,
      environment: {
        TABLE_NAME: props.history.table.tableName,
        TEARDOWN_MACHINE_ARN: props.teardown.stateMachineArn,
      },
      deadLetterQueue: this.deadLetters,
    });
    props.history.grantReadWrite(this.lambda);
    props.teardown.grantStartExecution(this.lambda);
    grantReadExecutions(this.lambda);

    new Rule(this, 'Rule', {
      description: 'A drill or a teardown ended without success',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [props.drill.stateMachineArn, props.teardown.stateMachineArn],
          status: ['ABORTED', 'FAILED', 'TIMED_OUT'],
        },
      },
      targets: [
        new LambdaFunction(this.lambda, {
          deadLetterQueue: this.deadLetters,
          // A drill cluster costs money by the hour: what was not delivered within two is a case for the alarm.
          maxEventAge: Duration.hours(2),
          retryAttempts: 20,
        }),
      ],
    });
  }
}
