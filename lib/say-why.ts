import { Fail, JsonPath, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { FAILURE_PATH } from './story-tasks';

/**
 * An end for an error that one of our Lambdas threw by name. What Step Functions caught has the sentence inside JSON
 * (`{"errorType", "errorMessage", "trace"}`); the Pass takes it out, so that the console shows the sentence and no
 * stack trace. Only for errors of our own vocabulary: the cause of others need not be JSON.
 */
export function sayWhy(scope: Construct, pass: string, end: string): Pass {
  const fail = new Fail(scope, end, {
    errorPath: `${FAILURE_PATH}.Error`,
    causePath: `${FAILURE_PATH}.Answer.errorMessage`,
  });
  const saying = new Pass(scope, pass, {
    parameters: {
      Error: JsonPath.stringAt(`${FAILURE_PATH}.Error`),
      Answer: JsonPath.stringToJson(JsonPath.stringAt(`${FAILURE_PATH}.Cause`)),
    },
    resultPath: FAILURE_PATH,
  });
  saying.next(fail);
  return saying;
}
