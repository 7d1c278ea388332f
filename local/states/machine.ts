import type { Test } from './choice-rule';
import type { Catcher, Retrier } from './error-handling';
import type { Expression } from './intrinsics';
import type { Path, ReferencePath } from './path';
import type { TaskResource } from './task-resource';

/** A state machine, compiled by `loadMachine`. */
export interface Machine {
  readonly name: string;
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
  readonly timeoutSeconds?: number;
}

export type State = PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState;

interface Flow {
  readonly name: string;
  /** Null: the state is given `{}`. */
  readonly inputPath: Path | null;
  readonly outputPath: Path | null;
}

interface Step extends Flow {
  /** Undefined for a state that ends the execution. */
  readonly next: string | undefined;
}

export interface PassState extends Step {
  readonly type: 'Pass';
  /** Gives the result: `Result` as written, or `Parameters`; without either it is the input. */
  readonly result: Expression;
  readonly resultPath: ReferencePath | null;
}

export interface TaskState extends Step {
  readonly type: 'Task';
  readonly resource: TaskResource;
  readonly parameters: Expression;
  readonly resultSelector: Expression | undefined;
  readonly resultPath: ReferencePath | null;
  readonly timeoutSeconds: Expression | undefined;
  readonly heartbeatSeconds: Expression | undefined;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
}

export interface ChoiceState extends Flow {
  readonly type: 'Choice';
  readonly rules: readonly { readonly test: Test; readonly next: string }[];
  readonly otherwise: string | undefined;
}

export interface WaitState extends Step {
  readonly type: 'Wait';
  /** Gives seconds (a number) or an RFC 3339 timestamp (a string). */
  readonly until: Expression;
  readonly unit: 'seconds' | 'timestamp';
}

export interface SucceedState extends Flow {
  readonly type: 'Succeed';
}

export interface FailState {
  readonly type: 'Fail';
  readonly name: string;
  readonly error: Expression | undefined;
  readonly cause: Expression | undefined;
}
