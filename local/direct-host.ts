import { awsClients } from '../adapters/aws-clients';
import { AwsEks } from '../adapters/aws-eks';
import type { Host } from '../adapters/host';
import type { KubernetesConnection, KubernetesTransport } from '../adapters/kubernetes-transport';
import type { Clock } from '../domain/clock';
import { KubernetesUnavailableError } from '../domain/ports/kubernetes';
import { MemoryHistory } from './memory-history';
import { ClusterUnreachableError, type KubernetesWorld } from './world/kubernetes/kubernetes-world';

/**
 * The two parts of the host that every turn of a waiting loop uses, without sockets between them and the simulated
 * world: a drill within one process is then several times as fast. Both pass the contract tests of the real ones.
 */
export function directHost(kubernetes: KubernetesWorld, clock: Clock): Pick<Host, 'history' | 'eks'> {
  return { history: new MemoryHistory(), eks: directEks(kubernetes, clock) };
}

/**
 * EKS, with clusters that are called as functions: nearly all requests of a drill are lists for a Lambda that reads a
 * layer, and TLS and HTTP between two ends of one process take 15 % of its real time (decision 15). Builds use HTTPS.
 */
export function directEks(kubernetes: KubernetesWorld, clock: Clock): Host['eks'] {
  return new AwsEks(awsClients().eks, clock, (connection) => directTransport(kubernetes, connection));
}

export function directTransport(
  kubernetes: KubernetesWorld,
  { endpoint, token }: KubernetesConnection,
): Pick<KubernetesTransport, 'send'> {
  const { pathname } = new URL(endpoint);
  return {
    send: async ({ method, path, body, contentType = 'application/json' }) => {
      const [resource = '', query = ''] = path.split('?');
      const headers = {
        authorization: `Bearer ${await token()}`,
        accept: 'application/json',
        'content-type': contentType,
      };
      const request = {
        method,
        path: `${pathname}${resource}`,
        query: new URLSearchParams(query),
        headers,
        body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      };
      try {
        const answer = await kubernetes.handle(request);
        return { status: answer.status, text: String(answer.body ?? '') };
      } catch (error) {
        if (!(error instanceof ClusterUnreachableError)) throw error;
        throw new KubernetesUnavailableError(
          'unreachable',
          `the API server did not answer ${method} ${path}: ${error.message}`,
        );
      }
    },
  };
}
