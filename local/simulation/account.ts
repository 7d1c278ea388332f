import type { Clock } from '../../domain/clock';

/** A resource of the simulated account. */
export interface Resource {
  readonly arn: string;
  /** As in the inventory, such as `ec2:volume`. */
  readonly type: string;
  /** Its id or name. */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Whose it is: the id of a drill, or the name of a neighbour. */
  readonly owner: string;
  readonly vpcId?: string;
  /** Size in GiB of a volume, type of an instance. */
  readonly size?: string;
  /** ARNs of what it uses: that cannot go before it. */
  readonly uses: readonly string[];
}

interface Kept extends Resource {
  readonly createdAt: number;
  /** When it is in service. */
  readonly activeAt: number;
  goneAt: number;
}

/** A change of the account, for the story and for whoever asks what was touched. */
export interface AccountChange {
  readonly at: number;
  readonly what: 'created' | 'deleted';
  readonly resource: Resource;
  /** Who did it: the id of a drill, or a controller. */
  readonly by: string;
}

/** How long a deletion takes, in seconds; what is not listed is gone at once. */
const REMOVAL_SECONDS: Readonly<Record<string, number>> = {
  'eks:cluster': 120,
  'eks:nodegroup': 90,
  'ec2:natgateway': 40,
  'ec2:instance': 40,
  'elasticloadbalancing:loadbalancer': 15,
  'ec2:volume': 5,
};

/** Everything that exists in one AWS account and region, with what holds what and how long its end takes. */
export class Account {
  readonly changes: AccountChange[] = [];
  /** Types of which AWS refuses to delete what a drill has, with the drill's id. */
  readonly stuckTypes = new Map<string, string>();
  /** Whether EKS makes the log group of a cluster again, once and without tags, after it was deleted. */
  logGroupsComeBack = false;
  private readonly resources = new Map<string, Kept>();

  constructor(
    private readonly clock: Clock,
    readonly id: string,
    readonly region: string,
  ) {}

  /** `arn:aws:ec2:<region>:<account>:volume/vol-1`; IAM has no region. */
  arnOf(type: string, id: string): string {
    const [service = '', kind = ''] = type.split(':');
    const separator = service === 'logs' ? ':' : '/';
    return `arn:aws:${service}:${service === 'iam' ? '' : this.region}:${this.id}:${kind}${separator}${id}`;
  }

  /** @param activeAfterSeconds how long it is being created. */
  create(resource: Resource, by: string, activeAfterSeconds = 0): void {
    const now = this.now();
    const kept = { ...resource, createdAt: now, activeAt: now + activeAfterSeconds * 1000, goneAt: Infinity };
    this.resources.set(resource.arn, kept);
    this.changes.push({ at: now, what: 'created', resource, by });
  }

  get(arn: string): Kept | undefined {
    const resource = this.resources.get(arn);
    return resource !== undefined && resource.goneAt > this.now() ? resource : undefined;
  }

  /** What exists now, in order of creation. */
  list(): Kept[] {
    const now = this.now();
    return [...this.resources.values()].filter(({ goneAt }) => goneAt > now);
  }

  find(type: string, id: string): Kept | undefined {
    return this.get(this.arnOf(type, id));
  }

  /**
   * Begins a deletion; nothing happens when it has begun already.
   * @returns why it is refused, as AWS words it.
   */
  remove(arn: string, by: string): string | undefined {
    const resource = this.get(arn);
    if (!resource || resource.goneAt !== Infinity) return undefined;
    const obstacle = this.obstacleTo(resource);
    if (obstacle !== undefined) return obstacle;
    const now = this.now();
    // Gone at this very instant for whoever asks next, unless it takes its time.
    resource.goneAt = now + (REMOVAL_SECONDS[resource.type] ?? 0) * 1000;
    this.changes.push({ at: now, what: 'deleted', resource, by });
    const isFirst = resource.type === 'logs:log-group' && Object.keys(resource.tags).length > 0;
    if (this.logGroupsComeBack && isFirst) this.create({ ...resource, tags: {} }, by);
    return undefined;
  }

  private obstacleTo(resource: Resource): string | undefined {
    if (this.stuckTypes.get(resource.type) === resource.owner) return `InternalFailure: ${resource.id} is stuck`;
    return this.dependencyOf(resource);
  }

  private dependencyOf({ arn, id }: Resource): string | undefined {
    const user = this.list().find(({ uses }) => uses.includes(arn));
    return user && `DependencyViolation: ${id} is used by ${user.arn}`;
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
