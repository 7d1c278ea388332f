import type { Clock } from '../../domain/clock';
import { KubernetesUnavailableError, type KubernetesApi } from '../../domain/ports/kubernetes';

/** A control plane is replaced, or throttles, for a few minutes. */
const PATIENCE_MILLISECONDS = 10 * 60_000;
const PAUSE_MILLISECONDS = 15_000;

/**
 * The same API, asked again for ten minutes when it does not answer: a draining that is given up leaves to the sweep
 * what only the cluster knows. One that has no access will not get it by waiting.
 */
export function patiently(api: KubernetesApi, clock: Clock, signal: AbortSignal): KubernetesApi {
  const again = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    const deadline = clock.now().getTime() + PATIENCE_MILLISECONDS;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const mayPass = error instanceof KubernetesUnavailableError && error.kind !== 'unauthorized';
        if (!mayPass || clock.now().getTime() >= deadline) throw error;
      }
      await clock.sleep(PAUSE_MILLISECONDS, signal);
    }
  };
  return {
    types: (...call) => again(() => api.types(...call)),
    list: (...call) => again(() => api.list(...call)),
    get: (...call) => again(() => api.get(...call)),
    apply: (...call) => again(() => api.apply(...call)),
    patch: (...call) => again(() => api.patch(...call)),
    delete: (...call) => again(() => api.delete(...call)),
    logs: (...call) => again(() => api.logs(...call)),
  };
}
