/** What can go wrong, by name, in words that end the sentence "At this state …". */
export const FAULTS = {
  'api-error': 'a service refuses a call for good',
  throttling: 'a service turns calls away as too many',
  timeout: 'a call gets no answer and times out',
  crash: 'the process dies after a call took effect and before its answer',
  'lost-answer': 'all is done and the answer is lost',
  abort: 'somebody aborts the execution',
  'abort-unheard': 'somebody aborts the execution, and the event of it is lost',
  'abort-heard-twice': 'somebody aborts the execution, and the event of it comes twice',
  hang: 'the Lambda or build hangs until its timeout',
  killed: 'the build is killed half-way',
  'half-made': 'AWS refuses to make one resource of the cluster',
  'half-destroyed': 'AWS refuses to destroy one resource of the cluster',
  vanished: 'a part of the cluster is deleted by somebody else',
  unreachable: 'the API server of the cluster cannot be reached for a while',
  'table-full': 'the history table turns every request away for a while',
  'table-slow': 'the history table takes ten seconds for every request',
  'mail-refused': 'the mail is refused from now on',
  'clock-ahead': 'the clock of the Lambda or build is two hours ahead',
  'clock-behind': 'the clock of the Lambda or build is two hours behind',
  'second-same': 'a second drill of the same target is started',
  'second-other': 'a drill of another target is started',
  'second-delivery': 'the schedule delivers the same start again',
  redrive: 'the execution is aborted and redriven',
} as const;
export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];

/** A task state of one of the machines. */
export interface Place {
  readonly machine: string;
  readonly state: string;
}

/** A fault at its place. */
export interface PlannedFault extends Place {
  readonly kind: FaultKind;
  /** At which visit of the state it happens, from 1. */
  readonly visit: number;
  /**
   * At which call of a port within the state, from 1, for the faults of calls; 0 for the call of the Lambda, build or
   * execution itself. For `killed`, `half-made` and `half-destroyed` the place among Terraform's resources.
   */
  readonly call: number;
}

/** What is built, and what is wrong with it from the beginning. */
export interface Scenery {
  /** Layer that declares a manual step. */
  readonly manualStep?: 'cluster' | 'foundation' | 'platform' | 'applications';
  /** Component whose pods never become available. */
  readonly sick?: string;
  /** Volumes survive their claims. */
  readonly volumesStay?: boolean;
  /** Volumes carry no tag of their cluster. */
  readonly untaggedVolumes?: boolean;
  /** No controller cleans up what it made in AWS. */
  readonly controllersGone?: boolean;
  /** EKS makes the cluster's log group again after it was deleted. */
  readonly logGroupComesBack?: boolean;
  /** The VPC holds something that carries the tag of another drill. */
  readonly stranger?: boolean;
  /** A volume of somebody else is mounted in the cluster. */
  readonly borrowedVolume?: boolean;
  /** Nobody reaches the API server of the cluster any more from the beginning of its teardown. */
  readonly cutOff?: boolean;
  /** What AWS refuses to delete, by type. */
  readonly stuck?: string;
}

/** Everything that a simulation follows from, beside the code. */
export interface Plan {
  readonly seed: number;
  readonly scenery: Scenery;
  readonly faults: readonly PlannedFault[];
}

/** `throttling at Teardown: Find leaks (call 2, visit 1)`. */
export function faultInWords({ kind, machine, state, visit, call }: PlannedFault): string {
  return `${kind} at ${machine}: ${state} (visit ${visit}${call > 0 ? `, call ${call}` : ''})`;
}
