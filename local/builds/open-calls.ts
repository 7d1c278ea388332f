interface OpenCall {
  readonly ended: Promise<unknown>;
  readonly interrupt: (() => Promise<unknown>) | undefined;
}

/**
 * The calls that the builds have open to the drill's process: a stand-in program that runs, a sleep on the drill's clock.
 * They are where real processes and drill time meet.
 */
export class OpenCalls {
  private readonly calls = new Map<string, Set<OpenCall>>();

  /**
   * Counts a call as the build's until it has ended, one way or the other.
   * @param interrupt for a call that takes notice when its build is sent SIGTERM: resolves when it has.
   */
  track<Result>(build: string, ended: Promise<Result>, interrupt?: () => Promise<unknown>): Promise<Result> {
    const call = { ended, interrupt };
    const open = this.calls.get(build) ?? new Set();
    this.calls.set(build, open.add(call));
    const forget = (): void => {
      open.delete(call);
      if (open.size === 0 && this.calls.get(build) === open) this.calls.delete(build);
    };
    ended.then(forget, forget);
    return ended;
  }

  /** Interrupts a build that is being sent SIGTERM. @returns when its calls have taken notice. */
  async interrupt(build: string): Promise<void> {
    await Promise.allSettled([...(this.calls.get(build) ?? [])].map((call) => call.interrupt?.()));
  }

  /** Resolves when the build has no call open. */
  async settled(build: string): Promise<void> {
    while (this.calls.has(build)) {
      await Promise.allSettled([...(this.calls.get(build) ?? [])].map((call) => call.ended));
    }
  }
}
