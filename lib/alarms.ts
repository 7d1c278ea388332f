import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Stats,
  TreatMissingData,
  type AlarmProps,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ABANDONED_NOTICE } from '../domain/abandoned';
import { MISSED_QUARTER_NOTICE } from '../domain/quarter';
import { UNSENT_REPORT_STATE } from './closing-states';
import type { Guard } from './guard';
import { PATROL_PERIOD, type Patrol } from './patrol';
import { QUARTER_CHECK_PERIOD, type QuarterCheck } from './quarter-check';
import type { StoryMachine } from './story-machine';

export interface AlarmsProps {
  readonly topic: ITopic;
  readonly drill: StoryMachine;
  readonly teardown: StoryMachine;
  readonly guard: Guard;
  readonly patrol: Patrol;
  readonly quarterCheck: QuarterCheck;
  /** Starts that EventBridge Scheduler could not deliver. */
  readonly missedStarts: IQueue;
}

const PERIOD = Duration.minutes(5);

/**
 * The alarms, each named like its heading in docs/runbook.md. They go out by SNS and not by SES, so that the mail that
 * does not work is not the one that has to say so.
 */
export class Alarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    const { drill, guard, missedStarts, patrol, quarterCheck, teardown } = props;
    this.alarm('FailedDrill', 'Failed drill', 'A drill failed, was aborted or timed out.', unsuccessful(drill));
    this.alarm(
      'FailedTeardown',
      'Failed teardown',
      'A teardown ended with something left; it may cost money until it is removed.',
      unsuccessful(teardown),
    );
    this.alarm('UnsentReport', 'Unsent report', 'The report of a drill could not be mailed.', this.unsentReports());
    this.alarm(
      'FailedGuard',
      'Failed guard',
      'A drill ended without closing itself, and its teardown could not be started.',
      sumOf({ errors: guard.lambda.metricErrors({ period: PERIOD }), undelivered: depth(guard.deadLetters) }),
    );
    this.alarm(
      'FailedPatrol',
      'Failed patrol',
      'The hourly patrol could not finish its round; what it should find may be running.',
      sumOf({ errors: patrol.lambda.metricErrors({ period: PERIOD }), undelivered: depth(patrol.deadLetters) }),
    );
    this.absence(
      'SilentPatrol',
      'Silent patrol',
      'The hourly patrol has not gone round for two hours; what it should find may be running.',
      // Without FILL an alarm would go by the last figures for as long as it looks back, which is longer than two periods.
      new MathExpression({
        expression: 'FILL(rounds, 0)',
        period: PATROL_PERIOD,
        usingMetrics: {
          rounds: patrol.lambda.metricInvocations({ period: PATROL_PERIOD, statistic: Stats.SUM }),
        },
      }),
    );
    this.alarm(
      'AbandonedResources',
      'Abandoned resources',
      'Resources of a drill are left that nothing will remove; the patrol has mailed a list.',
      this.notices(patrol.lambda, ABANDONED_NOTICE, 'AbandonedResources', PATROL_PERIOD),
    );
    this.alarm(
      'MissedQuarter',
      'Missed quarter',
      'A target was not drilled in its quarter, or the quarter ends soon; the mail says which.',
      this.notices(quarterCheck.lambda, MISSED_QUARTER_NOTICE, 'MissedQuarters', QUARTER_CHECK_PERIOD),
    );
    this.alarm(
      'FailedQuarterCheck',
      'Failed quarter check',
      'The daily look for targets that were not drilled failed.',
      sumOf({
        errors: quarterCheck.lambda.metricErrors({ period: PERIOD }),
        undelivered: depth(quarterCheck.deadLetters),
      }),
    );
    this.alarm(
      'MissedStart',
      'Missed start',
      'EventBridge Scheduler could not start a drill; start it by hand.',
      depth(missedStarts),
    );
  }

  /** Raised by the first thing that is counted; nothing to count is good. */
  private alarm(id: string, heading: string, sentence: string, metric: IMetric): void {
    this.add(id, heading, sentence, {
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Raised when nothing was counted in two periods: what did not run sends no figures, so missing ones are bad. */
  private absence(id: string, heading: string, sentence: string, metric: IMetric): void {
    this.add(id, heading, sentence, {
      metric,
      threshold: 1,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  private add(id: string, heading: string, sentence: string, props: AlarmProps): void {
    new Alarm(this, id, {
      alarmName: `cluster-drill: ${heading}`,
      alarmDescription: `${sentence} What to do: docs/runbook.md, "${heading}".`,
      ...props,
    }).addAlarmAction(new SnsAction(this.props.topic));
  }

  /** Lines of a Lambda's log that are JSON with this `notice`. */
  private notices(lambda: LambdaFunction, notice: string, metricName: string, period: Duration): IMetric {
    const filter = new MetricFilter(this, `${metricName}Filter`, {
      logGroup: lambda.logGroup,
      metricNamespace: 'cluster-drill',
      metricName,
      filterPattern: FilterPattern.stringValue('$.notice', '=', notice),
      metricValue: '1',
    });
    return filter.metric({ statistic: Stats.SUM, period });
  }

  /** Counted in the machines' logs, as both of them send reports and the Lambda's own errors include retried ones. */
  private unsentReports(): IMetric {
    const { drill, teardown } = this.props;
    return sumOf({
      drill: this.unsentReportsOf(drill, 'UnsentReportsOfDrill'),
      teardown: this.unsentReportsOf(teardown, 'UnsentReportsOfTeardown'),
    });
  }

  private unsentReportsOf(machine: StoryMachine, metricName: string): IMetric {
    const filter = new MetricFilter(this, metricName, {
      logGroup: machine.log,
      metricNamespace: 'cluster-drill',
      metricName,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.type', '=', 'TaskStateEntered'),
        FilterPattern.stringValue('$.details.name', '=', UNSENT_REPORT_STATE),
      ),
      metricValue: '1',
    });
    return filter.metric({ statistic: Stats.SUM, period: PERIOD });
  }
}

function unsuccessful({ stateMachine }: StoryMachine): IMetric {
  return sumOf({
    failed: stateMachine.metricFailed({ period: PERIOD }),
    aborted: stateMachine.metricAborted({ period: PERIOD }),
    timedOut: stateMachine.metricTimedOut({ period: PERIOD }),
  });
}

/** `SUM` passes over a metric without data; `a + b` would have none as soon as one of them has none, and never alarm. */
function sumOf(metrics: Record<string, IMetric>): IMetric {
  return new MathExpression({ expression: 'SUM(METRICS())', period: PERIOD, usingMetrics: metrics });
}

function depth(queue: IQueue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM });
}
