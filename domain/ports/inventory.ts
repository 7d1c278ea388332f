import type { Layer } from '../layers';

/** An AWS resource that belongs to a drill. */
export interface InventoryItem {
  readonly arn: string;
  /** `<service>:<kind>`, such as `ec2:volume`, `elasticloadbalancing:loadbalancer`, `eks:cluster`, `logs:log-group`. */
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt?: string;
  readonly vpcId?: string;
  /** Size in GiB for volumes, instance type for instances: what its price depends on. */
  readonly size?: string;
  /** Id of the instance that a volume is attached to, where it would outlive it. */
  readonly instanceId?: string;
  /** Why it is held to be the drill's: `tag cluster-drill=…`, `tag kubernetes.io/cluster/…`, `VPC vpc-…`, `volume of claim …`. */
  readonly reason: string;
  readonly layer?: Layer;
}

/** What identifies a drill's resources. */
export interface InventoryScope {
  readonly drillId: string;
  readonly clusterName: string;
  /** When the drill was opened: what is known to be older existed before it, and is none of its resources. */
  readonly since?: string;
  /** The VPC that Terraform's outputs name; it counts as the drill's only when it carries its tag. */
  readonly vpcId?: string;
  /** Volume ids read from PersistentVolumes before they were deleted. */
  readonly volumeIds: readonly string[];
}

/** The inventory of a drill in one account and region. */
export interface Inventory {
  /** The account of the credentials, for the first proof of deletion. */
  account(): Promise<string>;
  /**
   * Everything of the drill that exists now, each once. What the tagging API only remembers (it lists resources that
   * "were tagged") is confirmed by its own service first.
   */
  find(scope: InventoryScope): Promise<readonly InventoryItem[]>;
  /**
   * The ids of all drills whose tag is on something, sorted. As quick as it is vague: it also names drills whose
   * resources are gone, which `find` then tells.
   */
  taggedDrills(): Promise<readonly string[]>;
  /**
   * Deletes one resource.
   * @returns undefined when the deletion was accepted or it was gone already, otherwise why not, in one sentence.
   */
  remove(item: InventoryItem): Promise<string | undefined>;
}
