import { intrinsicResolver, type Place, type Resource, type Resources } from './intrinsics';

/** A CloudFormation template, as far as it is read here. */
export interface Template {
  readonly Resources: Resources;
}

/** The file assets of a synthesised stack (`<stack>.assets.json`). */
export interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string };
        readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
      }
    >
  >;
}

export interface TemplateMachine {
  readonly name: string;
  readonly arn: string;
  /** The definition as Amazon States Language, with every ARN and name in it resolved. */
  readonly definition: Record<string, unknown>;
}

export interface TemplateFunction {
  readonly logicalId: string;
  readonly arn: string;
  /** Folder of `lambdas/`. */
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface TemplateProject {
  readonly name: string;
  /** Folder of `buildspecs/`. */
  readonly build: string;
  readonly environment: Readonly<Record<string, string>>;
  /** YAML. */
  readonly buildspec: string;
  /** What CodeBuild unpacks as the build's source; absent without an asset manifest. */
  readonly assetPath?: string;
  readonly timeoutMinutes: number;
}

export interface TemplateRule {
  readonly logicalId: string;
  /** EventBridge event pattern. */
  readonly pattern: Readonly<Record<string, unknown>>;
  /** ARNs of what it starts. */
  readonly targets: readonly string[];
}

/** A rule that fires by the clock. */
export interface TemplateTimer {
  readonly logicalId: string;
  /** `rate(…)` or `cron(…)`. */
  readonly expression: string;
  /** ARNs of what it starts. */
  readonly targets: readonly string[];
}

export interface TemplateSchedule {
  readonly name: string;
  /** `cron(…)`, `rate(…)` or `at(…)`. */
  readonly expression: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly targetArn: string;
  /** JSON with Scheduler's placeholders, such as `<aws.scheduler.scheduled-time>`. */
  readonly input: string;
}

export interface TemplateAsset {
  readonly bucket: string;
  readonly key: string;
  /** Name of the file or folder, absolute after `synthesise`. */
  readonly path: string;
}

/** What a local drill needs of the stack: the same definitions, environments and names that `cdk deploy` ships. */
export interface DrillTemplate {
  readonly machines: readonly TemplateMachine[];
  readonly functions: readonly TemplateFunction[];
  readonly projects: readonly TemplateProject[];
  /** Input of DynamoDB's `CreateTable`. */
  readonly table: Readonly<Record<string, unknown>>;
  readonly rules: readonly TemplateRule[];
  readonly timers: readonly TemplateTimer[];
  readonly schedules: readonly TemplateSchedule[];
  /** Names of the stack's buckets that have a fixed one. */
  readonly buckets: readonly string[];
  readonly assets: readonly TemplateAsset[];
}

type Properties = Record<string, unknown>;

/** Reads a synthesised template with all intrinsics resolved; `manifest` adds where the assets lie. */
export function readTemplate(template: Template, place: Place, manifest?: AssetManifest): DrillTemplate {
  const { resolve, refOf, arnOf } = intrinsicResolver(template.Resources, place);
  const assets = assetsOf(manifest);
  const read = <Result>(
    type: string,
    to: (properties: Properties, id: string, resource: Resource) => Result,
  ): Result[] =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => to(resolve(resource.Properties ?? {}) as Properties, id, resource));

  return {
    machines: read('AWS::StepFunctions::StateMachine', (properties, id) => ({
      name: String(properties['StateMachineName']),
      arn: arnOf(id),
      definition: JSON.parse(String(properties['DefinitionString'])) as Record<string, unknown>,
    })),
    functions: read('AWS::Lambda::Function', (properties, id, resource) => ({
      id,
      entry: resource.Metadata?.['cluster-drill:entry'],
      environment: (properties['Environment'] as { Variables?: Record<string, string> } | undefined)?.Variables ?? {},
    }))
      // CDK may add functions of its own (custom resources); they have no part in a drill.
      .flatMap(({ id, entry, environment }) =>
        typeof entry === 'string' ? [{ logicalId: id, arn: arnOf(id), entry, environment }] : [],
      ),
    projects: read('AWS::CodeBuild::Project', (properties, _id, resource) => projectOf(properties, resource, assets)),
    table: read('AWS::DynamoDB::GlobalTable', tableOf)[0] ?? {},
    rules: read('AWS::Events::Rule', (properties, logicalId) => ({
      logicalId,
      pattern: properties['EventPattern'] as Properties,
      targets: targetsOf(properties),
    })).filter(({ pattern }) => pattern !== undefined),
    timers: read('AWS::Events::Rule', (properties, logicalId) => ({
      logicalId,
      expression: properties['ScheduleExpression'] as string,
      targets: targetsOf(properties),
    })).filter(({ expression }) => expression !== undefined),
    schedules: read('AWS::Scheduler::Schedule', scheduleOf),
    buckets: read('AWS::S3::Bucket', (properties, id) => (properties['BucketName'] ? [refOf(id)] : [])).flat(),
    assets,
  };
}

/** ARNs of what a rule starts. */
function targetsOf(properties: Properties): string[] {
  return ((properties['Targets'] ?? []) as { Arn: string }[]).map((target) => target.Arn);
}

function projectOf(properties: Properties, resource: Resource, assets: readonly TemplateAsset[]): TemplateProject {
  const source = properties['Source'] as { BuildSpec: string; Location?: string };
  const variables = (properties['Environment'] as { EnvironmentVariables?: { Name: string; Value: string }[] })
    .EnvironmentVariables;
  const asset = assets.find(({ bucket, key }) => source.Location === `${bucket}/${key}`);
  return {
    name: String(properties['Name']),
    build: String(resource.Metadata?.['cluster-drill:build']),
    environment: Object.fromEntries((variables ?? []).map(({ Name, Value }) => [Name, Value])),
    buildspec: source.BuildSpec,
    ...(asset ? { assetPath: asset.path } : {}),
    timeoutMinutes: Number(properties['TimeoutInMinutes']),
  };
}

/** `AWS::DynamoDB::GlobalTable` spells these properties as `CreateTable` does. */
function tableOf(properties: Properties): Properties {
  const keys = ['TableName', 'AttributeDefinitions', 'KeySchema', 'GlobalSecondaryIndexes', 'BillingMode'];
  return Object.fromEntries(keys.map((key) => [key, properties[key]]));
}

function scheduleOf(properties: Properties): TemplateSchedule {
  const target = properties['Target'] as { Arn: string; Input: string };
  return {
    name: String(properties['Name']),
    expression: String(properties['ScheduleExpression']),
    timeZone: String(properties['ScheduleExpressionTimezone'] ?? 'UTC'),
    enabled: properties['State'] !== 'DISABLED',
    targetArn: target.Arn,
    input: target.Input,
  };
}

function assetsOf(manifest: AssetManifest | undefined): TemplateAsset[] {
  return Object.values(manifest?.files ?? {}).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ bucketName, objectKey }) => ({
      bucket: bucketName,
      key: objectKey,
      path: source.path,
    })),
  );
}
