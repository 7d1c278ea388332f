import type { History } from '../domain/ports/history';
import type { Span } from '../domain/record';

/**
 * Writes spans while a command runs: one write at a time, each with everything that came up since the last one, so the
 * batches grow with the pace of the events and no timer is needed.
 */
export class SpanWriter {
  private waiting = new Map<string, Span>();
  private writing: Promise<void> = Promise.resolve();
  private busy = false;

  constructor(
    private readonly history: Pick<History, 'put'>,
    private readonly drillId: string,
  ) {}

  /** Takes a span; a later one of the same id replaces it. */
  add(span: Span): void {
    this.waiting.set(span.id, span);
    if (this.busy) return;
    this.busy = true;
    this.writing = this.drain();
  }

  /** Resolves when everything is written. @throws what the history threw; spans that failed to be written are tried again here. */
  async flush(): Promise<void> {
    await this.writing;
    await this.write();
  }

  /** A write that fails on the way is not lost: its spans wait for the next one. */
  private async drain(): Promise<void> {
    try {
      while (this.waiting.size > 0) await this.write();
    } catch {
      // Left for `flush`, which reports it.
    } finally {
      this.busy = false;
    }
  }

  private async write(): Promise<void> {
    if (this.waiting.size === 0) return;
    const batch = this.waiting;
    this.waiting = new Map();
    try {
      await this.history.put(
        this.drillId,
        Array.from(batch.values(), (item) => ({ type: 'span' as const, item })),
      );
    } catch (error) {
      this.waiting = new Map([...batch, ...this.waiting]);
      throw error;
    }
  }
}
