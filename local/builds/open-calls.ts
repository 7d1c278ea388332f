/** The calls that each build has open to the drill's process: a stand-in program that runs, a sleep on the drill's clock. */
export class OpenCalls {
  private readonly calls = new Map<string, Set<Promise<unknown>>>();

  /** Counts a call as the build's until it has ended, one way or the other. */
  track<Result>(build: string, call: Promise<Result>): Promise<Result> {
    const open = this.calls.get(build) ?? new Set();
    this.calls.set(build, open.add(call));
    const forget = (): void => {
      open.delete(call);
      if (open.size === 0 && this.calls.get(build) === open) this.calls.delete(build);
    };
    call.then(forget, forget);
    return call;
  }

  /** Resolves when the build has no call open. */
  async settled(build: string): Promise<void> {
    while (this.calls.has(build)) await Promise.allSettled(this.calls.get(build) ?? []);
  }
}
