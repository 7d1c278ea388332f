import type { Host } from '../../adapters/host';
import { evidenceBucketOf } from '../../domain/names';
import type { DrillClock } from '../clock';
import { MemoryHistory } from '../memory-history';
import type { CodeBuild } from '../services/codebuild';
import type { StepFunctions } from '../services/step-functions';
import type { Place } from '../intrinsics';
import { Account } from './account';
import { Clusters } from './clusters';
import { DirectBuilds } from './direct-builds';
import { DirectExecutions } from './direct-executions';
import { memoryAccountChecks } from './memory-account-checks';
import { MemoryEks } from './memory-eks';
import { MemoryInventory } from './memory-inventory';
import { MemoryMailer } from './memory-mailer';
import { MemoryObjectStore } from './memory-object-store';

/** Everything outside of the drills: the account, its clusters, and what the product keeps. */
export class SimulatedOutside {
  readonly account: Account;
  readonly clusters: Clusters;
  readonly history = new MemoryHistory();
  readonly mailer = new MemoryMailer();
  readonly eks: MemoryEks;
  private readonly buckets = new Map<string, MemoryObjectStore>();

  constructor(
    readonly clock: DrillClock,
    readonly place: Place,
  ) {
    this.account = new Account(clock, place.account, place.region);
    this.clusters = new Clusters(this.account, clock);
    this.eks = new MemoryEks(this.account, this.clusters, () => clock.now().getTime());
  }

  readonly objects = (bucket: string): MemoryObjectStore => {
    let store = this.buckets.get(bucket);
    if (!store) this.buckets.set(bucket, (store = new MemoryObjectStore()));
    return store;
  };

  /** What every Lambda and build uses alike. */
  private shared: Omit<Host, 'inventory'> | undefined;

  /**
   * The host of one Lambda invocation or build.
   * @param actor on whose behalf it acts: the id of a drill.
   */
  host(actor: string, services: Services): Host {
    this.shared ??= this.share(services);
    return { ...this.shared, inventory: new MemoryInventory(this.account, actor) };
  }

  private share({ codeBuild, stepFunctions }: Services): Omit<Host, 'inventory'> {
    const { clock, eks, history, mailer, objects, place } = this;
    return {
      clock,
      history,
      evidence: objects(evidenceBucketOf(place.account, place.region)),
      objects,
      mailer,
      eks,
      builds: new DirectBuilds(codeBuild),
      executions: new DirectExecutions(stepFunctions),
      accountChecks: memoryAccountChecks(place.account),
      secrets: { value: async (name) => `value of ${name}`, obstacle: async () => undefined },
      trail: { changesBetween: async () => [] },
      commands: { run: () => Promise.reject(new Error('a Lambda runs no programs')) },
      log: () => {},
    };
  }
}

/** The services that are ports of the host as well. */
export interface Services {
  readonly codeBuild: () => CodeBuild;
  readonly stepFunctions: () => StepFunctions;
}
