import type { Machine } from '../states/machine';

/** What is remembered of an execution, also by the next process. Input and output are JSON text, dates ISO instants. */
export interface ExecutionRecord {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly input: string;
  output?: string;
  error?: string;
  cause?: string;
  readonly startDate: string;
  stopDate?: string;
  /** How often it was redriven. */
  redrives?: number;
}

export interface StateMachine {
  readonly arn: string;
  readonly roleArn: string;
  readonly definition: unknown;
  readonly machine: Machine;
}
