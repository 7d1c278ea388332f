import type { Buildspec, PhaseName } from './buildspec';

/** A build that is to be run. */
export interface BuildOrder {
  /** `<project>:<uuid>` */
  readonly id: string;
  readonly project: string;
  readonly buildspec: Buildspec;
  /** What CodeBuild sets: variables of the buildspec, the project and this build, `AWS_REGION` and `CODEBUILD_…`. */
  readonly environment: Readonly<Record<string, string>>;
  /** The project's source: the build runs in a copy of it. */
  readonly sourceDirectory: string;
  /** Where the output goes; nowhere without it. */
  readonly logFile?: string;
  readonly log: (line: string) => void;
  readonly phaseStarted: (phase: PhaseName) => void;
  /** @param failure why the phase failed, as CodeBuild words it; undefined when it did not. */
  readonly phaseEnded: (phase: PhaseName, failure?: string) => void;
  /** Aborts when the build is to stop: it is asked to end, and ended if it does not. */
  readonly signal: AbortSignal;
}

export interface BuildOutcome {
  /** False when a phase failed, also when `on-failure: CONTINUE` went on after it. */
  readonly succeeded: boolean;
  /** The buildspec's exported variables that have a value. */
  readonly exported: Readonly<Record<string, string>>;
}

/**
 * Runs the phases of a build and resolves when nothing of it runs any more, stopped or not.
 * Rejects when the build could not be run at all (CodeBuild's FAULT).
 */
export type BuildRunner = (order: BuildOrder) => Promise<BuildOutcome>;
