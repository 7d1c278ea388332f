/** A CodeBuild build as far as a teardown needs it. */
export interface Build {
  readonly id: string;
  readonly project: string;
  /** IN_PROGRESS, SUCCEEDED, FAILED, FAULT, TIMED_OUT, STOPPED. */
  readonly status: string;
  /** The drill it works for, from its environment. */
  readonly drillId?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export interface Builds {
  /** The drill's builds of the given projects that have not ended. */
  running(projects: readonly string[], drillId: string): Promise<readonly Build[]>;
  build(id: string): Promise<Build | undefined>;
  stop(id: string): Promise<void>;
}
