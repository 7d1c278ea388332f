import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BuildLedger } from '../builds/build-ledger';
import { apiBuild, integrationBuild } from '../builds/build-record';
import type { BuildPlace, BuildRecord, BuildStatus, PhaseType } from '../builds/build-record';
import type { BuildRunner } from '../builds/build-runner';
import { parseBuildspec } from '../builds/buildspec';
import type { Buildspec } from '../builds/buildspec';
import type { Chance } from '../chance';
import type { DrillClock } from '../clock';
import { AwsError, jsonService } from '../service';
import type { Service } from '../service';
import { uuidOf } from '../states/uuid-of';
import type { WorldState } from '../world/world-state';

export interface CodeBuildProject {
  readonly name: string;
  /** The text of its buildspec.yml. */
  readonly buildspec: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What a build finds in its working directory: step.cjs, install-tools.sh, … */
  readonly sourceDirectory: string;
  readonly timeoutMinutes: number;
}

export interface CodeBuildOptions {
  readonly clock: DrillClock;
  readonly state: WorldState;
  readonly chance: Chance;
  readonly region: string;
  readonly account: string;
  readonly projects: readonly CodeBuildProject[];
  readonly runner: BuildRunner;
  /** Each build's output goes to `<logDirectory>/<project>/<uuid>.log`; nowhere without it. */
  readonly logDirectory?: string;
}

/** Input of StartBuild, as far as the drill uses it. */
interface StartBuild {
  readonly projectName: string;
  readonly environmentVariablesOverride?: readonly { readonly name: string; readonly value: string }[];
}

/** How long a build waits for its machine and its source, in seconds of drill time: judgement, from daily use. */
const WAITING: readonly (readonly [PhaseType, number])[] = [
  ['PROVISIONING', 25],
  ['DOWNLOAD_SOURCE', 3],
];

interface RunningBuild {
  readonly record: BuildRecord;
  /** Aborts with the status that the build is to end with. */
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** CodeBuild: has builds run by a runner and keeps account of them in the world's state. */
export class CodeBuild {
  private readonly projects: ReadonlyMap<string, CodeBuildProject & { readonly parsed: Buildspec }>;
  private readonly ledger: BuildLedger;
  private readonly running = new Map<string, RunningBuild>();

  /** @throws UserError for a buildspec that cannot be run here. */
  constructor(private readonly options: CodeBuildOptions) {
    this.projects = new Map(
      options.projects.map((project) => [
        project.name,
        { ...project, parsed: parseBuildspec(project.name, project.buildspec) },
      ]),
    );
    this.ledger = new BuildLedger(options.state, options.clock);
  }

  /** The builds that were ever started, oldest first. */
  builds(): readonly BuildRecord[] {
    return this.ledger.builds;
  }

  readonly service: Service = jsonService('CodeBuild', {
    StartBuild: (input: StartBuild) => ({ build: this.describe(this.startUnattended(input)) }),
    BatchGetBuilds: ({ ids }: { ids: readonly string[] }) => {
      const found = ids.flatMap((id) => this.ledger.find(id) ?? []);
      return {
        builds: found.map((build) => this.describe(build)),
        buildsNotFound: ids.filter((id) => !this.ledger.find(id)),
      };
    },
    StopBuild: ({ id }: { id: string }) => {
      const build = this.ledger.find(id);
      if (!build) throw new AwsError('ResourceNotFoundException', `Build ${id} not found`);
      this.stop(id);
      return { build: this.describe(build) };
    },
    ListBuildsForProject: (input: { projectName: string; sortOrder?: string; nextToken?: string }) =>
      this.list(input.projectName, input.sortOrder, Number(input.nextToken ?? 0)),
    BatchGetProjects: ({ names }: { names: readonly string[] }) => ({
      projects: names.flatMap((name) => this.projects.get(name) ?? []).map((project) => this.describeProject(project)),
      projectsNotFound: names.filter((name) => !this.projects.has(name)),
    }),
  });

