import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DescribeAddonCommand,
  DescribeCapabilityCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  paginateDescribeClusterVersions,
  paginateListAddons,
  paginateListCapabilities,
  paginateListNodegroups,
  ResourceInUseException,
  UpdateClusterConfigCommand,
  type Cluster,
  type EKSClient,
} from '@aws-sdk/client-eks';
import type { AccessGrant, Eks, EksCapability, EksCluster, EksPart } from '../domain/ports/eks';
import type { KubernetesApi } from '../domain/ports/kubernetes';
import type { Clock } from '../domain/clock';
import { unlessMissing } from './eks-missing';
import { eksToken, keptToken } from './eks-token';
import { KubernetesClient } from './kubernetes-client';
import type { KubernetesConnection, KubernetesTransport } from './kubernetes-transport';
import { systemClock } from './system-clock';

type Versions = Awaited<ReturnType<Eks['versions']>>;

interface Issue {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

/** Clusters of EKS and the way into them. */
export class AwsEks implements Eks {
  constructor(
    private readonly client: EKSClient,
    private readonly clock: Pick<Clock, 'now'> = systemClock,
    /** How API servers are reached; by default over HTTPS. */
    private readonly transport?: (connection: KubernetesConnection) => Pick<KubernetesTransport, 'send'>,
  ) {}

  async cluster(name: string): Promise<EksCluster | undefined> {
    const found = await unlessMissing(this.client.send(new DescribeClusterCommand({ name })));
    return found?.cluster && clusterOf(found.cluster);
  }

  async parts(cluster: string): Promise<readonly EksPart[]> {
    const parts = await unlessMissing(this.allParts(cluster));
    return parts ?? [];
  }

  private async allParts(clusterName: string): Promise<readonly EksPart[]> {
    const parts: (EksPart | undefined)[] = [];
    for await (const page of paginateListNodegroups({ client: this.client }, { clusterName })) {
      for (const name of page.nodegroups ?? []) parts.push(await this.nodegroup(clusterName, name));
    }
    for await (const page of paginateListAddons({ client: this.client }, { clusterName })) {
      for (const name of page.addons ?? []) parts.push(await this.addon(clusterName, name));
    }
    return parts.filter((part) => part !== undefined);
  }

  /** Undefined when it was deleted after it was listed. */
  private async nodegroup(clusterName: string, nodegroupName: string): Promise<EksPart | undefined> {
    const found = await unlessMissing(this.client.send(new DescribeNodegroupCommand({ clusterName, nodegroupName })));
    const nodegroup = found?.nodegroup;
    if (!nodegroup) return undefined;
    const desired = nodegroup.scalingConfig?.desiredSize;
    return {
      kind: 'nodegroup',
      name: nodegroupName,
      status: nodegroup.status!,
      createdAt: nodegroup.createdAt!.toISOString(),
      health: sentencesOf(nodegroup.health?.issues),
      ...(desired !== undefined && { desiredNodes: desired }),
    };
  }

  private async addon(clusterName: string, addonName: string): Promise<EksPart | undefined> {
    const found = await unlessMissing(this.client.send(new DescribeAddonCommand({ clusterName, addonName })));
    const addon = found?.addon;
    if (!addon) return undefined;
    return {
      kind: 'addon',
      name: addonName,
      status: addon.status!,
      createdAt: addon.createdAt!.toISOString(),
      health: sentencesOf(addon.health?.issues),
    };
  }

  async capabilities(cluster: string): Promise<readonly EksCapability[]> {
    const capabilities = await unlessMissing(this.allCapabilities(cluster));
    return capabilities ?? [];
  }

  private async allCapabilities(clusterName: string): Promise<readonly EksCapability[]> {
    const capabilities: (EksCapability | undefined)[] = [];
    for await (const page of paginateListCapabilities({ client: this.client }, { clusterName })) {
      for (const { capabilityName } of page.capabilities ?? []) {
        capabilities.push(await this.capability(clusterName, capabilityName!));
      }
    }
    return capabilities.filter((capability) => capability !== undefined);
  }

