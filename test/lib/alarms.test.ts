import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
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
  const filters = Object.values(assertions.findResources('AWS::Logs::MetricFilter'));
  expect(filters.map(({ Properties }) => (Properties as { FilterPattern: string }).FilterPattern)).toEqual(
    Array.from({ length: 2 }, () => '{ ($.type = "TaskStateEntered") && ($.details.name = "Note unsent report") }'),
  );
});
