import type { InventoryItem, InventoryScope } from './ports/inventory';
import type { Lease } from './ports/history';
import type { DrillRecord } from './record';
import { CLUSTER_TAG_KEYS, ownedTagOf, TAG } from './names';

/** How long *Sweep leaks* tries before what is left is called left: most deletions settle within a few minutes. */
export const SWEEP_SECONDS = 600;

/** Deletions settle within tens of seconds to minutes, and an inventory is some thirty requests. */
export const ROUND_SECONDS = 120;

/** What the three proofs are held against, as it stands when the plan is made. */
export interface SweepFacts {
  /** The account of the credentials. */
  readonly account: string;
  readonly lease: Lease | undefined;
  readonly now: string;
  /** VPCs that carry the drill's own tag; any other VPC may be the company's, whatever Terraform's outputs say. */
  readonly vpcIds: readonly string[];
  /** Volumes that the cluster was seen with (see `domain/inventory-scope.ts`). */
  readonly volumeIds: readonly string[];
  /** Whether the drill cluster is itself proven to be the drill's, and with it its node groups and profiles. */
  readonly ownsCluster?: boolean;
}

/** The VPCs among the items that are the drill's own, by its tag. */
export function ownVpcsOf(items: readonly InventoryItem[], { drillId }: Pick<InventoryScope, 'drillId'>): string[] {
  return items.flatMap(({ type, tags, vpcId }) =>
    type === 'ec2:vpc' && tags[TAG.drill] === drillId && vpcId !== undefined ? [vpcId] : [],
  );
}

/**
 * The second proof, that a resource is the drill's: its tag, a controller's tag or a log group's name with the name of
 * the drill cluster, its place in the drill's own VPC, or being a volume of one of its claims.
 * @returns it as a clause, or undefined when there is none.
 */
export function ownershipOf(
  item: InventoryItem,
  { drillId, clusterName }: Pick<DrillRecord, 'drillId' | 'clusterName'>,
  { vpcIds, volumeIds, ownsCluster = false }: Pick<SweepFacts, 'vpcIds' | 'volumeIds' | 'ownsCluster'>,
): string | undefined {
  const { tags, vpcId } = item;
  if (tags[TAG.drill] === drillId) return `tag ${TAG.drill}=${drillId}`;
  const owned = ownedTagOf(clusterName);
  // `shared` marks what the cluster may use and does not own.
  if (tags[owned] !== undefined && tags[owned] !== 'shared') return `tag ${owned}`;
  const key = CLUSTER_TAG_KEYS.find((each) => tags[each] === clusterName);
  if (key !== undefined) return `tag ${key}=${clusterName}`;
  if (isLogGroupOf(item, clusterName)) return `log group of cluster ${clusterName}`;
  if (ownsCluster && item.type.startsWith('eks:') && item.arn.includes(`/${clusterName}/`)) {
    return `part of cluster ${clusterName}`;
  }
  if (vpcId !== undefined && vpcIds.includes(vpcId)) return `place in the drill's VPC ${vpcId}`;
  return volumeIds.some((id) => item.arn.endsWith(`/${id}`)) ? 'volume of a claim of the drill cluster' : undefined;
}

/** EKS makes the log group of a cluster again, untagged, when the cluster has been deleted; its name names the cluster. */
function isLogGroupOf({ type, arn }: InventoryItem, clusterName: string): boolean {
  return type === 'logs:log-group' && new RegExp(`:log-group:/aws/(eks|containerinsights)/${clusterName}/`).test(arn);
}

/**
 * The three proofs without which nothing is deleted: the account is the one that the target allows, the resource is the
 * drill's (`ownershipOf`, and nothing speaks against it), and no other drill holds the target's lease.
 * @returns undefined when all three hold, otherwise the sentence of the one that fails.
 */
export function deletionObstacle(item: InventoryItem, record: DrillRecord, facts: SweepFacts): string | undefined {
  if (facts.account !== record.settings.account) {
    return `these credentials belong to account ${facts.account}, and the target allows only ${record.settings.account}`;
  }
  const drill = item.tags[TAG.drill];
  if (drill !== undefined && drill !== record.drillId) return `its tag ${TAG.drill} names another drill, ${drill}`;
  if (isOlder(item, record)) return `it was made at ${item.createdAt}, before the drill was opened`;
  if (ownershipOf(item, record, facts) === undefined)
    return `nothing proves that it belongs to drill ${record.drillId}`;
  const { lease } = facts;
  if (lease && lease.drillId !== record.drillId && Date.parse(lease.expiresAt) > Date.parse(facts.now)) {
    return `drill ${lease.drillId} holds the lease of target ${record.target}`;
  }
  return undefined;
}

/**
 * Why a drill may not be swept by hand: it still runs, by its own lease, and its cluster would be swept away under it.
 * @returns one sentence for a person, or undefined when it may.
 */
export function runningObstacle(
  { drillId, status, target }: Pick<DrillRecord, 'drillId' | 'status' | 'target'>,
  lease: Lease | undefined,
  now: string,
): string | undefined {
  const holds = lease?.drillId === drillId && Date.parse(lease.expiresAt) > Date.parse(now);
  if (status === 'closed' || !holds) return undefined;
  return `Drill ${drillId} is still open and holds the lease of target ${target} until ${lease.expiresAt}; end it with "drill stop ${drillId} --watch", which tears it down, and sweep what that leaves.`;
}

/** Whether a resource existed before the drill: then it is not the drill's, whatever its tags and names say. */
export function isOlder({ createdAt }: InventoryItem, { openedAt }: Pick<DrillRecord, 'openedAt'>): boolean {
  return createdAt !== undefined && Date.parse(createdAt) < Date.parse(openedAt);
}
