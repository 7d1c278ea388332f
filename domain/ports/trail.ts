/** A management event that changed something, as CloudTrail recorded it. */
export interface TrailEvent {
  readonly id: string;
  /** Such as `RunInstances`. */
  readonly name: string;
  /** Such as `ec2.amazonaws.com`. */
  readonly source: string;
  readonly at: string;
  readonly user?: string;
  /** ARNs or names of what it touched. */
  readonly resources: readonly string[];
  /** CloudTrail's whole record (`userIdentity`, `userAgent`, `requestParameters` …); empty when it could not be read. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** The management events of the account and region. */
export interface Trail {
  /**
   * Events of a window that changed something, oldest first. CloudTrail delivers minutes to more than an hour late, so
   * an empty answer means "none seen yet". Reading is paced to the two requests a second that CloudTrail allows.
   */
  changesBetween(from: string, to: string): Promise<readonly TrailEvent[]>;
}
