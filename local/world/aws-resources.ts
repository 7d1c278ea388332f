import type { Clock } from '../../domain/clock';
import type { WorldState } from './world-state';

type Maker = 'terraform' | 'kubernetes' | 'eks' | 'other';

/** A simulated AWS resource. Its state at an instant follows from `createdAt`, `activeAt` and `goneAt`. */
export interface AwsResource {
  arn: string;
  /** `<service>:<kind>` as in the inventory, such as `ec2:volume`, `eks:cluster`, `elasticloadbalancing:loadbalancer`. */
  type: string;
  /** Its id or name, such as `vpc-0a1b…`, `drill-3f9a2c`. */
  id: string;
  region: string;
  tags: Record<string, string>;
  madeBy: Maker;
  createdAt: string;
  /** When it is in service; before that it is being created. */
  activeAt: string;
  /** Set when its deletion began: when it is gone. */
  goneAt?: string;
  /** Whatever its own API says of it, such as `vpcId`, `size`, `status`. */
  attributes: Record<string, unknown>;
  /** Why a deletion is refused (a fault of the scenario). */
  undeletable?: { code: string; message: string };
}

/** All simulated AWS resources of the account, kept in the world's state. */
export class AwsResources {
  private readonly resources: Record<string, AwsResource>;

  constructor(
    private readonly state: WorldState,
    private readonly clock: Clock,
  ) {
    this.resources = state.section('aws-resources', () => ({}));
  }

  put(resource: AwsResource): AwsResource {
    this.resources[resource.arn] = resource;
    this.state.changed();
    return resource;
  }

  /** The resource, unless it does not exist (any more) at this instant. */
  get(arn: string): AwsResource | undefined {
    const resource = this.resources[arn];
    return resource && this.exists(resource) ? resource : undefined;
  }

  /** What exists now of a type (or of every type), in order of creation. */
  list(type?: string): AwsResource[] {
    return Object.values(this.resources)
      .filter((resource) => (type === undefined || resource.type === type) && this.exists(resource))
      .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt) || a.arn.localeCompare(b.arn));
  }

  find(type: string, id: string): AwsResource | undefined {
    return Object.values(this.resources).find(
      (resource) => resource.type === type && resource.id === id && this.exists(resource),
    );
  }

  /** Everything that ever existed and still carries tags: what the tagging API remembers. */
  remembered(): AwsResource[] {
    return Object.values(this.resources);
  }

  /** Begins a deletion; the resource is gone after `milliseconds`. */
  remove(arn: string, milliseconds: number): void {
    const resource = this.get(arn);
    if (!resource || resource.goneAt) return;
    resource.goneAt = new Date(this.clock.now().getTime() + milliseconds).toISOString();
    this.state.changed();
  }

  /** For changes made in place. */
  changed(): void {
    this.state.changed();
  }

  private exists(resource: AwsResource): boolean {
    const now = this.clock.now().getTime();
    return (
      Date.parse(resource.createdAt) <= now && (resource.goneAt === undefined || Date.parse(resource.goneAt) > now)
    );
  }
}
