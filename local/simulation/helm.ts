import type { Clock } from '../../domain/clock';
import { KubernetesUnavailableError } from '../../domain/ports/kubernetes';
import type { Program } from '../program';
import type { Clusters } from './clusters';

const INSTALL_MILLISECONDS = 40_000;

/** Helm, as far as *Install GitOps* uses it: the chart of Argo CD, into the cluster that the kubeconfig names. */
export function helmProgram(clusters: Clusters, clock: Clock, clusterName: () => string): Program {
  return async ({ args, stdout, stderr, signal }) => {
    if (args[0] === 'version') {
      stdout('v4.1.4+g1234567\n');
      return 0;
    }
    try {
      await clock.sleep(INSTALL_MILLISECONDS, signal);
    } catch {
      stderr('Error: release argocd failed: context canceled\n');
      return 1;
    }
    const cluster = clusters.get(clusterName());
    const obstacle = cluster
      ? clusters.obstacleTo(cluster)
      : new KubernetesUnavailableError('unreachable', 'no such host');
    if (obstacle) {
      stderr(`Error: Kubernetes cluster unreachable: ${obstacle.message}\n`);
      return 1;
    }
    cluster!.platform.installArgocd();
    stdout('STATUS: deployed\n');
    return 0;
  };
}
