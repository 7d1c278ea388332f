import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { ABANDONED_NOTICE } from '../../domain/abandoned';
import { MISSED_QUARTER_NOTICE } from '../../domain/quarter';
import { NEVER_RAISED, RAISED_WHEN } from '../../local/simulation/alarms';
import { sampleStack } from '../support/stack';

const { assertions } = sampleStack();
const alarms = Object.values(assertions.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties as { AlarmName: string; AlarmDescription: string; AlarmActions: unknown[] },
);

test.each(alarms)('$AlarmName tells which heading of the runbook helps', ({ AlarmDescription, AlarmName }) => {
  const heading = /docs\/runbook\.md, "(.+)"/.exec(AlarmDescription)?.[1];
  expect(AlarmName).toBe(`cluster-drill: ${heading}`);
  const runbook = readFileSync(join(__dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
  expect(runbook.split('\n')).toContain(`## ${heading}`);
});

test.each(alarms)('$AlarmName reaches somebody', ({ AlarmActions }) => {
  expect(AlarmActions.length).toBe(1);
  assertions.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'team@example.com' });
});

test('the fault simulation raises each alarm, or says why no simulated drill can', () => {
  const simulated = [...Object.keys(RAISED_WHEN), ...Object.keys(NEVER_RAISED)];
  const headings = alarms.map(({ AlarmName }) => AlarmName.replace('cluster-drill: ', ''));
  expect(simulated.toSorted()).toEqual(headings.toSorted());
});

test('a failed, an aborted and a timed-out drill all raise the same alarm', () => {
  assertions.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'cluster-drill: Failed drill',
    Metrics: Match.arrayWith(
      ['ExecutionsFailed', 'ExecutionsAborted', 'ExecutionsTimedOut'].map((MetricName) =>
        Match.objectLike({ MetricStat: { Metric: Match.objectLike({ MetricName }) } }),
      ),
    ),
  });
});

test('an unsent report is counted by the state that notes it, in both machines that send', () => {
  const counted = '{ ($.type = "TaskStateEntered") && ($.details.name = "Note unsent report") }';
  expect(filterPatterns().filter((pattern) => pattern === counted)).toHaveLength(2);
});

test.each([ABANDONED_NOTICE, MISSED_QUARTER_NOTICE])('%s is counted for as long as it is said', (notice) => {
  expect(filterPatterns()).toContain(`{ $.notice = "${notice}" }`);
});

test('a patrol that has not gone round for two hours raises an alarm: no figures count as none', () => {
  assertions.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'cluster-drill: Silent patrol',
    Metrics: Match.arrayWith([
      Match.objectLike({ Expression: 'FILL(rounds, 0)' }),
      Match.objectLike({
        Id: 'rounds',
        MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName: 'Invocations' }), Period: 3600 }),
      }),
    ]),
    EvaluationPeriods: 2,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  });
});

function filterPatterns(): string[] {
  const filters = Object.values(assertions.findResources('AWS::Logs::MetricFilter'));
  return filters.map(({ Properties }) => (Properties as { FilterPattern: string }).FilterPattern);
}
