import type { Clock } from '../../domain/clock';
import { isTransient, messageOf } from '../../domain/errors';
import { BUILD_RESOURCE } from '../../domain/kubernetes-types';
import { KubernetesUnavailableError, type KubernetesApi } from '../../domain/ports/kubernetes';
import { BuildFailure } from '../build-account';

/** A new endpoint's name and a new access entry are known everywhere within minutes. */
const DEADLINE_MILLISECONDS = 10 * 60_000;
const PAUSE_MILLISECONDS = 10_000;

/**
 * Waits until the API of a new cluster answers this build.
 * @throws BuildFailure (cause `unreachable`) at the deadline, with the last obstacle.
 */
export async function awaitApi(kubernetes: KubernetesApi, clock: Clock, signal: AbortSignal): Promise<void> {
  const deadline = clock.now().getTime() + DEADLINE_MILLISECONDS;
  for (;;) {
    try {
      await kubernetes.get(BUILD_RESOURCE.namespace, 'kube-system');
      return;
    } catch (error) {
      if (!(error instanceof KubernetesUnavailableError) && !isTransient(error)) throw error;
      if (clock.now().getTime() >= deadline) {
        throw new BuildFailure(
          'unreachable',
          `The API of the drill cluster did not answer for ${DEADLINE_MILLISECONDS / 60_000} minutes: ${messageOf(error)}`,
        );
      }
    }
    await clock.sleep(PAUSE_MILLISECONDS, signal);
  }
}