  /**
   * Runs a build for the state machine's `startBuild.sync`, as part of the execution's work on the clock.
   * @param parameters as the integration takes them: `{ProjectName, EnvironmentVariablesOverride: [{Name, Value}]}`.
   * @param signal stops the build.
   * @returns the build when it has ended, however it ended, in the integration's shape (PascalCase, epoch milliseconds).
   * @throws AwsError when it cannot be started.
   */
  async runBuild(
    parameters: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { record, stop, ended } = this.start(fromIntegration(parameters));
    const abort = (): void => stop.abort('STOPPED');
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    await ended;
    signal.removeEventListener('abort', abort);
    return integrationBuild(record, this.placeOf(record));
  }

  /** All builds of a project, oldest first. */
  buildsOf(project: string): readonly BuildRecord[] {
    return this.ledger.of(project);
  }

  build(id: string): BuildRecord | undefined {
    return this.ledger.find(id);
  }

  /** Tells a build to stop; nothing happens when it has ended. */
  stop(id: string): void {
    this.running.get(id)?.stop.abort('STOPPED');
  }

  /** Stops every build and waits until nothing of them runs any more. */
  async stopAll(): Promise<void> {
    const builds = [...this.running.values()];
    for (const build of builds) build.stop.abort('STOPPED');
    await Promise.all(builds.map((build) => build.ended));
  }

  /** Starts a build that nobody waits for, so it is a piece of work of its own on the clock. */
  private startUnattended(input: StartBuild): BuildRecord {
    const workEnded = this.options.clock.work();
    try {
      const { record, ended } = this.start(input);
      void ended.finally(workEnded);
      return record;
    } catch (error) {
      workEnded();
      throw error;
    }
  }

