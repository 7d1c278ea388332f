import { Duration, TimeZone } from 'aws-cdk-lib';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Schedule as TargetTimes } from '../domain/settings';

export interface TargetScheduleProps {
  /** Name of the target that is drilled. */
  readonly target: string;
  readonly times: TargetTimes;
  readonly drill: StateMachine;
  readonly deadLetters: IQueue;
}

/** Starts the drills of one target. The scheduled time goes along, so that a second delivery of it is recognised. */
export class TargetSchedule extends Construct {
  constructor(scope: Construct, id: string, { target, times, drill, deadLetters }: TargetScheduleProps) {
    super(scope, id);
    new Schedule(this, 'Schedule', {
      scheduleName: `cluster-drill-${target}`,
      description: `Drills ${target}`,
      // `TimeZone.of`: the constants lack zones, and one that is undefined would silently mean UTC.
      schedule: ScheduleExpression.expression(`cron(${times.cron})`, TimeZone.of(times.timeZone)),
      enabled: times.enabled,
      target: new StepFunctionsStartExecution(drill, {
        input: ScheduleTargetInput.fromObject({ target, scheduledAt: ContextAttribute.scheduledTime }),
        // A drill that starts in the middle of the working day is worse than one that is missed and alarmed about;
        // the defaults would try for a day.
        retryAttempts: 3,
        maxEventAge: Duration.hours(2),
        deadLetterQueue: deadLetters,
      }),
    });
  }
}
