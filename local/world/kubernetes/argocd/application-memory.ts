/** What initiated a sync, as `operation.initiatedBy` says it. */
export type Initiator = { automated: true } | { username: string };

/** A sync that is under way. */
export interface SyncMemory {
  revision: string;
  startedAt: number;
  /** Attempts that failed so far. */
  retries: number;
  /** Index of the step (phase and wave) that is being applied or waited for. */
  step: number;
  /** Whether this attempt makes the namespace first: decided at its start, because later the namespace is there. */
  makesNamespace: boolean;
  /** Whether the step's objects were applied. */
  applied: boolean;
  /** When the next attempt begins, while a retry is pending. */
  retryAt?: number;
  initiatedBy: Initiator;
}

/** What Argo CD's controller remembers of an Application beyond its status. */
export interface ApplicationMemory {
  /** Keys of everything that it applied and still answers for. */
  tracked: string[];
  sync?: SyncMemory;
  /** Revision and source whose automated sync ran last: the same is not synced again by itself. */
  attempted?: string;
  autoHeals: number;
  /** Since when comparisons repeat at every resync. */
  comparedAt?: number;
  /** While it is being deleted: when it is looked at next. */
  finalizeAt?: number;
}
