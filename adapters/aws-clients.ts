import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient } from '@aws-sdk/client-eks';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SESClient } from '@aws-sdk/client-ses';
import { SFNClient } from '@aws-sdk/client-sfn';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** How each client is made: region, credentials and endpoint come from the environment, as the SDK defines it. */
const MAKERS = {
  cloudtrail: () => new CloudTrailClient(),
  codebuild: () => new CodeBuildClient(),
  dynamodb: () =>
    DynamoDBDocumentClient.from(new DynamoDBClient(), { marshallOptions: { removeUndefinedValues: true } }),
  ec2: () => new EC2Client(),
  eks: () => new EKSClient(),
  elb: () => new ElasticLoadBalancingV2Client(),
  iam: () => new IAMClient(),
  kms: () => new KMSClient(),
  logs: () => new CloudWatchLogsClient(),
  quotas: () => new ServiceQuotasClient(),
  s3: () => new S3Client(),
  secrets: () => new SecretsManagerClient(),
  ses: () => new SESClient(),
  sfn: () => new SFNClient(),
  sts: () => new STSClient(),
  tagging: () => new ResourceGroupsTaggingAPIClient(),
} as const;

export type AwsClients = { readonly [Name in keyof typeof MAKERS]: ReturnType<(typeof MAKERS)[Name]> };

/**
 * The SDK's clients of this process, each made when it is first asked for and kept, so that connections and credentials
 * survive from one Lambda invocation to the next. A process that is pointed at another endpoint gets others.
 */
export function awsClients(): AwsClients {
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? '';
  let clients = byEndpoint.get(endpoint);
  if (!clients) byEndpoint.set(endpoint, (clients = lazily(MAKERS)));
  return clients;
}

const byEndpoint = new Map<string, AwsClients>();

/** An object whose properties are made by their makers at the first look. */
export function lazily<Made extends object>(makers: { readonly [Name in keyof Made]: () => Made[Name] }): Made {
  const made = {} as Made;
  for (const [name, make] of Object.entries(makers) as [keyof Made, () => Made[keyof Made]][]) {
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = make();
        Object.defineProperty(made, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return made;
}
