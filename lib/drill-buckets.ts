import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectOwnership,
  type BucketProps,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { evidenceBucketOf, stateBucketOf } from '../domain/names';

/**
 * Two buckets of one making: Terraform states, and reports with their evidence. Encrypted, private, versioned, TLS
 * only, and kept when the stack goes. A third one holds their access logs for a year, because a Terraform state may
 * carry secrets and it must be possible to say who read it.
 */
export class DrillBuckets extends Construct {
  readonly states: Bucket;
  readonly evidence: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    // CDK's own `Bucket` misses its `IBucket` by an optional property under `exactOptionalPropertyTypes`.
    const accessLogs = this.privateBucket('AccessLogs', {
      // Four quarterly drills and the time to look into the last one.
      lifecycleRules: [{ expiration: Duration.days(400) }],
    }) as IBucket;
    this.states = this.privateBucket('States', {
      bucketName: stateBucketOf(account, region),
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'states/',
      // A state is of use until its teardown; older versions of it and its locks only while one looks for a cause.
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(90) }],
    });
    this.evidence = this.privateBucket('Evidence', {
      bucketName: evidenceBucketOf(account, region),
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'evidence/',
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(400) }],
    });
  }

  /** Allows writing and reading reports and evidence. */
  grantEvidence(grantee: IGrantable): void {
    grantObjects(this.evidence, grantee, 'drills/*', ['s3:GetObject', 's3:PutObject']);
  }

  /** Allows what Terraform's S3 backend with its native lock file does: the lock object is deleted after each run. */
  grantStates(grantee: IGrantable): void {
    grantObjects(this.states, grantee, '*', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']);
  }

  private privateBucket(id: string, props: BucketProps): Bucket {
    return new Bucket(this, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...props,
    });
  }
}

function grantObjects(bucket: Bucket, grantee: IGrantable, pattern: string, actions: string[]): void {
  Grant.addToPrincipal({ grantee, actions, resourceArns: [bucket.arnForObjects(pattern)] });
  // Without ListBucket an object that is not there answers 403, and "none yet" could not be told from "not allowed".
  Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
}
