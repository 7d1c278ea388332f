import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Errors,
  IntegrationPattern,
  JsonPath,
  TaskInput,
  Timeout,
  type IChainable,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions';
import { CodeBuildStartBuild, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { ErrorName } from '../domain/errors';
import { DRILL_ID_VARIABLE, TERRAFORM_VERSION_VARIABLE } from '../domain/names';
import type { DrillBuild } from './drill-build';

/** `States.ALL` does not match it, although any large answer may cause it. */
const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded';

/**
 * What may be tried again of a Lambda: the service's own failures, its throttling, and what our code says is transient.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const RETRIED_LAMBDA_ERRORS: readonly string[] = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  ErrorName.Transient,
];

/**
 * A Lambda that died, ran out of memory or ran into its own timeout: `Lambda.Unknown` by the same page, otherwise the
 * `errorType` that Lambda answers with, whose names AWS has changed. All of ours may run twice, so it is tried once more;
 * two times 15 minutes, a Lambda's limit, are what `lib/deadlines.ts` allows for the last of a teardown.
 */
const DEAD_LAMBDA_ERRORS: readonly string[] = [
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'Runtime.OutOfMemory',
];

/**
 * CodeBuild refused to start the build, as the account runs as many as it may: nothing has begun, so trying again is
 * safe for every build, `terraform apply` included.
 */
const BUILD_NOT_STARTED = 'CodeBuild.AccountLimitExceededException';

export interface InvokeOptions {
  readonly lambda: LambdaFunction;
  /** Keys that end in `.$` are paths; `taskToken` asks for a callback. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** What to keep of the answer, by the path `$.Payload`, and where. @default - the answer is dropped */
  readonly result?: { readonly path: string; readonly keep: Readonly<Record<string, string>> };
  /** Set for a callback: how long it may take to come. @default - the Lambda's own timeout and a margin */
  readonly callbackTimeout?: Timeout;
}

/** A task that invokes a Lambda, with the retry that every Lambda task has. Catching is left to the machine. */
export function invoke(scope: Construct, name: string, options: InvokeOptions): LambdaInvoke {
  const { lambda, result, callbackTimeout } = options;
  const task = new LambdaInvoke(scope, name, {
    lambdaFunction: lambda,
    payload: TaskInput.fromObject(options.payload),
    integrationPattern: callbackTimeout ? IntegrationPattern.WAIT_FOR_TASK_TOKEN : IntegrationPattern.REQUEST_RESPONSE,
    // The Lambda's own timeout comes first, as it leaves a log that says so; 30 s are for its start.
    taskTimeout: callbackTimeout ?? Timeout.duration(lambda.timeout!.plus(Duration.seconds(30))),
    retryOnServiceExceptions: false,
    resultPath: result?.path ?? JsonPath.DISCARD,
    ...(result ? { resultSelector: result.keep } : {}),
  });
  // 2 + 4 + 8 + 16 + 32 + 64 s: two minutes, after which a throttled service has recovered or is down.
  task.addRetry({
    errors: [...RETRIED_LAMBDA_ERRORS],
    interval: Duration.seconds(2),
    maxAttempts: 6,
    backoffRate: 2,
  });
  task.addRetry({ errors: [...DEAD_LAMBDA_ERRORS], interval: Duration.seconds(5), maxAttempts: 1 });
  return task;
}

export interface BuildOptions {
  readonly build: DrillBuild;
  readonly timeout: Timeout;
  /** Path of the target's Terraform version. @default - the build needs no Terraform */
  readonly terraformVersion?: string;
}

/** A task that runs a build of the drill `$.drill` to its end. Catching is left to the machine. */
export function runBuild(scope: Construct, name: string, options: BuildOptions): CodeBuildStartBuild {
  const { terraformVersion } = options;
  const task = new CodeBuildStartBuild(scope, name, {
    project: options.build.project,
    integrationPattern: IntegrationPattern.RUN_JOB,
    environmentVariablesOverride: {
      [DRILL_ID_VARIABLE]: { value: JsonPath.stringAt('$.drill.drillId') },
      ...(terraformVersion ? { [TERRAFORM_VERSION_VARIABLE]: { value: JsonPath.stringAt(terraformVersion) } } : {}),
    },
    taskTimeout: options.timeout,
    resultPath: JsonPath.DISCARD,
  });
  // 1 + 2 + 4 + 8 minutes: the account's other builds end in the meantime.
  task.addRetry({
    errors: [BUILD_NOT_STARTED],
    interval: Duration.minutes(1),
    maxAttempts: 4,
    backoffRate: 2,
  });
  return task;
}

/** Sends every error of a task that no earlier Catch took to `next`, with `{Error, Cause}` at `$.failure`. */
export function catchAll<Task extends TaskStateBase>(task: Task, next: IChainable): Task {
  task.addCatch(next, { errors: [DATA_LIMIT_EXCEEDED], resultPath: FAILURE_PATH });
  task.addCatch(next, { errors: [Errors.ALL], resultPath: FAILURE_PATH });
  return task;
}

/** Where a Catch puts what it caught. */
export const FAILURE_PATH = '$.failure';

/** Paths of a caught error, for a Fail state that passes it on as it came. */
export const CAUGHT = { errorPath: '$.failure.Error', causePath: '$.failure.Cause' } as const;