  /** Undefined when it was deleted after it was listed. */
  private async capability(clusterName: string, capabilityName: string): Promise<EksCapability | undefined> {
    const found = await unlessMissing(this.client.send(new DescribeCapabilityCommand({ clusterName, capabilityName })));
    const capability = found?.capability;
    if (!capability) return undefined;
    const namespace = capability.configuration?.argoCd?.namespace;
    return {
      kind: 'capability',
      name: capabilityName,
      type: capability.type!,
      status: capability.status!,
      roleArn: capability.roleArn!,
      createdAt: capability.createdAt!.toISOString(),
      ...(namespace !== undefined && { namespace }),
      health: sentencesOf(capability.health?.issues),
    };
  }

  async grantAccess(cluster: string, grants: readonly AccessGrant[]): Promise<void> {
    for (const { roleArn, policy } of grants) {
      await this.createEntry(cluster, roleArn);
      // Associating a policy again replaces the association: no difference.
      await this.client.send(
        new AssociateAccessPolicyCommand({
          clusterName: cluster,
          principalArn: roleArn,
          policyArn: `arn:${partitionOf(roleArn)}:eks::aws:cluster-access-policy/${policy}`,
          accessScope: { type: 'cluster' },
        }),
      );
    }
  }

  private async createEntry(clusterName: string, principalArn: string): Promise<void> {
    try {
      await this.client.send(new CreateAccessEntryCommand({ clusterName, principalArn }));
    } catch (error) {
      if (!(error instanceof ResourceInUseException)) throw error;
    }
  }

  async allowDeletion(name: string): Promise<void> {
    await this.client.send(new UpdateClusterConfigCommand({ name, deletionProtection: false }));
  }

  async versions(): Promise<Versions> {
    const versions: Versions[number][] = [];
    for await (const page of paginateDescribeClusterVersions({ client: this.client }, {})) {
      for (const version of page.clusterVersions ?? []) {
        const end = version.endOfStandardSupportDate;
        versions.push({
          version: version.clusterVersion!,
          status: version.versionStatus ?? '',
          ...(end && { endOfStandardSupport: end.toISOString() }),
        });
      }
    }
    return versions;
  }

  token(cluster: string): Promise<string> {
    return eksToken(this.client, cluster, this.clock.now());
  }

  kubernetes(cluster: EksCluster): KubernetesApi {
    const { name, endpoint, certificateAuthority } = cluster;
    if (!endpoint || !certificateAuthority) {
      throw new Error(
        `cluster ${name} has no endpoint yet (status ${cluster.status}); wait until EKS reports it ACTIVE`,
      );
    }
    const apis = apisOf(this.client, this.clock);
    const key = `${name} ${endpoint} ${certificateAuthority}`;
    let api = apis.get(key);
    if (!api) {
      const token = keptToken((now) => eksToken(this.client, name, now), this.clock);
      const connection = { endpoint, certificateAuthority, token };
      api = new KubernetesClient(connection, this.transport?.(connection));
      apis.set(key, api);
    }
    return api;
  }
}

type Apis = Map<string, KubernetesApi>;

/**
 * Kept beside the process's SDK client, so that connections stay open from one health read to the next; apart for each
 * clock, as tokens are kept by its time.
 */
const apisByClient = new WeakMap<EKSClient, WeakMap<object, Apis>>();

function apisOf(client: EKSClient, clock: object): Apis {
  const byClock = apisByClient.get(client) ?? new WeakMap<object, Apis>();
  apisByClient.set(client, byClock);
  const apis: Apis = byClock.get(clock) ?? new Map();
  byClock.set(clock, apis);
  return apis;
}

function clusterOf(cluster: Cluster): EksCluster {
  const { endpoint, certificateAuthority, resourcesVpcConfig, tags } = cluster;
  return {
    name: cluster.name!,
    arn: cluster.arn!,
    status: cluster.status!,
    version: cluster.version ?? '',
    createdAt: cluster.createdAt!.toISOString(),
    ...(endpoint !== undefined && { endpoint }),
    ...(certificateAuthority?.data !== undefined && { certificateAuthority: certificateAuthority.data }),
    ...(resourcesVpcConfig?.vpcId !== undefined && { vpcId: resourcesVpcConfig.vpcId }),
    ...(cluster.deletionProtection !== undefined && { deletionProtection: cluster.deletionProtection }),
    ...(tags && { tags }),
    health: sentencesOf(cluster.health?.issues),
  };
}

function sentencesOf(issues: readonly Issue[] | undefined): readonly string[] {
  return (issues ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(': '));
}

/** `arn:aws-cn:iam::…` gives `aws-cn`. */
function partitionOf(arn: string): string {
  return arn.split(':')[1] ?? 'aws';
}
