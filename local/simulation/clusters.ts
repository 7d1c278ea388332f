import { KubernetesUnavailableError } from '../../domain/ports/kubernetes';
import type { DrillClock } from '../clock';
import type { Account } from './account';
import { MemoryKubernetes } from './memory-kubernetes';
import { Platform, type ClusterIdentity } from './platform';

/** A drill cluster: what runs on it, and whether its API server can be reached. */
export interface SimulatedCluster {
  readonly identity: ClusterIdentity;
  readonly kubernetes: MemoryKubernetes;
  readonly platform: Platform;
  /** Until when its API server does not answer, in epoch milliseconds. */
  unreachableUntil: number;
}

/** All drill clusters of the account by name; their control planes and node groups are resources of the account. */
export class Clusters {
  /** Told of every cluster that is made. */
  onAdded: (cluster: SimulatedCluster) => void = () => {};
  private readonly byName = new Map<string, SimulatedCluster>();

  constructor(
    private readonly account: Account,
    private readonly clock: DrillClock,
  ) {}

  /** A control plane has been asked for. */
  add(identity: ClusterIdentity): SimulatedCluster {
    const { account, clock } = this;
    const kubernetes = new MemoryKubernetes(clock);
    const platform = new Platform(identity, { kubernetes, account, clock });
    const cluster = { identity, kubernetes, platform, unreachableUntil: 0 };
    this.byName.set(identity.name, cluster);
    this.onAdded(cluster);
    return cluster;
  }

  get(name: string): SimulatedCluster | undefined {
    return this.byName.get(name);
  }

  all(): readonly SimulatedCluster[] {
    return [...this.byName.values()];
  }

  /** Why nobody can talk to a cluster's API server now; undefined when one can. */
  obstacleTo({ identity, unreachableUntil }: SimulatedCluster): KubernetesUnavailableError | undefined {
    const control = this.account.find('eks:cluster', identity.name);
    const now = this.clock.now().getTime();
    const answers = control?.goneAt === Infinity && control.activeAt <= now && unreachableUntil <= now;
    if (answers) return undefined;
    return new KubernetesUnavailableError('unreachable', `connect ETIMEDOUT to the API server of ${identity.name}`);
  }
}
