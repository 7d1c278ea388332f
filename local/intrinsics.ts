/** Where the stack would stand; intrinsics are resolved for it. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}
export type Resources = Readonly<Record<string, Resource>>;

export interface IntrinsicResolver {
  /** The value with every intrinsic function in it replaced by what it would give. */
  resolve(value: unknown): unknown;
  /** What `Ref` gives for a resource: its name or id. */
  refOf(logicalId: string): string;
  /** What `Fn::GetAtt … Arn` gives for a resource. */
  arnOf(logicalId: string): string;
}

/** How an ARN of a type is made of its service and name. A resource without a fixed name is called as its logical id. */
const ARN: Readonly<Record<string, (name: string, place: Place) => string>> = {
  'AWS::DynamoDB::GlobalTable': (name, { account, region }) => `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  'AWS::CodeBuild::Project': (name, { account, region }) => `arn:aws:codebuild:${region}:${account}:project/${name}`,
  'AWS::IAM::Role': (name, { account }) => `arn:aws:iam::${account}:role/${name}`,
  'AWS::KMS::Key': (name, { account, region }) => `arn:aws:kms:${region}:${account}:key/${name}`,
  'AWS::Lambda::Function': (name, { account, region }) => `arn:aws:lambda:${region}:${account}:function:${name}`,
  'AWS::Logs::LogGroup': (name, { account, region }) => `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::SNS::Topic': (name, { account, region }) => `arn:aws:sns:${region}:${account}:${name}`,
  'AWS::SQS::Queue': (name, { account, region }) => `arn:aws:sqs:${region}:${account}:${name}`,
  'AWS::StepFunctions::StateMachine': (name, { account, region }) =>
    `arn:aws:states:${region}:${account}:stateMachine:${name}`,
};

/** The property that gives a resource of a type its fixed name, where it has one. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
  'AWS::CodeBuild::Project': 'Name',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SES::ConfigurationSet': 'Name',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};

/** Types whose `Ref` is their ARN. */
const REF_IS_ARN = new Set(['AWS::StepFunctions::StateMachine', 'AWS::SNS::Topic']);

/** Resolves the intrinsic functions that CDK writes, for one account and region. An unknown one is an error. */
export function intrinsicResolver(resources: Resources, place: Place): IntrinsicResolver {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': place.account,
    'AWS::Partition': 'aws',
    'AWS::Region': place.region,
    'AWS::URLSuffix': 'amazonaws.com',
  };

  const nameOf = (id: string): string => {
    const resource = resources[id];
    const property = NAME_PROPERTY[resource?.Type ?? ''];
    const name = property === undefined ? undefined : resource?.Properties?.[property];
    return name === undefined ? id : String(resolve(name));
  };
  const arnOf = (id: string): string => ARN[resources[id]?.Type ?? '']?.(nameOf(id), place) ?? id;
  const refOf = (id: string): string =>
    pseudo[id] ?? (REF_IS_ARN.has(resources[id]?.Type ?? '') ? arnOf(id) : nameOf(id));
  const attributeOf = (id: string, attribute: string): string => {
    if (attribute === 'Arn') return arnOf(id);
    return attribute === 'Name' ? nameOf(id) : `${id}.${attribute}`;
  };

  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (argument) => refOf(String(argument)),
    'Fn::GetAtt': (argument) => {
      const [id, attribute] = typeof argument === 'string' ? argument.split('.', 2) : (argument as string[]);
      return attributeOf(id!, attribute!);
    },
    'Fn::Join': (argument) => {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(resolve).join(separator);
    },
    'Fn::Sub': (argument) =>
      String(argument).replace(/\$\{([^}!.]+)(?:\.([^}]+))?\}/g, (_, id: string, attribute?: string) =>
        attribute === undefined ? refOf(id) : attributeOf(id, attribute),
      ),
    'Fn::Select': (argument) => {
      const [index, values] = argument as [number | string, unknown];
      return (resolve(values) as unknown[])[Number(index)];
    },
    'Fn::Split': (argument) => {
      const [separator, text] = argument as [string, unknown];
      return String(resolve(text)).split(separator);
    },
  };

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'))) {
      const intrinsic = functions[name];
      if (!intrinsic) throw new Error(`the template uses ${name}, which the local drill does not know`);
      return intrinsic(argument);
    }
    return Object.fromEntries(entries.map(([key, part]) => [key, resolve(part)]));
  }

  return { resolve, refOf, arnOf };
}
