import {
  DeleteClusterCommand,
  DeleteNodegroupCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  paginateListNodegroups,
  ResourceNotFoundException,
  type EKSClient,
} from '@aws-sdk/client-eks';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { idOf } from './arn';
import type { InventoryPart } from './part';

const CLUSTER = 'eks:cluster';
const NODEGROUP = 'eks:nodegroup';

/**
 * The drill cluster and its node groups, by the cluster's name. Tagged clusters of another name count too (a repository
 * may make a second one).
 */
export class EksPart implements InventoryPart {
  readonly types = [CLUSTER, NODEGROUP];

  constructor(private readonly client: EKSClient) {}

  async find(scope: InventoryScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]> {
    const tagged = candidates.filter(({ type }) => type === CLUSTER);
    const names = new Set([scope.clusterName, ...tagged.map(({ arn }) => idOf(arn))]);
    const items: InventoryItem[] = [];
    for (const name of names) {
      const candidate = tagged.find(({ arn }) => idOf(arn) === name);
      const cluster = await this.cluster(name, candidate?.reason ?? 'name of the drill cluster');
      if (cluster) items.push(...(await this.nodegroups(name)), { ...candidate, ...cluster });
    }
    return items;
  }

  private async cluster(name: string, reason: string): Promise<InventoryItem | undefined> {
    const answer = await unlessMissing(this.client.send(new DescribeClusterCommand({ name })));
    const cluster = answer?.cluster;
    if (!cluster) return undefined;
    const { arn, tags, createdAt, resourcesVpcConfig } = cluster;
    return {
      arn: arn!,
      type: CLUSTER,
      tags: tags ?? {},
      reason,
      layer: 'cluster',
      ...(createdAt && { createdAt: createdAt.toISOString() }),
      ...(resourcesVpcConfig?.vpcId !== undefined && { vpcId: resourcesVpcConfig.vpcId }),
    };
  }

  private async nodegroups(clusterName: string): Promise<readonly InventoryItem[]> {
    const items: InventoryItem[] = [];
    for await (const page of paginateListNodegroups({ client: this.client }, { clusterName })) {
      for (const nodegroupName of page.nodegroups ?? []) {
        const describe = new DescribeNodegroupCommand({ clusterName, nodegroupName });
        const nodegroup = (await unlessMissing(this.client.send(describe)))?.nodegroup;
        if (!nodegroup) continue;
        items.push({
          arn: nodegroup.nodegroupArn!,
          type: NODEGROUP,
          tags: nodegroup.tags ?? {},
          reason: `node group of cluster ${clusterName}`,
          layer: 'cluster',
          ...(nodegroup.createdAt && { createdAt: nodegroup.createdAt.toISOString() }),
        });
      }
    }
    return items;
  }

  async remove({ arn, type }: InventoryItem): Promise<void> {
    const [clusterName, nodegroupName] = idOf(arn).split('/');
    await (type === CLUSTER
      ? this.client.send(new DeleteClusterCommand({ name: clusterName }))
      : this.client.send(new DeleteNodegroupCommand({ clusterName, nodegroupName })));
  }
}

async function unlessMissing<Output>(sent: Promise<Output>): Promise<Output | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