  private start({ projectName, environmentVariablesOverride = [] }: StartBuild): RunningBuild {
    const project = this.projects.get(projectName);
    if (!project) throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${projectName}`);
    const number = this.ledger.of(projectName).length + 1;
    const overrides = environmentVariablesOverride.map(({ name, value }): [string, string] => [name, value]);
    const variables = { ...project.environment, ...Object.fromEntries(overrides) };
    const record = this.ledger.open({
      id: `${projectName}:${uuidOf(`${this.options.chance.seed}/${projectName}/${number}`)}`,
      number,
      project: projectName,
      variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
      timeoutMinutes: project.timeoutMinutes,
    });
    const stop = new AbortController();
    const build = { record, stop, ended: this.perform(record, project.parsed, project.sourceDirectory, stop) };
    this.running.set(record.id, build);
    return build;
  }

  /** Takes the build to its end. Never rejects: what goes wrong is the build's status. */
  private async perform(
    record: BuildRecord,
    buildspec: Buildspec,
    sourceDirectory: string,
    stop: AbortController,
  ): Promise<void> {
    const { clock } = this.options;
    const deadline = new Date(Date.parse(record.startTime) + record.timeoutMinutes * 60_000);
    const cancelDeadline = clock.alarm(deadline, () => stop.abort('TIMED_OUT'));
    let status: BuildStatus;
    try {
      await this.wait(record, stop.signal);
      status = await this.run(record, buildspec, sourceDirectory, stop.signal);
    } catch (error) {
      status = 'FAULT';
      if (!stop.signal.aborted) this.ledger.fault(record, error);
    }
    cancelDeadline();
    this.running.delete(record.id);
    this.ledger.close(record, stop.signal.aborted ? (stop.signal.reason as BuildStatus) : status);
  }

  private async wait(record: BuildRecord, signal: AbortSignal): Promise<void> {
    const { clock, chance } = this.options;
    for (const [phase, seconds] of WAITING) {
      this.ledger.beginPhase(record, phase);
      await clock.sleep(chance.milliseconds(`codebuild/${record.project}/${record.number}/${phase}`, seconds), signal);
      this.ledger.endPhase(record, 'SUCCEEDED');
    }
  }

  private async run(
    record: BuildRecord,
    buildspec: Buildspec,
    sourceDirectory: string,
    signal: AbortSignal,
  ): Promise<BuildStatus> {
    const logFile = this.logFileOf(record);
    if (logFile) mkdirSync(dirname(logFile), { recursive: true });
    const log = (line: string): void => {
      if (logFile) appendFileSync(logFile, `[Container] ${this.options.clock.now().toISOString()} ${line}\n`);
    };
    const outcome = await this.options.runner({
      id: record.id,
      project: record.project,
      buildspec,
      environment: this.environmentOf(record, buildspec),
      sourceDirectory,
      ...(logFile === undefined ? {} : { logFile }),
      log,
      phaseStarted: (phase) => {
        this.ledger.beginPhase(record, phase.toUpperCase() as PhaseType);
        log(`Entering phase ${phase.toUpperCase()}`);
      },
      phaseEnded: (phase, failure) => {
        const status = failure === undefined ? 'SUCCEEDED' : 'FAILED';
        const context = failure === undefined ? undefined : { statusCode: 'COMMAND_EXECUTION_ERROR', message: failure };
        this.ledger.endPhase(record, status, context);
        log(`Phase complete: ${phase.toUpperCase()} State: ${status}`);
        if (context) log(`Phase context status code: ${context.statusCode} Message: ${context.message}`);
      },
      signal,
    });
    // A phase in which the build was stopped ends with the build.
    if (signal.aborted) return 'STOPPED';
    record.exported = outcome.exported;
    this.ledger.beginPhase(record, 'FINALIZING');
    this.ledger.endPhase(record, 'SUCCEEDED');
    return outcome.succeeded ? 'SUCCEEDED' : 'FAILED';
  }

  private environmentOf(record: BuildRecord, buildspec: Buildspec): Record<string, string> {
    const { region, account } = this.options;
    return {
      ...buildspec.env?.variables,
      ...Object.fromEntries(record.variables.map(({ name, value }) => [name, value])),
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      CODEBUILD_BUILD_ID: record.id,
      CODEBUILD_BUILD_ARN: `arn:aws:codebuild:${region}:${account}:build/${record.id}`,
      CODEBUILD_BUILD_NUMBER: String(record.number),
      CODEBUILD_START_TIME: String(Date.parse(record.startTime)),
      CODEBUILD_LOG_PATH: record.id.slice(record.project.length + 1),
      CODEBUILD_CI: 'true',
    };
  }

  private list(projectName: string, sortOrder: string | undefined, from: number): object {
    if (!this.projects.has(projectName)) {
      throw new AwsError('ResourceNotFoundException', `Project cannot be found: ${projectName}`);
    }
    const ids = this.ledger.of(projectName).map((build) => build.id);
    const sorted = sortOrder === 'ASCENDING' ? ids : ids.toReversed();
    const to = from + 100;
    return { ids: sorted.slice(from, to), ...(to < sorted.length ? { nextToken: String(to) } : {}) };
  }

  private describe(record: BuildRecord): unknown {
    return apiBuild(record, this.placeOf(record));
  }

  private describeProject({ name, environment, timeoutMinutes }: CodeBuildProject): object {
    return {
      name,
      arn: `arn:aws:codebuild:${this.options.region}:${this.options.account}:project/${name}`,
      timeoutInMinutes: timeoutMinutes,
      environment: {
        type: 'LINUX_CONTAINER',
        environmentVariables: Object.entries(environment).map(([key, value]) => ({
          name: key,
          value,
          type: 'PLAINTEXT',
        })),
      },
    };
  }

  private placeOf(record: BuildRecord): BuildPlace {
    const { region, account } = this.options;
    const file = this.logFileOf(record);
    return { region, account, ...(file === undefined ? {} : { logUrl: pathToFileURL(file).href }) };
  }

  private logFileOf(record: BuildRecord): string | undefined {
    const { logDirectory } = this.options;
    const stream = record.id.slice(record.project.length + 1);
    return logDirectory === undefined ? undefined : join(resolve(logDirectory), record.project, `${stream}.log`);
  }
}

/** The integration's parameters are StartBuild's input with capital keys. */
function fromIntegration(parameters: Readonly<Record<string, unknown>>): StartBuild {
  const {
    ProjectName,
    EnvironmentVariablesOverride = [],
    ...others
  } = parameters as {
    readonly ProjectName: string;
    readonly EnvironmentVariablesOverride?: readonly { readonly Name: string; readonly Value: string }[];
  };
  const unknown = Object.keys(others);
  if (unknown.length > 0) throw new AwsError('InvalidInputException', `StartBuild knows no ${unknown.join(', ')} here`);
  return {
    projectName: ProjectName,
    environmentVariablesOverride: EnvironmentVariablesOverride.map(({ Name, Value }) => ({ name: Name, value: Value })),
  };
}
