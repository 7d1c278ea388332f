/** A failure inside an execution: `name` is what Retry and Catch match (`Error`), `message` is its `Cause`. */
export class StatesError extends Error {
  constructor(
    override readonly name: string,
    cause: string,
  ) {
    super(cause);
  }
}

/** An error of the execution itself, which nothing can retry or catch: a path that finds nothing, too long a history. */
export function runtimeError(cause: string): StatesError {
  return new StatesError('States.Runtime', cause);
}
