import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Stats,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { UNSENT_REPORT_STATE } from './closing-states';
import type { Guard } from './guard';
import type { StoryMachine } from './story-machine';

export interface AlarmsProps {
  readonly topic: ITopic;
  readonly drill: StoryMachine;
  readonly teardown: StoryMachine;
  readonly guard: Guard;
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
    const { drill, guard, missedStarts, teardown } = props;
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
      'MissedStart',
      'Missed start',
      'EventBridge Scheduler could not start a drill; start it by hand.',
      depth(missedStarts),
    );
  }

  private alarm(id: string, heading: string, sentence: string, metric: IMetric): void {
    new Alarm(this, id, {
      alarmName: `cluster-drill: ${heading}`,
      alarmDescription: `${sentence} What to do: docs/runbook.md, "${heading}".`,
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(this.props.topic));
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
