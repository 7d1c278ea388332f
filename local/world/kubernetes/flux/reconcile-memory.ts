/** What a Flux controller remembers of an object beyond its status. */
export interface ReconcileMemory {
  /** The reconcile that is under way: when it began, and until when it waits for health. */
  running?: { startedAt: number; revision: string; checksFrom?: number; timeoutAt?: number; digest?: string };
  /** Keys of everything that it applied and still answers for. */
  inventory: string[];
  /** When the next reconcile is due; earlier tasks for it are stale. */
  nextAt?: number;
  /** Failed installations of a HelmRelease so far. */
  failures?: number;
  /** While it is being deleted and waits for what it applied. */
  finalizing?: true;
}
