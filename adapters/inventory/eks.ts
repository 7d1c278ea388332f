import {
  DeleteClusterCommand,
  DeleteFargateProfileCommand,
  DeleteNodegroupCommand,
  DescribeClusterCommand,
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  paginateListFargateProfiles,
  paginateListNodegroups,
  ResourceNotFoundException,
  UpdateClusterConfigCommand,
  type EKSClient,
} from '@aws-sdk/client-eks';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { idOf } from './arn';
import type { InventoryPart } from './part';

const CLUSTER = 'eks:cluster';
const NODEGROUP = 'eks:nodegroup';
const FARGATE_PROFILE = 'eks:fargateprofile';

/**
 * The drill cluster, its node groups and Fargate profiles, by the cluster's name. Tagged clusters of another name count too (a repository
 * may make a second one).
 */
export class EksPart implements InventoryPart {
  readonly types = [CLUSTER, NODEGROUP, FARGATE_PROFILE];

  constructor(private readonly client: EKSClient) {}

  async find(scope: InventoryScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]> {
    const tagged = candidates.filter(({ type }) => type === CLUSTER);
    const names = new Set([scope.clusterName, ...tagged.map(({ arn }) => idOf(arn))]);
    const items: InventoryItem[] = [];
    for (const name of names) {
      const candidate = tagged.find(({ arn }) => idOf(arn) === name);
      const cluster = await this.cluster(name, candidate?.reason ?? 'name of the drill cluster');
      if (!cluster) continue;
      // A cluster that is gone a moment later took them along.
      const nodegroups = await unlessMissing(this.nodegroups(name));
      const profiles = await unlessMissing(this.fargateProfiles(name));
      items.push(...(nodegroups ?? []), ...(profiles ?? []), { ...candidate, ...cluster });
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

  private async fargateProfiles(clusterName: string): Promise<readonly InventoryItem[]> {
    const items: InventoryItem[] = [];
    for await (const page of paginateListFargateProfiles({ client: this.client }, { clusterName })) {
      for (const fargateProfileName of page.fargateProfileNames ?? []) {
        const describe = new DescribeFargateProfileCommand({ clusterName, fargateProfileName });
        const profile = (await unlessMissing(this.client.send(describe)))?.fargateProfile;
        if (!profile) continue;
        items.push({
          arn: profile.fargateProfileArn!,
          type: FARGATE_PROFILE,
          tags: profile.tags ?? {},
          reason: `Fargate profile of cluster ${clusterName}`,
          layer: 'cluster',
          ...(profile.createdAt && { createdAt: profile.createdAt.toISOString() }),
        });
      }
    }
    return items;
  }

  async remove({ arn, type }: InventoryItem): Promise<void> {
    const [clusterName = '', part] = idOf(arn).split('/');
    if (type === NODEGROUP) {
      await this.client.send(new DeleteNodegroupCommand({ clusterName, nodegroupName: part }));
    } else if (type === FARGATE_PROFILE) {
      await this.client.send(new DeleteFargateProfileCommand({ clusterName, fargateProfileName: part }));
    } else {
      await this.removeCluster(clusterName);
    }
  }

  /** A protected cluster is freed first; while EKS is busy with that it refuses, and the next round succeeds. */
  private async removeCluster(name: string): Promise<void> {
    try {
      await this.client.send(new DeleteClusterCommand({ name }));
    } catch (error) {
      if (!(error instanceof Error) || !/deletion ?protection/i.test(error.message)) throw error;
      await this.client.send(new UpdateClusterConfigCommand({ name, deletionProtection: false }));
      await this.client.send(new DeleteClusterCommand({ name }));
    }
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
