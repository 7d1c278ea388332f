import {
  DeleteCapabilityCommand,
  DeleteClusterCommand,
  DeleteFargateProfileCommand,
  DeleteNodegroupCommand,
  DescribeCapabilityCommand,
  DescribeClusterCommand,
  DescribeFargateProfileCommand,
  DescribeNodegroupCommand,
  paginateListCapabilities,
  paginateListFargateProfiles,
  paginateListNodegroups,
  UpdateClusterConfigCommand,
  type CapabilitySummary,
  type EKSClient,
} from '@aws-sdk/client-eks';
import { isTransient } from '../../domain/errors';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { unlessMissing } from '../eks-missing';
import { idOf } from './arn';
import { MustWaitError, type InventoryPart } from './part';

const CLUSTER = 'eks:cluster';
const NODEGROUP = 'eks:nodegroup';
const FARGATE_PROFILE = 'eks:fargateprofile';
const CAPABILITY = 'eks:capability';

/**
 * The drill cluster, its node groups and Fargate profiles, by the cluster's name. Tagged clusters of another name count
 * too (a repository may make a second one), and tagged capabilities, whose cluster may be gone.
 */
export class EksPart implements InventoryPart {
  readonly types = [CLUSTER, NODEGROUP, FARGATE_PROFILE, CAPABILITY];

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
    for (const item of candidates.filter(({ type }) => type === CAPABILITY)) {
      const found = await this.capability(item);
      if (found) items.push(found);
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

  /** EKS answers for a capability by its cluster: without it nobody can say that it is gone, and it stays listed. */
  private async capability(item: InventoryItem): Promise<InventoryItem | undefined> {
    const [clusterName, capabilityName] = capabilityNames(item.arn);
    const describe = new DescribeCapabilityCommand({ clusterName, capabilityName });
    const capability = (await unlessMissing(this.client.send(describe)))?.capability;
    if (capability) {
      const { createdAt } = capability;
      return { ...item, layer: 'cluster', ...(createdAt && { createdAt: createdAt.toISOString() }) };
    }
    const cluster = await unlessMissing(this.client.send(new DescribeClusterCommand({ name: clusterName })));
    return cluster ? undefined : { ...item, reason: `${item.reason} (not confirmed: its cluster is gone)` };
  }

  async remove({ arn, type }: InventoryItem): Promise<void> {
    const [clusterName = '', part] = idOf(arn).split('/');
    if (type === NODEGROUP) {
      await this.client.send(new DeleteNodegroupCommand({ clusterName, nodegroupName: part }));
    } else if (type === FARGATE_PROFILE) {
      await this.client.send(new DeleteFargateProfileCommand({ clusterName, fargateProfileName: part }));
    } else if (type === CAPABILITY) {
      const [, capabilityName] = capabilityNames(arn);
      await this.client.send(new DeleteCapabilityCommand({ clusterName, capabilityName }));
    } else {
      await this.removeCapabilities(clusterName);
      await this.removeCluster(clusterName);
    }
  }

  /** They can be asked for by their cluster only, so they go while it is there. @throws MustWaitError while any is left. */
  private async removeCapabilities(clusterName: string): Promise<void> {
    const left = await this.capabilities(clusterName);
    for (const { capabilityName, status } of left) {
      if (status === 'DELETING') continue;
      await unlessMissing(this.client.send(new DeleteCapabilityCommand({ clusterName, capabilityName })));
    }
    const names = left.map(({ capabilityName }) => capabilityName).join(', ');
    if (left.length > 0) throw new MustWaitError(`its capabilities go first: ${names}`);
  }

  /** Where they cannot be listed, the cluster must go all the same: it costs more than they do. */
  private async capabilities(clusterName: string): Promise<readonly CapabilitySummary[]> {
    const capabilities: CapabilitySummary[] = [];
    try {
      for await (const page of paginateListCapabilities({ client: this.client }, { clusterName })) {
        capabilities.push(...(page.capabilities ?? []));
      }
    } catch (error) {
      if (isTransient(error)) throw error;
    }
    return capabilities;
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

/** Names of the cluster and the capability in `…:capability/CLUSTER/…`: its type may come before its name. */
function capabilityNames(arn: string): readonly [string, string] {
  const [cluster = '', ...rest] = idOf(arn).split('/');
  return [cluster, (rest.length > 2 ? rest[1] : rest[0]) ?? ''];
}
