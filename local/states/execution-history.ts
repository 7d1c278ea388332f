import { runtimeError } from './states-error';
import type { Payload } from './payload';

/** Standard workflows fail when their history reaches this many events. */
const MAX_EVENTS = 25_000;

export interface HistoryEvent {
  readonly id: number;
  /** As Step Functions names it: `ExecutionStarted`, `TaskStateEntered`, `TaskScheduled`, … */
  readonly type: string;
  readonly timestamp: Date;
  /** The state it belongs to; none for the events of the execution itself. */
  readonly state?: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The events of one execution, counted as Step Functions counts them against its quota. */
export class ExecutionHistory {
  readonly events: HistoryEvent[] = [];
  /** States entered and retries: what Step Functions bills as state transitions. */
  transitions = 0;
  largestPayloadBytes = 0;
  /** The state that the largest payload went into or came out of. */
  largestPayloadState = '';

  constructor(private readonly now: () => Date) {}

  /**
   * Writes an event and returns its id.
   * @throws StatesError States.Runtime when only the place for the execution's own end is left.
   */
  add(type: string, detail: Readonly<Record<string, unknown>> = {}, state?: string): number {
    if (this.events.length >= MAX_EVENTS - 1) {
      throw runtimeError(`The execution reached the maximum number of history events (${MAX_EVENTS}).`);
    }
    return this.write(type, detail, state);
  }

  /** Writes the event that ends the execution. */
  end(type: string, detail: Readonly<Record<string, unknown>>): void {
    this.write(type, detail);
  }

  measure(payload: Payload, state: string): void {
    if (payload.bytes <= this.largestPayloadBytes) return;
    this.largestPayloadBytes = payload.bytes;
    this.largestPayloadState = state;
  }

  private write(type: string, detail: Readonly<Record<string, unknown>>, state?: string): number {
    const id = this.events.length + 1;
    this.events.push({ id, type, timestamp: this.now(), ...(state === undefined ? {} : { state }), detail });
    return id;
  }
}
