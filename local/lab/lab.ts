import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, type BucketLocationConstraint } from '@aws-sdk/client-s3';
import { awsClients, type AwsClients } from '../../adapters/aws-clients';
import { processRunner } from '../../adapters/process-runner';
import type { Connection } from '../../cli/connection';
import { loadConfig, type Config } from '../../domain/config';
import { drillIdOf, MACHINE } from '../../domain/names';
import type { CommandRunner } from '../../domain/ports/command-runner';
import type { Settings } from '../../domain/settings';
import { bundleSteps } from '../../lib/bundle';
import { ROOT } from '../../root';
import { connectionTo } from '../connect-local';
import { LocalCloud } from '../local-cloud';
import { bootstrapRepository } from '../repository/bootstrap-repository';
import { synthesise } from '../synthesise';
import type { Place } from '../intrinsics';
import type { DrillTemplate } from '../template';
import { WorldState } from '../world/world-state';
import { labEc2 } from './ec2';
import { labEks } from './eks';
import { forwardTo } from './forward';
import { startMoto, type Moto } from './moto';
import { QuickChance } from './quick-chance';
import type { LabTools } from './tools';
import { wallClock } from './wall-clock';

const PROGRAMS = join(ROOT, 'local', 'programs');

/** The services that moto answers; the rest are the local endpoint's. */
const OF_MOTO = ['elasticloadbalancing', 'iam', 'kms', 'logs', 's3', 'sts', 'tagging'];

/** The simulated Kubernetes is this many times as fast as a real one: an hour of it takes a minute. */
const KUBERNETES_TIMES = 60;

export interface LabOptions {
  readonly tools: LabTools;
  /** Terraform variables of the target, on top of drill.yaml's. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A drill that runs. */
export interface StartedDrill {
  /** Of its execution. */
  readonly arn: string;
  readonly drillId: string;
}

/** Shows a drill while it runs; resolves when it is over. */
export type Watch = (drill: StartedDrill) => Promise<unknown>;

/**
 * A local account with real tools: the synthesised machines, the real handlers and builds, Terraform with the AWS
 * provider as child processes of the builds, and moto behind the one endpoint. Kubernetes and Helm are simulated.
 */
export class Lab {
  private constructor(
    readonly cloud: LocalCloud,
    readonly connection: Connection,
    readonly clients: AwsClients,
    readonly place: Place,
    readonly settings: Settings,
    /** The bootstrap repository, a git repository on this machine. */
    readonly repository: string,
    /** Runs programs with the environment of the builds' Terraform. */
    readonly commands: CommandRunner,
    private readonly directory: string,
    private readonly moto: Moto,
  ) {}

  static async open({ tools, variables = {} }: LabOptions): Promise<Lab> {
    const directory = mkdtempSync(join(tmpdir(), 'cluster-drill-lab-'));
    const terraform = { TF_CLI_CONFIG_FILE: terraformConfiguration(directory, tools.providerMirror) };
    const config = withTools(
      loadConfig(readFileSync(join(ROOT, 'drill.yaml'), 'utf8'), 'drill.yaml'),
      tools,
      variables,
    );
    const { settings } = config.targets[0]!;
    const outdir = join(directory, 'cdk.out');
    const steps = await bundleSteps(join(outdir, 'bundle'), 'outside');
    const { place, stack } = synthesise({ config, outdir, steps });
    const repository = bootstrapRepository({ directory: join(directory, 'repository'), ref: settings.ref, edits: {} });
    const moto = await startMoto({ account: place.account, managedPolicies: true });
    const chance = new QuickChance(1, KUBERNETES_TIMES);
    const forward = forwardTo(moto.url);
    const cloud = await LocalCloud.open({
      clock: wallClock,
      state: new WorldState(),
      place,
      stack: {
        ...stack,
        projects: stack.projects.map((project) => ({
          ...project,
          environment: { ...project.environment, ...terraform },
        })),
      },
      directory,
      chance,
      faults: [],
      secrets: settings.requiredSecrets,
      repository: { url: settings.repository, path: repository },
      builds: { kind: 'bash', programs: programs(directory, tools.terraform) },
      services: ({ aws, kubernetes }) => ({
        ...Object.fromEntries(OF_MOTO.map((name) => [name, forward])),
        ec2: labEc2(forward),
        eks: labEks({
          moto: forward,
          world: { clock: wallClock, chance, aws, ...place },
          clusterEndpoint: (name) => kubernetes.clusterEndpoint(name),
        }),
      }),
    });
    const clients = awsClients();
    await makeBuckets(clients, stack, place.region);
    const commands = withEnvironment(terraform);
    const connection = connectionTo(place, wallClock);
    return new Lab(cloud, connection, clients, place, settings, repository, commands, directory, moto);
  }

  /** Starts a drill, as the console does. */
  start(): StartedDrill {
    const { stepFunctions } = this.cloud;
    const arn = stepFunctions.start(MACHINE.drill, {});
    return { arn, drillId: drillIdOf(this.settings.name, arn, stepFunctions.execution(arn).startDate) };
  }

  /** Number of the Terraform process that was started last. */
  terraformProcess(): number {
    return Number(readFileSync(join(this.directory, 'programs', 'terraform.pid'), 'utf8'));
  }

  /** Stops everything that the lab started. */
  async close(): Promise<void> {
    await this.cloud.close();
    await this.moto.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function withEnvironment(environment: Readonly<Record<string, string>>): CommandRunner {
  return {
    run: (command, args, options) =>
      processRunner.run(command, args, { ...options, env: { ...environment, ...options.env } }),
  };
}

/** The target's Terraform is the one of this machine. */
function withTools(
  config: Config,
  { terraformVersion }: LabTools,
  variables: Readonly<Record<string, unknown>>,
): Config {
  return {
    ...config,
    targets: config.targets.map((target) => {
      const { terraform } = target.settings;
      return {
        ...target,
        settings: {
          ...target.settings,
          terraform: { ...terraform, version: terraformVersion, variables: { ...terraform.variables, ...variables } },
        },
      };
    }),
  } as Config;
}

/** Terraform's own configuration: the provider comes from the mirror, and from nowhere else. */
function terraformConfiguration(directory: string, providerMirror: string): string {
  const file = join(directory, 'terraform.rc');
  writeFileSync(
    file,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(providerMirror)}\n  }\n}\n`,
  );
  return file;
}

/** A folder for the builds' PATH: the stand-in for helm, and Terraform itself behind a note of its process number. */
function programs(directory: string, terraform: string): string {
  const folder = join(directory, 'programs');
  mkdirSync(folder);
  for (const name of ['helm', 'forward-to-drill.cjs']) symlinkSync(join(PROGRAMS, name), join(folder, name));
  const wrapper = join(folder, 'terraform');
  writeFileSync(
    wrapper,
    `#!/bin/sh\necho $$ > "$(dirname "$0")/terraform.pid"\nexec ${JSON.stringify(terraform)} "$@"\n`,
  );
  chmodSync(wrapper, 0o755);
  return folder;
}

/** Makes the stack's buckets, and that of its assets with the files in it, as `cdk deploy` does. */
async function makeBuckets({ s3 }: AwsClients, { assets, buckets }: DrillTemplate, region: string): Promise<void> {
  const LocationConstraint = region as BucketLocationConstraint;
  for (const Bucket of [...buckets, ...new Set(assets.map(({ bucket }) => bucket))]) {
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  }
  for (const { bucket, key, path } of assets) {
    if (!statSync(path).isFile()) continue;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: readFileSync(path) }));
  }
}
