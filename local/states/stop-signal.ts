/** Why a running execution ends from outside: the reason of its abort signal. */
export class ExecutionStop {
  constructor(
    readonly status: 'ABORTED' | 'TIMED_OUT',
    readonly error?: string,
    readonly cause?: string,
  ) {}
}
