import type { Host } from '../../adapters/host';
import { messageOf } from '../../domain/errors';

/**
 * The looks of one round, each on its own: one that fails (a throttled service, a record that cannot be read) keeps no
 * other one from being taken, and is told at the end.
 */
export class Looks {
  private readonly failures: string[] = [];

  constructor(private readonly log: Host['log']) {}

  async take(at: string, look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      const sentence = `${at}: ${messageOf(error)}`;
      this.failures.push(sentence);
      this.log(sentence);
    }
  }

  /** @throws Error with every look that failed. */
  conclude(): void {
    if (this.failures.length === 0) return;
    throw new Error(`The patrol could not finish: ${this.failures.join('; ')}`);
  }
}
