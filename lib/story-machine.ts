import { RemovalPolicy, type Duration } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { MACHINE } from '../domain/names';

export interface StoryMachineProps {
  readonly name: (typeof MACHINE)[keyof typeof MACHINE];
  readonly comment: string;
  readonly start: IChainable;
  /** When the whole execution is given up. No Catch runs then, so it lies beyond the timeouts of its states. */
  readonly timeout: Duration;
}

/** A standard workflow under its fixed name, with everything it does logged and traced. */
export class StoryMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: StoryMachineProps) {
    super(scope, id);
    this.log = new LogGroup(this, 'Log', {
      // Under this prefix one resource policy serves all machines; without it each adds to a policy of limited size.
      logGroupName: `/aws/vendedlogs/states/${props.name}`,
      retention: RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stateMachine = new StateMachine(this, 'Machine', {
      stateMachineName: props.name,
      comment: props.comment,
      definitionBody: DefinitionBody.fromChainable(props.start),
      timeout: props.timeout,
      tracingEnabled: true,
      // Execution data holds ids and reasons, no secrets: `domain/` keeps those out of the state.
      logs: { destination: this.log, level: LogLevel.ALL, includeExecutionData: true },
    });
  }
}
