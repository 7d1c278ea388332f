import { Fail, JsonPath, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { DrillLambdas } from './drill-lambdas';
import { CAUGHT, catchAll, FAILURE_PATH, invoke } from './story-tasks';

/** The name of the state that is entered when a report could not be mailed: the alarm counts its log entries. */
export const UNSENT_REPORT_STATE = 'Note unsent report';

/**
 * *Judge drill* and *Send report*, the end of every drill, whoever closes it: the drill itself, or the teardown of a
 * drill that died. A report that cannot be mailed is noted and raises an alarm, and never hides the verdict.
 * @param next what follows, with `$.verdict`.
 */
export function closingStates(scope: Construct, lambdas: DrillLambdas, next: IChainable): IChainable {
  const judge = invoke(scope, 'Judge drill', {
    lambda: lambdas.judgeDrill,
    payload: { drillId: JsonPath.stringAt('$.drill.drillId') },
    result: {
      path: '$.verdict',
      keep: { 'passed.$': '$.Payload.passed', 'outcome.$': '$.Payload.outcome' },
    },
  });
  const send = invoke(scope, 'Send report', {
    lambda: lambdas.sendReport,
    payload: { drillId: JsonPath.stringAt('$.drill.drillId'), executionArn: JsonPath.executionId },
  });
  // The record stays open and keeps its lease until the guard, which this red end wakes, closes it.
  catchAll(judge, new Fail(scope, 'Drill not judged', CAUGHT));
  catchAll(send, noteFailure(scope, UNSENT_REPORT_STATE, 'Send report', lambdas, next));
  judge.next(send).next(next);
  return judge;
}

/**
 * A task that notes what a Catch put at `$.failure`. A note that fails must not stop the story: it goes on all the same.
 * @param where the state that failed.
 */
export function noteFailure(
  scope: Construct,
  name: string,
  where: string,
  lambdas: DrillLambdas,
  next: IChainable,
): LambdaInvoke {
  const note = invoke(scope, name, {
    lambda: lambdas.noteFailure,
    payload: {
      drillId: JsonPath.stringAt('$.drill.drillId'),
      where,
      error: JsonPath.objectAt(FAILURE_PATH),
    },
  });
  catchAll(note, next);
  note.next(next);
  return note;
}
