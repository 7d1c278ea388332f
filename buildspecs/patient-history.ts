import type { Clock } from '../domain/clock';
import { isTransient } from '../domain/errors';
import type { History } from '../domain/ports/history';

/** The SDK's own tries take seconds; a table that is overrun, or away, comes back within minutes. */
const PATIENCE_MILLISECONDS = 5 * 60_000;
const PAUSE_MILLISECONDS = 10_000;

/**
 * A history that a build waits for: half an hour of Terraform, or the volumes that only a living cluster can name, are
 * worth more than five minutes. Every write of the history may be repeated.
 */
export function patientHistory(history: History, clock: Clock, signal: AbortSignal): History {
  return new Proxy(history, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => patiently(() => method.apply(target, args) as Promise<unknown>, clock, signal);
    },
  });
}

async function patiently(call: () => Promise<unknown>, clock: Clock, signal: AbortSignal): Promise<unknown> {
  const deadline = clock.now().getTime() + PATIENCE_MILLISECONDS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted || !isTransient(error) || clock.now().getTime() >= deadline) throw error;
    }
    await clock.sleep(PAUSE_MILLISECONDS, signal);
  }
}
