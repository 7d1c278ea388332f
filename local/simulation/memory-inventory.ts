import { TAG } from '../../domain/names';
import type { Inventory, InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import type { Account, Resource } from './account';

/** Tags by which controllers say whose cluster something is of. */
const CLUSTER_TAGS = ['elbv2.k8s.aws/cluster', 'ebs.csi.aws.com/cluster-name', 'eks:cluster-name'];

/** The inventory of the simulated account, held to the contract of the real one. */
export class MemoryInventory implements Inventory {
  constructor(
    private readonly of: Account,
    /** On whose behalf it deletes. */
    private readonly actor: string,
  ) {}

  async account(): Promise<string> {
    return this.of.id;
  }

  async find(scope: InventoryScope): Promise<readonly InventoryItem[]> {
    return this.of.list().flatMap((resource) => {
      const reason = reasonOf(resource, scope);
      if (reason === undefined) return [];
      const { arn, type, tags, vpcId, size, createdAt } = resource;
      return [
        {
          arn,
          type,
          tags,
          createdAt: new Date(createdAt).toISOString(),
          reason,
          ...(vpcId === undefined ? {} : { vpcId }),
          ...(size === undefined ? {} : { size }),
        },
      ];
    });
  }

  async taggedDrills(): Promise<readonly string[]> {
    const drills = this.of.list().flatMap(({ tags }) => tags[TAG.drill] ?? []);
    return [...new Set(drills)].toSorted();
  }

  async remove({ arn }: InventoryItem): Promise<string | undefined> {
    const obstacle = this.of.remove(arn, this.actor);
    return obstacle && `AWS refuses to delete it: ${obstacle}`;
  }
}

/** Why a resource is held to be the drill's. */
function reasonOf({ arn, id, tags, type, vpcId }: Resource, scope: InventoryScope): string | undefined {
  const { clusterName, drillId, volumeIds } = scope;
  if (tags[TAG.drill] === drillId) return `tag ${TAG.drill}=${drillId}`;
  if (tags[`kubernetes.io/cluster/${clusterName}`] === 'owned') return `tag kubernetes.io/cluster/${clusterName}`;
  const tag = CLUSTER_TAGS.find((key) => tags[key] === clusterName);
  if (tag !== undefined) return `tag ${tag}=${clusterName}`;
  if (vpcId !== undefined && vpcId === scope.vpcId) return `VPC ${vpcId}`;
  if (type === 'ec2:volume' && volumeIds.includes(id)) return `volume of claim ${id}`;
  if (type === 'eks:cluster' && id === clusterName) return `name ${clusterName}`;
  if (type === 'eks:nodegroup' && id.startsWith(`${clusterName}/`)) return `cluster ${clusterName}`;
  return arn.includes(`:log-group:/aws/eks/${clusterName}/`) ? `name of cluster ${clusterName}` : undefined;
}
