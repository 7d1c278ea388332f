import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildStep } from '../buildspecs/build-step';
import type { Host } from '../adapters/host';
import { processRunner } from '../adapters/process-runner';
import { bashRunner } from './builds/bash-runner';
import type { BuildRecord } from './builds/build-record';
import type { BuildRunner } from './builds/build-runner';
import { clockControl } from './builds/clock-control';
import { inProcessRunner } from './builds/in-process-runner';
import { OpenCalls } from './builds/open-calls';
import { programControl } from './builds/program-control';
import type { DrillClock } from './clock';
import { pointSdkAt } from './connect-local';
import { Deliveries } from './deliveries';
import { reachDirectly } from './direct-requests';
import { createEndpoint, type Endpoint } from './endpoint';
import { EventBus } from './event-bus';
import { Lambdas } from './lambdas';
import type { Program } from './program';
import { gitConfiguration } from './repository/bootstrap-repository';
import { CodeBuild } from './services/codebuild';
import { createDynamoDb, type DynamoDb, type TableProperties } from './services/dynamodb';
import { S3 } from './services/s3';
import { folderObjects } from './services/s3/folder-objects';
import { memoryObjects } from './services/s3/object-storage';
import { createSes, type Ses } from './services/ses';
import { StepFunctions } from './services/step-functions';
import { loadAssets } from './load-assets';
import type { Service } from './service';
import type { Place } from './intrinsics';
import type { DrillTemplate } from './template';
import type { WorldState } from './world/world-state';
import { createWorld, type World, type WorldOptions } from './world/world';

export interface LocalCloudOptions extends Omit<WorldOptions, 'objects'> {
  readonly clock: DrillClock;
  readonly state: WorldState;
  readonly place: Place;
  readonly stack: DrillTemplate;
  /** Where tables, buckets, mail and logs are kept; in memory without it. */
  readonly directory?: string;
  /** Runs the builds: under bash with the stand-in programs on PATH, or in this process. */
  readonly builds:
    | {
        readonly kind: 'bash';
        /** The drill's clock; without it the builds live by the wall clock. */
        readonly clockFile?: string;
        /** Keep the folders of the builds. */
        readonly keepFolders?: boolean;
        /** The folder that comes first on the builds' PATH. @default every stand-in program */
        readonly programs?: string;
      }
    | { readonly kind: 'in-process'; readonly steps: Readonly<Record<string, BuildStep>> };
  /** Parts of the host that handlers, and steps within this process, use in place of the adapters. */
  readonly host?: (world: World) => Partial<Host>;
  /** Services in place of those of the simulated infrastructure, by the name that requests are signed for. */
  readonly services?: (world: World) => Readonly<Record<string, Service>>;
  /** Recipients that SES refuses. */
  readonly refuseMail?: readonly string[];
  /** Told after every Lambda invocation that succeeded. */
  readonly invoked?: (entry: string, event: unknown) => void;
}

/**
 * The account that a local drill runs in: the synthesised stack on the local endpoint, with the simulated world behind
 * it. Only the infrastructure is simulated; definitions, handlers and steps are those that are deployed.
 */
export class LocalCloud {
  private readonly deliveries: Deliveries;

  private constructor(
    readonly endpoint: Endpoint,
    readonly stepFunctions: StepFunctions,
    readonly world: World,
    readonly ses: Ses,
    private readonly codeBuild: CodeBuild,
    private readonly dynamoDb: DynamoDb,
    clock: DrillClock,
  ) {
    this.deliveries = new Deliveries(clock);
  }

