import type { Clock } from '../../domain/clock';
import type { Eks, EksCapability } from '../../domain/ports/eks';
import { BuildFailure } from '../build-account';

/** As long as a control plane takes to come up at most; nobody has published how long a capability does. */
const DEADLINE_MILLISECONDS = 15 * 60_000;
const PAUSE_MILLISECONDS = 15_000;

/**
 * Waits until the Argo CD that EKS runs for a cluster is active and says nothing is wrong.
 * @throws BuildFailure (cause `gitops`) when EKS could not create it, or at the deadline, with its health issues.
 */
export async function awaitCapability(
  eks: Pick<Eks, 'capabilities'>,
  cluster: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<EksCapability> {
  const deadline = clock.now().getTime() + DEADLINE_MILLISECONDS;
  for (;;) {
    const capability = (await eks.capabilities(cluster)).find(({ type }) => type === 'ARGOCD');
    if (capability?.status === 'ACTIVE' && capability.health.length === 0) return capability;
    const said = capability ? [capability.status, ...capability.health].join(': ') : 'no longer there';
    if (capability?.status === 'CREATE_FAILED') {
      throw new BuildFailure('gitops', `EKS could not create the Argo CD of ${cluster}: ${said}`);
    }
    if (clock.now().getTime() >= deadline) {
      const minutes = DEADLINE_MILLISECONDS / 60_000;
      throw new BuildFailure('gitops', `The Argo CD that EKS manages did not work within ${minutes} minutes: ${said}`);
    }
    await clock.sleep(PAUSE_MILLISECONDS, signal);
  }
}
