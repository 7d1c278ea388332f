/**
 * How each client is made: region, credentials and endpoint come from the environment, as the SDK defines it. Each is
 * loaded when it is first asked for, so that a Lambda's cold start loads the few that it uses.
 */
const MAKERS = {
  cloudtrail: () =>
    new (require('@aws-sdk/client-cloudtrail') as typeof import('@aws-sdk/client-cloudtrail')).CloudTrailClient(),
  codebuild: () =>
    new (require('@aws-sdk/client-codebuild') as typeof import('@aws-sdk/client-codebuild')).CodeBuildClient(),
  dynamodb: () =>
    (require('@aws-sdk/lib-dynamodb') as typeof import('@aws-sdk/lib-dynamodb')).DynamoDBDocumentClient.from(
      new (require('@aws-sdk/client-dynamodb') as typeof import('@aws-sdk/client-dynamodb')).DynamoDBClient(),
      { marshallOptions: { removeUndefinedValues: true } },
    ),
  ec2: () => new (require('@aws-sdk/client-ec2') as typeof import('@aws-sdk/client-ec2')).EC2Client(),
  eks: () => new (require('@aws-sdk/client-eks') as typeof import('@aws-sdk/client-eks')).EKSClient(),
  elb: () =>
    new (
      require('@aws-sdk/client-elastic-load-balancing-v2') as typeof import('@aws-sdk/client-elastic-load-balancing-v2')
    ).ElasticLoadBalancingV2Client(),
  iam: () => new (require('@aws-sdk/client-iam') as typeof import('@aws-sdk/client-iam')).IAMClient(),
  kms: () => new (require('@aws-sdk/client-kms') as typeof import('@aws-sdk/client-kms')).KMSClient(),
  logs: () =>
    new (
      require('@aws-sdk/client-cloudwatch-logs') as typeof import('@aws-sdk/client-cloudwatch-logs')
    ).CloudWatchLogsClient(),
  quotas: () =>
    new (
      require('@aws-sdk/client-service-quotas') as typeof import('@aws-sdk/client-service-quotas')
    ).ServiceQuotasClient(),
  s3: () => new (require('@aws-sdk/client-s3') as typeof import('@aws-sdk/client-s3')).S3Client(),
  secrets: () =>
    new (
      require('@aws-sdk/client-secrets-manager') as typeof import('@aws-sdk/client-secrets-manager')
    ).SecretsManagerClient(),
  ses: () => new (require('@aws-sdk/client-ses') as typeof import('@aws-sdk/client-ses')).SESClient(),
  sfn: () => new (require('@aws-sdk/client-sfn') as typeof import('@aws-sdk/client-sfn')).SFNClient(),
  sts: () => new (require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts')).STSClient(),
  tagging: () =>
    new (
      require('@aws-sdk/client-resource-groups-tagging-api') as typeof import('@aws-sdk/client-resource-groups-tagging-api')
    ).ResourceGroupsTaggingAPIClient(),
} as const;

export type AwsClients = { readonly [Name in keyof typeof MAKERS]: ReturnType<(typeof MAKERS)[Name]> };

/**
 * The SDK's clients of this process, each made when it is first asked for and kept, so that connections and credentials
 * survive from one Lambda invocation to the next. A process that is pointed at another endpoint or region gets others.
 */
export function awsClients(): AwsClients {
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION: region = '' } = process.env;
  const handler = handlers.get(endpoint);
  const place = `${handler ? 'handed over' : endpoint} ${region}`;
  let clients = byPlace.get(place);
  if (!clients) byPlace.set(place, (clients = lazily(reachedBy(handler))));
  return clients;
}

export type RequestHandler = AwsClients['sts']['config']['requestHandler'];

/**
 * Makes the clients that this process points at `endpoint` give their requests to `handler` in place of the network. A
 * process has one handler for all such endpoints, and one set of clients.
 */
export function reachBy(endpoint: string, handler: RequestHandler): void {
  handlers.set(endpoint, handler);
}

function reachedBy(requestHandler: RequestHandler | undefined): typeof MAKERS {
  if (!requestHandler) return MAKERS;
  const makers = Object.entries(MAKERS).map(([name, make]) => {
    const reached = (): unknown => {
      const client = make();
      client.config.requestHandler = requestHandler;
      return client;
    };
    return [name, reached];
  });
  return Object.fromEntries(makers) as typeof MAKERS;
}

const byPlace = new Map<string, AwsClients>();
const handlers = new Map<string, RequestHandler>();

/**
 * An object whose properties are made by their makers at the first look.
 * @param given what is there already; a property that is undefined is not.
 */
export function lazily<Made extends object>(
  makers: { readonly [Name in keyof Made]: () => Made[Name] },
  given: Partial<Made> = {},
): Made {
  const made = { ...given } as Made;
  for (const [name, make] of Object.entries(makers) as [keyof Made, () => Made[keyof Made]][]) {
    if (made[name] !== undefined) continue;
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
