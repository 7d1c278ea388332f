/**
 * The one vocabulary of errors that cross a boundary: the name that a handler throws is the string that the
 * state machines retry or catch (Step Functions matches on `error.name`). `test/lib/error-names.test.ts` holds
 * both sides together.
 */
export const ErrorName = {
  /** The input of an execution is wrong; nothing was opened. */
  InvalidInput: 'InvalidInputError',
  /** The same scheduled time was delivered twice (EventBridge Scheduler delivers at least once). */
  DuplicateDrill: 'DuplicateDrillError',
  /** Another drill of the target holds the lease. */
  LeaseHeld: 'LeaseHeldError',
  /** As many drills run as may at the same time. */
  NoSlot: 'NoSlotError',
  /** The drill might cost more than is left of the budget of all drills. */
  OverBudget: 'OverBudgetError',
  /** The drill does not hold the lease of its target any more: it expired and another drill has taken it over. */
  LeaseLost: 'LeaseLostError',
  /** The drill was closed (or never opened), or its teardown has begun, while a step still worked on it, as after a redrive. */
  DrillClosed: 'DrillClosedError',
  /** Another build applies, or has applied, for the drill. */
  AlreadyApplied: 'AlreadyAppliedError',
  /** A component of a layer has failed for good; waiting longer would not help. */
  LayerFailed: 'LayerFailedError',
  /** A layer was not healthy at its deadline. */
  LayerDeadline: 'LayerDeadlineError',
  /** The report could not be mailed; it is stored all the same. */
  MailRefused: 'MailRefusedError',
  /** The red end of a drill that did not pass. */
  DrillFailed: 'DrillFailedError',
  /** The red end of a teardown that could not prove that nothing is left. */
  LeaksLeft: 'LeaksLeftError',
  /** The guard has tried often enough; its own failure is what raises the alarm. */
  GuardExhausted: 'GuardExhaustedError',
  /** Throttling, a timeout, a 5xx: worth trying again. */
  Transient: 'TransientError',
} as const;
export type ErrorName = (typeof ErrorName)[keyof typeof ErrorName];

/** An error with a name of the vocabulary and one sentence for a person. */
export class DrillError extends Error {
  constructor(
    override readonly name: ErrorName,
    sentence: string,
    options?: ErrorOptions,
  ) {
    super(sentence, options);
  }
}

/**
 * A mistake in something that a person wrote (drill.yaml, a repository, a command line). `message` is one sentence
 * with the place, the value and the mend; the CLI prints it without a stack trace.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** AWS answers worth a retry, by the names the SDK gives them (SDK v3 sets `name` to the error code). */
const TRANSIENT_NAMES = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'RequestTimeout',
  'TimeoutError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'InternalServerError',
  'InternalServerException',
  'InternalFailure',
  'SlowDown',
]);

const TRANSIENT_CODES = new Set(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN']);

/** Whether an error of an SDK or of the network may go away by itself. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  return (
    error.name === ErrorName.Transient ||
    TRANSIENT_NAMES.has(error.name) ||
    (typeof code === 'string' && TRANSIENT_CODES.has(code)) ||
    ($metadata?.httpStatusCode ?? 0) >= 500
  );
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
