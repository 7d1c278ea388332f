import { ErrorName } from './errors';
import { BUILDS, projectNameOf, type BuildName } from './names';
import type { Cause, Failure } from './record';

/** What a Catch hands on: `Cause` is text, often JSON whose form depends on what failed. */
export interface CaughtError {
  readonly Error?: string | undefined;
  readonly Cause?: string | undefined;
}

/** A classified failure: `where` is the build or the fixed text given by the state machine. */
export type Classified = Pick<Failure, 'where' | 'cause' | 'sentence'> & {
  readonly buildId?: string;
  readonly executionArn?: string;
};

/** How many nested executions deep a cause is read; the story nests one. */
const MAX_DEPTH = 4;

/**
 * Classifies what a state machine caught: unwraps nested executions, builds and Lambda errors down to the first cause.
 * @param where the state that failed, for what says nothing of itself.
 */
export function classify(where: string, error: CaughtError, depth = 0): Classified {
  const cause = parse(error.Cause);
  if (cause && depth < MAX_DEPTH && typeof cause['ExecutionArn'] === 'string') {
    return nested(where, cause, depth);
  }
  const build = buildOf(cause);
  if (build) return failedBuild(where, build);
  const sentence = String(cause?.['errorMessage'] ?? error.Cause ?? '').trim();
  return {
    where,
    cause: causeOf(error.Error),
    sentence: sentence || `${where} ended with ${error.Error ?? 'no error name'}`,
  };
}

function nested(where: string, execution: Record<string, unknown>, depth: number): Classified {
  const executionArn = String(execution['ExecutionArn']);
  const status = String(execution['Status'] ?? 'FAILED');
  if (status === 'TIMED_OUT') {
    return { where, cause: 'deadline', sentence: `${where} did not end before the drill's deadline`, executionArn };
  }
  if (status === 'ABORTED') {
    return { where, cause: 'interrupted', sentence: `${where} was aborted while it ran`, executionArn };
  }
  const inner = { Error: text(execution['Error']), Cause: text(execution['Cause']) };
  return { executionArn, ...classify(where, inner, depth + 1) };
}

function failedBuild(where: string, build: Record<string, unknown>): Classified {
  const name = BUILDS.find((candidate) => projectNameOf(candidate) === build['ProjectName']);
  const buildId = text(build['Id']);
  const status = text(build['BuildStatus']) ?? 'FAILED';
  const phases = Array.isArray(build['Phases']) ? (build['Phases'] as Record<string, unknown>[]) : [];
  const failed = phases.find((phase) => !['SUCCEEDED', undefined].includes(text(phase['PhaseStatus'])));
  const detail = failed ? ` in its phase ${String(failed['PhaseType'])}` : '';
  return {
    where: name ?? where,
    cause: status === 'STOPPED' ? 'interrupted' : name ? BUILD_CAUSE[name] : 'internal',
    sentence: `The build ${name ?? where} ended with ${status}${detail}`,
    ...(buildId === undefined ? {} : { buildId }),
  };
}

/** What a build's failure most likely is, when its own step could not say (it writes a better sentence first). */
const BUILD_CAUSE: Record<BuildName, Cause> = {
  'check-readiness': 'readiness',
  'provision-cluster': 'terraform',
  'install-gitops': 'gitops',
  'drain-cluster': 'teardown',
  'destroy-cluster': 'teardown',
};

function causeOf(errorName: string | undefined): Cause {
  switch (errorName) {
    case ErrorName.LayerFailed:
      return 'component';
    case ErrorName.LayerDeadline:
    case 'States.Timeout':
      return 'deadline';
    case ErrorName.DrillClosed:
      return 'interrupted';
    case ErrorName.LeaksLeft:
      return 'teardown';
    default:
      return 'internal';
  }
}

function buildOf(cause: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  const build = (cause?.['Build'] ?? cause) as Record<string, unknown> | undefined;
  return build && 'BuildStatus' in build ? build : undefined;
}

function parse(json: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
