import type { InventoryItem } from './ports/inventory';
import type { Lease } from './ports/history';
import type { DrillRecord } from './record';
import { TAG } from './names';

/** How long *Sweep leaks* tries before what is left is called left: most deletions settle within a few minutes. */
export const SWEEP_SECONDS = 600;

/** Tags by which controllers mark what they made for a cluster; the cluster's name carries the drill's suffix. */
function clusterTagged(item: InventoryItem, clusterName: string): boolean {
  const { tags } = item;
  return (
    tags[`kubernetes.io/cluster/${clusterName}`] !== undefined ||
    [
      'elbv2.k8s.aws/cluster',
      'cluster.k8s.amazonaws.com/name',
      'ebs.csi.aws.com/cluster-name',
      'eks:cluster-name',
      'eks:eks-cluster-name',
      'aws:eks:cluster-name',
    ].some((key) => tags[key] === clusterName)
  );
}

/** EKS makes the log group of a cluster again, untagged, when the cluster has been deleted; its name names the cluster. */
function isLogGroupOf({ type, arn }: InventoryItem, clusterName: string): boolean {
  return type === 'logs:log-group' && arn.includes(`:log-group:/aws/eks/${clusterName}/`);
}

/**
 * The three proofs without which nothing is deleted: the account is the one that the target allows, the resource carries
 * the drill's tag (or a controller's tag or a log group's name with the drill cluster's name, or stands in the drill's own
 * VPC, or is a volume of one of its claims), and no other drill holds the target's lease.
 * @returns undefined when all three hold, otherwise the sentence of the one that fails.
 */
export function deletionObstacle(
  item: InventoryItem,
  record: DrillRecord,
  facts: {
    readonly account: string;
    readonly lease: Lease | undefined;
    readonly now: string;
    readonly vpcIds: readonly string[];
    readonly volumeIds: readonly string[];
  },
): string | undefined {
  if (facts.account !== record.settings.account) {
    return `these credentials belong to account ${facts.account}, and the target allows only ${record.settings.account}`;
  }
  const drill = item.tags[TAG.drill];
  if (drill !== undefined && drill !== record.drillId) return `its tag ${TAG.drill} names another drill, ${drill}`;
  const proven =
    drill === record.drillId ||
    clusterTagged(item, record.clusterName) ||
    isLogGroupOf(item, record.clusterName) ||
    (item.vpcId !== undefined && facts.vpcIds.includes(item.vpcId)) ||
    facts.volumeIds.some((id) => item.arn.endsWith(`/${id}`));
  if (!proven) return `nothing proves that it belongs to drill ${record.drillId}`;
  const { lease } = facts;
  if (lease && lease.drillId !== record.drillId && Date.parse(lease.expiresAt) > Date.parse(facts.now)) {
    return `drill ${lease.drillId} holds the lease of target ${record.target}`;
  }
  return undefined;
}
