import type { PhaseName } from './buildspec';

export type BuildStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'STOPPED';

export type PhaseType =
  'SUBMITTED' | 'QUEUED' | 'PROVISIONING' | 'DOWNLOAD_SOURCE' | Uppercase<PhaseName> | 'FINALIZING' | 'COMPLETED';

export interface PhaseRecord {
  readonly phaseType: PhaseType;
  readonly startTime: string;
  endTime?: string;
  phaseStatus?: BuildStatus;
  contexts?: { readonly statusCode: string; readonly message: string }[];
}

/** A build as the simulated CodeBuild keeps it: plain JSON, instants as ISO text. */
export interface BuildRecord {
  /** `<project>:<uuid>` */
  readonly id: string;
  readonly number: number;
  readonly project: string;
  readonly variables: readonly { readonly name: string; readonly value: string }[];
  readonly timeoutMinutes: number;
  readonly startTime: string;
  readonly phases: PhaseRecord[];
  endTime?: string;
  status: BuildStatus;
  exported?: Readonly<Record<string, string>>;
}

/** Where a build belongs and where its log lies. */
export interface BuildPlace {
  readonly region: string;
  readonly account: string;
  /** Link to the log. */
  readonly logUrl?: string;
}

/** The build as CodeBuild's API describes it, with instants as `Date`. */
function describe(build: BuildRecord, place: BuildPlace): Readonly<Record<string, unknown>> {
  const { id, project, region, account } = { ...build, ...place };
  return {
    id,
    arn: `arn:aws:codebuild:${region}:${account}:build/${id}`,
    buildNumber: build.number,
    startTime: new Date(build.startTime),
    ...(build.endTime === undefined ? {} : { endTime: new Date(build.endTime) }),
    currentPhase: build.phases.at(-1)?.phaseType,
    buildStatus: build.status,
    buildComplete: build.status !== 'IN_PROGRESS',
    projectName: project,
    phases: build.phases.map(describePhase),
    environment: {
      type: 'LINUX_CONTAINER',
      computeType: 'BUILD_GENERAL1_SMALL',
      environmentVariables: build.variables.map(({ name, value }) => ({ name, value, type: 'PLAINTEXT' })),
    },
    logs: {
      groupName: `/aws/codebuild/${project}`,
      streamName: id.slice(project.length + 1),
      ...(place.logUrl === undefined ? {} : { deepLink: place.logUrl }),
    },
    timeoutInMinutes: build.timeoutMinutes,
    exportedEnvironmentVariables: Object.entries(build.exported ?? {}).map(([name, value]) => ({ name, value })),
  };
}

function describePhase(phase: PhaseRecord): object {
  const start = new Date(phase.startTime);
  const end = phase.endTime === undefined ? undefined : new Date(phase.endTime);
  return {
    phaseType: phase.phaseType,
    ...(phase.phaseStatus === undefined ? {} : { phaseStatus: phase.phaseStatus }),
    startTime: start,
    ...(end ? { endTime: end, durationInSeconds: Math.round((end.getTime() - start.getTime()) / 1000) } : {}),
    contexts: phase.contexts ?? [],
  };
}

/** The build in an answer of CodeBuild's API: camelCase, instants in epoch seconds. */
export function apiBuild(build: BuildRecord, place: BuildPlace): unknown {
  return mapValue(describe(build, place), (key) => key, 1000);
}

/** The build in the output of Step Functions' `startBuild.sync`: PascalCase, instants in epoch milliseconds. */
export function integrationBuild(build: BuildRecord, place: BuildPlace): Readonly<Record<string, unknown>> {
  return mapValue(describe(build, place), pascalCase, 1) as Readonly<Record<string, unknown>>;
}

function pascalCase(key: string): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}

function mapValue(value: unknown, name: (key: string) => string, millisecondsPerUnit: number): unknown {
  if (value instanceof Date) return value.getTime() / millisecondsPerUnit;
  if (Array.isArray(value)) return value.map((item) => mapValue(item, name, millisecondsPerUnit));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [name(key), mapValue(part, name, millisecondsPerUnit)]),
  );
}
