/** A condition of a choice, as far as the tests look at it. */
export interface Condition {
  readonly Variable?: string;
  readonly IsPresent?: boolean;
  readonly And?: readonly Condition[];
}

/** A state of a definition, as far as the tests look at it. */
export interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly (Condition & { readonly Next: string })[];
  readonly Catch?: readonly {
    readonly Next: string;
    readonly ErrorEquals: readonly string[];
    readonly ResultPath?: string;
  }[];
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts?: number }[];
  readonly Resource?: string;
  readonly InputPath?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ResultSelector?: Readonly<Record<string, unknown>>;
  readonly ResultPath?: string | null;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly SecondsPath?: string;
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly CausePath?: string;
}

/** A state machine as a graph: whichever way an execution may take, errors included. */
export class StateGraph {
  readonly start: string;
  readonly states: Readonly<Record<string, State>>;

  constructor(definition: Record<string, unknown>) {
    this.start = definition['StartAt'] as string;
    this.states = definition['States'] as Record<string, State>;
  }

  get tasks(): [string, State][] {
    return Object.entries(this.states).filter(([, state]) => state.Type === 'Task');
  }

  /** States that may follow directly. */
  after(name: string): string[] {
    const state = this.states[name]!;
    return [
      state.Next,
      state.Default,
      ...(state.Choices ?? []).map((choice) => choice.Next),
      ...(state.Catch ?? []).map((caught) => caught.Next),
    ].filter((next) => next !== undefined);
  }

  /** States that can be reached from one, itself included, without passing through `avoiding`. */
  reachable(from: string, avoiding?: string): Set<string> {
    const seen = new Set<string>();
    const open = [from];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name) || name === avoiding) continue;
      seen.add(name);
      open.push(...this.after(name));
    }
    return seen;
  }

  /** States in which an execution ends. */
  get ends(): string[] {
    return Object.keys(this.states).filter((name) => this.after(name).length === 0);
  }
}
