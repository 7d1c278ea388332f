import type { Clock } from '../../../domain/clock';
import type { Chance } from '../../chance';
import type { Fault } from '../../scenarios';
import type { ServiceAnswer, ServiceRequest } from '../../service';
import type { AwsResource, AwsResources } from '../aws-resources';
import type { WorldState } from '../world-state';
import { answer } from './api/api-server';
import { Cluster } from './cluster';
import { newClusterState, type ClusterState } from './cluster-state';
import { watcher, workUntil } from './controllers';
import type { Repositories } from './gitops/repositories';
import { serveHttps, type ClusterServer } from './https-server';
import type { Surroundings } from './surroundings';

export interface KubernetesWorldOptions {
  readonly clock: Clock;
  readonly state: WorldState;
  readonly aws: AwsResources;
  readonly chance: Chance;
  readonly faults: readonly Fault[];
  readonly repositories: Repositories;
}

/** The API server cannot be reached: it does not exist (yet, any more), or the scenario says so. */
export class ClusterUnreachableError extends Error {
  override readonly name = 'ClusterUnreachableError';
}

/**
 * The Kubernetes API servers of all simulated EKS clusters. They run by no timer: before every request the controllers
 * of the cluster do what was due since the last one, each thing at its own instant, so what is seen follows from the
 * state and the clock alone.
 */
export class KubernetesWorld {
  private readonly clusters: Record<string, ClusterState>;
  private readonly working = new Map<string, Cluster>();
  private readonly around: Surroundings;
  private server: ClusterServer | undefined;

  constructor(private readonly options: KubernetesWorldOptions) {
    this.clusters = options.state.section('kubernetes', () => ({}) as Record<string, ClusterState>);
    const { clock, aws, chance, faults, repositories } = options;
    this.around = { clock, aws, chance, faults, repositories, renderings: new Map() };
  }

  /** Begins to serve HTTPS on 127.0.0.1; the certificate authority is made for this process. */
  async listen(): Promise<void> {
    this.server ??= await serveHttps((request) => this.handle(request));
  }

  async close(): Promise<void> {
    await this.server?.close();
    this.server = undefined;
  }

  /**
   * Where a cluster's API server is, as EKS's DescribeCluster says it. Without HTTPS (`listen` was not called) the
   * endpoint is a name that only `handle` understands.
   */
  clusterEndpoint(name: string): { endpoint: string; certificateAuthority: string } {
    const origin = this.server?.origin ?? 'https://kubernetes.local';
    return { endpoint: `${origin}/clusters/${name}`, certificateAuthority: this.server?.certificateAuthority ?? '' };
  }

  /**
   * Answers a request to `/clusters/<name>/…`.
   * @throws ClusterUnreachableError where a connection would fail.
   */
  async handle(request: ServiceRequest): Promise<ServiceAnswer> {
    const [, name = '', path = '/'] = /^\/clusters\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
    const cluster = this.at(name);
    const before = cluster.state.revision;
    const response = answer(cluster, { ...request, path });
    if (cluster.state.revision !== before) this.options.state.changed();
    return response;
  }

  /**
   * A cluster whose controllers have worked until now.
   * @throws ClusterUnreachableError
   */
  at(name: string): Cluster {
    const eks = this.options.aws.find('eks:cluster', name);
    const now = this.options.clock.now().getTime();
    const unreachable = this.options.faults.some(({ kind }) => kind === 'cluster-unreachable');
    if (!eks || unreachable || Date.parse(eks.activeAt) > now || eks.goneAt !== undefined) {
      throw new ClusterUnreachableError(`the API server of ${name} cannot be reached`);
    }
    const cluster = this.begunFor(eks);
    const { revision } = cluster.state;
    workUntil(cluster, now);
    if (cluster.state.revision !== revision) this.options.state.changed();
    return cluster;
  }

  /**
   * Lets the controllers of every cluster catch up with the clock, whether or not its API can be reached, as long as its
   * control plane exists. Whoever reads the AWS side (load balancers, volumes) calls this first.
   */
  catchUp(): void {
    const now = this.options.clock.now().getTime();
    for (const eks of this.options.aws.remembered()) {
      if (eks.type !== 'eks:cluster' || Date.parse(eks.activeAt) > now) continue;
      const cluster = this.begunFor(eks);
      const until = eks.goneAt === undefined ? now : Math.min(now, Date.parse(eks.goneAt));
      if (until <= cluster.at && eks.goneAt !== undefined) continue;
      workUntil(cluster, until);
    }
    this.options.state.changed();
  }

  get clock(): Clock {
    return this.options.clock;
  }

  /** A section of the world's state, for programs that keep something beside the clusters (helm's repositories). */
  section<Section extends object>(name: string, initial: () => Section): Section {
    return this.options.state.section(name, initial);
  }

  /** A cluster of the same name that was made anew begins empty. */
  private begunFor(eks: AwsResource): Cluster {
    const cluster = this.working.get(eks.id);
    if (cluster?.eks === eks) return cluster;
    if (cluster) delete this.clusters[eks.id];
    return this.begin(eks);
  }

  private begin(eks: AwsResource): Cluster {
    const isNew = this.clusters[eks.id] === undefined;
    const state = (this.clusters[eks.id] ??= newClusterState(eks.id, Date.parse(eks.activeAt)));
    const cluster = new Cluster(state, eks, this.around, watcher);
    if (isNew) {
      for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease'])
        cluster.create(
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
          { manager: 'kube-apiserver', operation: 'Update' },
        );
    }
    this.working.set(eks.id, cluster);
    return cluster;
  }
}
