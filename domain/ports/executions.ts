/** An execution of a state machine. */
export interface Execution {
  readonly arn: string;
  /** RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED, PENDING_REDRIVE. */
  readonly status: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  readonly startedAt: string;
}

export interface Executions {
  /**
   * Starts an execution. With a name, starting it again is the same execution (Step Functions keeps names for 90
   * days). @returns its ARN.
   */
  start(stateMachineArn: string, input: unknown, name?: string): Promise<string>;
  /** Undefined when there is no such execution. */
  execution(arn: string): Promise<Execution | undefined>;
  stop(arn: string, cause: string): Promise<void>;
  /** Answers a callback token. @throws UserError when the token is no longer waited for. */
  confirm(taskToken: string, output: unknown): Promise<void>;
}
