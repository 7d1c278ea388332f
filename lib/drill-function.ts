import { CfnResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { CodeFolders } from './bundle';
import { ENTRY_METADATA, LAMBDAS, type LambdaEnvironments, type LambdaName } from './entries';

export interface DrillFunctionProps<Name extends LambdaName> {
  /** The folder of `lambdas/` that it runs. */
  readonly entry: Name;
  readonly code: CodeFolders;
  readonly environment: LambdaEnvironments[Name];
  /** @default Duration.minutes(1) */
  readonly timeout?: Duration;
  /** Where an asynchronous invocation goes when all its tries have failed. @default - none: it is invoked by a machine */
  readonly deadLetterQueue?: IQueue;
}

/** One Lambda of the story. Its own role may write its log and traces; whoever makes it grants the rest beside. */
export class DrillFunction<Name extends LambdaName = LambdaName> extends LambdaFunction {
  constructor(scope: Construct, id: string, props: DrillFunctionProps<Name>) {
    super(scope, id, {
      description: LAMBDAS[props.entry],
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // A Lambda gets CPU by its memory: with 512 MB the SDK's clients load in a third of the time they take at 128.
      memorySize: 512,
      handler: 'index.handler',
      code: Code.fromAsset(props.code.lambda(props.entry)),
      environment: { ...(props.environment as Record<string, string>), NODE_OPTIONS: '--enable-source-maps' },
      timeout: props.timeout ?? Duration.minutes(1),
      tracing: Tracing.ACTIVE,
      logGroup: new LogGroup(scope, `${id}Log`, {
        // Two quarterly drills: the last one and the one to compare it with.
        retention: RetentionDays.SIX_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      ...(props.deadLetterQueue ? { deadLetterQueue: props.deadLetterQueue } : {}),
    });
    (this.node.defaultChild as CfnResource).addMetadata(ENTRY_METADATA.lambda, props.entry);
  }
}