  static async open(options: LocalCloudOptions): Promise<LocalCloud> {
    const { clock, state, place, stack, directory } = options;
    const s3 = new S3({
      clock,
      buckets: [...stack.buckets, ...new Set(stack.assets.map(({ bucket }) => bucket))],
      objects: directory ? folderObjects(join(directory, 's3')) : memoryObjects(),
    });
    loadAssets(stack.assets, s3);
    const dynamoDb = await createDynamoDb(directory ? { path: tableFolder(directory) } : {});
    await dynamoDb.ensureTable(stack.table as unknown as TableProperties);
    const ses = createSes({
      clock,
      region: place.region,
      refuse: options.refuseMail ?? [],
      ...(directory ? { folder: join(directory, 'mail') } : {}),
    });
    const world = await createWorld({ ...options, objects: s3 });
    const services: Record<string, Service> = {
      ...world.services,
      dynamodb: dynamoDb.service,
      s3: s3.service,
      ses: ses.service,
      ...options.services?.(world),
    };
    const calls = new OpenCalls();
    const endpoint = await createEndpoint({
      services,
      control: { ...clockControl(clock, calls), ...programControl(world.programs, calls) },
    });

    pointSdkAt(endpoint.url, place.region);
    reachDirectly(endpoint);
    const host = options.host?.(world) ?? {};
    const codeBuild = new CodeBuild({
      ...place,
      clock,
      state,
      chance: options.chance,
      projects: projectsOf(options),
      runner: runnerOf(options, endpoint.url, calls, world.programs, host),
      ...(directory ? { logDirectory: join(directory, 'logs') } : {}),
    });
    const lambdas = new Lambdas(stack.functions, { ...host, clock, log: () => {} }, options.invoked);
    const bus = new EventBus(stack.rules, (target, event) => cloud.deliver(() => lambdas.invoke(target, event)));
    const stepFunctions = new StepFunctions({
      ...place,
      clock,
      state,
      machines: stack.machines,
      tasks: {
        lambda: (arn, payload) => lambdas.invoke(arn, payload),
        startBuild: (parameters, signal) => codeBuild.runBuild(parameters, signal),
      },
      onStatusChange: (event) => bus.put(event),
    });
    services['codebuild'] = codeBuild.service;
    services['states'] = stepFunctions.service;
    const cloud = new LocalCloud(endpoint, stepFunctions, world, ses, codeBuild, dynamoDb, clock);
    return cloud;
  }

  /** Runs something that nobody waits for, as a piece of work of its own on the clock (an event's target, a person). */
  deliver(work: () => Promise<unknown>): void {
    // What fails on its own is shown by what it does not do: the drill it should have closed stays open.
    this.deliveries.start(() => work().catch(() => {}));
  }

  /** The builds that were ever started in this account, oldest first, with their instants. */
  builds(): readonly BuildRecord[] {
    return this.codeBuild.builds();
  }

  /** Resolves when no event is under way and no execution runs any more. */
  settled(): Promise<void> {
    return this.deliveries.settled(this.stepFunctions);
  }

  /** Stops what still runs and frees every port. */
  async close(): Promise<void> {
    await this.codeBuild.stopAll();
    await this.endpoint.close();
    await this.world.close();
    await this.dynamoDb.close();
  }
}

function tableFolder(directory: string): string {
  const folder = join(directory, 'tables');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The synthesised projects; their git finds the local repository behind the target's URL. */
function projectsOf({
  stack,
  repository,
  directory = mkdtempSync(join(tmpdir(), 'cluster-drill-')),
}: LocalCloudOptions) {
  const file = join(directory, 'gitconfig');
  writeFileSync(file, gitConfiguration(repository.url, repository.path));
  return stack.projects.map(({ name, buildspec, environment, assetPath, timeoutMinutes }) => ({
    name,
    buildspec,
    environment: { ...environment, GIT_CONFIG_GLOBAL: file },
    sourceDirectory: assetPath ?? '',
    timeoutMinutes,
  }));
}

function runnerOf(
  { builds, clock, directory, stack }: LocalCloudOptions,
  endpointUrl: string,
  calls: OpenCalls,
  programs: Readonly<Record<string, Program>>,
  host: Partial<Host>,
): BuildRunner {
  if (builds.kind === 'in-process') {
    const steps = Object.fromEntries(stack.projects.map(({ name, build }) => [name, builds.steps[build]!]));
    return inProcessRunner({ clock, steps, programs, commands: processRunner, host });
  }
  return bashRunner({
    clock,
    calls,
    endpointUrl,
    keepFolders: builds.keepFolders ?? false,
    ...(builds.clockFile === undefined ? {} : { clockFile: builds.clockFile }),
    ...(builds.programs === undefined ? {} : { programs: builds.programs }),
    workDirectory: join(directory!, 'builds'),
  });
}
