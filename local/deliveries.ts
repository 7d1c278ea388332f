import type { DrillClock } from './clock';
import type { StepFunctions } from './services/step-functions';

/** Work that nobody waits for: targets of events, timers, a person. */
export class Deliveries {
  private readonly open = new Set<Promise<unknown>>();

  constructor(private readonly clock: DrillClock) {}

  /** Runs it as a piece of work of its own on the clock. Whoever gives it sees to what it throws. */
  start(work: () => Promise<unknown>): void {
    const ended = this.clock.work();
    const delivery = work().finally(ended);
    this.open.add(delivery);
    void delivery.finally(() => this.open.delete(delivery));
  }

  /** Resolves when none is under way and no execution runs any more. */
  async settled(stepFunctions: StepFunctions): Promise<void> {
    for (;;) {
      await Promise.all(this.open);
      const running = stepFunctions
        .stateMachines()
        .flatMap(({ arn }) => stepFunctions.executionsOf(arn))
        .filter(({ status }) => status === 'RUNNING');
      if (running.length === 0 && this.open.size === 0) return;
      await Promise.all(running.map(({ arn }) => stepFunctions.done(arn)));
    }
  }
}
