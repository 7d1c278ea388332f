import type {
  DrillRecord,
  DrillStory,
  Failure,
  Finding,
  LayerProgress,
  Leak,
  ManualStep,
  Outputs,
  Readiness,
  Span,
} from '../record';
import type { Layer } from '../layers';

/** The right to drill a target. */
export interface Lease {
  readonly target: string;
  readonly drillId: string;
  readonly executionArn: string;
  readonly takenAt: string;
  readonly heartbeatAt: string;
  readonly expiresAt: string;
}

/** One of the numbered places for drills that run at the same time; taken by a drill until it is closed. */
export interface Slot {
  readonly slot: number;
  readonly drillId: string;
  readonly target: string;
  readonly takenAt: string;
}

/** A page of records, newest first; `next` is an opaque cursor, absent on the last page. */
export interface Page {
  readonly records: readonly DrillRecord[];
  readonly next?: string;
}

/** The parts of a record that change after it was opened. */
export type RecordChanges = Partial<Pick<DrillRecord, 'phase' | 'commit' | 'bootstrapStartedAt' | 'teardown' | 'mail'>>;

/** What `close` adds. */
export type Closing = Required<Pick<DrillRecord, 'closedAt' | 'verdict' | 'counts'>> & Pick<DrillRecord, 'times'>;

/** A detail item of a drill, by the name of its list in `DrillStory`. */
export type Detail =
  | { readonly type: 'layer'; readonly item: LayerProgress }
  | { readonly type: 'span'; readonly item: Span }
  | { readonly type: 'manual-step'; readonly item: ManualStep }
  | { readonly type: 'failure'; readonly item: Failure }
  | { readonly type: 'finding'; readonly item: Finding }
  | { readonly type: 'leak'; readonly item: Leak }
  | { readonly type: 'readiness'; readonly item: Readiness }
  | { readonly type: 'outputs'; readonly build: string; readonly item: Outputs };

/**
 * The history table. Every write is idempotent and conditional; every question is one Query or GetItem.
 * Errors are `DrillError`s of the shared vocabulary; throttling surfaces as the SDK's own error (see `isTransient`).
 */
export interface History {
  /**
   * Writes a new record with its lease, in this order: the schedule's claim, the lease, the record. Running it again
   * for the same drill changes nothing.
   * @throws DrillError `DuplicateDrill` when another drill claimed the same target and scheduled time,
   *   `LeaseHeld` when another drill holds an unexpired lease, `DrillClosed` when this drill was closed already.
   */
  open(record: DrillRecord, leaseExpiresAt: string): Promise<void>;

  /**
   * Claims a scheduled time for a drill, as `open` does, for whoever must know early whether it is a duplicate.
   * @throws DrillError `DuplicateDrill` when another drill claimed the same target and scheduled time.
   */
  claimSchedule(record: DrillRecord, scheduledAt: string): Promise<void>;

  /** The record, strongly consistent; undefined when there is none. */
  record(drillId: string): Promise<DrillRecord | undefined>;

  /**
   * The record of a drill that may still build, for anything that is about to.
   * @throws DrillError `DrillClosed` when there is none, it is closed, or its teardown has begun.
   */
  openRecord(drillId: string): Promise<DrillRecord>;

  /**
   * Lets one build of the drill apply, by one conditional write. The same build may ask again.
   * @throws DrillError `DrillClosed` when the drill is closed, was never opened or its teardown has begun,
   *   `AlreadyApplied` when another build has the claim.
   */
  claimApply(drillId: string, buildId: string, at: string): Promise<void>;

  /**
   * Marks that the drill is being torn down, so that nothing of it is built any more. Marking again changes nothing.
   * @returns the record as it is then. @throws DrillError `DrillClosed` when the drill does not exist.
   */
  beginTeardown(drillId: string, at: string): Promise<DrillRecord>;

  /** @throws DrillError `DrillClosed` when the drill does not exist. */
  change(drillId: string, changes: RecordChanges): Promise<void>;

  /** Sets the time of one layer on the record, beside its progress. */
  setLayerTime(drillId: string, layer: Layer, time: DrillRecord['layers'][Layer] & object): Promise<void>;

  /**
   * Lets one of several executions that close a drill at the same time send its report. The same one may ask again; a
   * claim of another one that is older than `staleAt` is taken over.
   * @returns whether it may. @throws DrillError `DrillClosed` when the drill does not exist.
   */
  claimReport(drillId: string, claim: { readonly by: string; readonly at: string }, staleAt: string): Promise<boolean>;

  /** Closes the record once: a second close leaves the first verdict and returns it. Does not touch the lease. */
  close(drillId: string, closing: Closing): Promise<DrillRecord>;

  /** Writes detail items (each replaces the one with the same identity); order does not matter. */
  put(drillId: string, details: readonly Detail[]): Promise<void>;

  /** Writes a failure unless one of the same `where` exists: the first account of a failure stays. */
  putFailureOnce(drillId: string, failure: Failure): Promise<void>;

  /** One drill with everything in it, strongly consistent; undefined when there is none. */
  story(drillId: string): Promise<DrillStory | undefined>;

  /** Drills of a target, newest first. The records carry the layers' times, so this also gives their trend. */
  drillsOf(target: string, options: { readonly limit: number; readonly after?: string }): Promise<Page>;

  /** All drills of a quarter (`2026Q4`), oldest first. */
  drillsIn(quarter: string): Promise<readonly DrillRecord[]>;

  /** Drills that were not closed, oldest first. */
  openDrills(): Promise<readonly DrillRecord[]>;

  lease(target: string): Promise<Lease | undefined>;

  /** Extends the lease when this drill still holds it; false when it does not. */
  renewLease(target: string, drillId: string, heartbeatAt: string, expiresAt: string): Promise<boolean>;

  /** Gives the lease back when this drill holds it; otherwise changes nothing. */
  releaseLease(target: string, drillId: string): Promise<void>;

  /**
   * Takes one of `count` slots for a drill; a drill that has one keeps it.
   * @returns whether it has one now; false when all are taken by others.
   */
  takeSlot(drill: Pick<DrillRecord, 'drillId' | 'target'>, count: number, at: string): Promise<boolean>;

  /** The slots that are taken, strongly consistent, by their number. */
  slots(): Promise<readonly Slot[]>;

  /** Gives back every slot that the drill holds. */
  releaseSlots(drillId: string): Promise<void>;

  /** When something was told for the first time; undefined when it never was. `subject` names it, such as `abandoned/ARN`. */
  toldAt(subject: string): Promise<string | undefined>;

  /** Notes that something was told, unless that is noted already. */
  noteTold(subject: string, at: string): Promise<void>;
}
