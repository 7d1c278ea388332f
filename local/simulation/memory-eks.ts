import type { AccessGrant, Eks, EksCluster, EksPart } from '../../domain/ports/eks';
import type { KubernetesApi } from '../../domain/ports/kubernetes';
import type { Account } from './account';
import type { Clusters } from './clusters';
import { kubernetesApi } from './memory-kubernetes';

/** EKS over the simulated account, held to the contract of the real one. */
export class MemoryEks implements Eks {
  readonly grants: { readonly cluster: string; readonly grant: AccessGrant }[] = [];

  constructor(
    private readonly account: Account,
    private readonly clusters: Clusters,
    private readonly now: () => number,
  ) {}

  async cluster(name: string): Promise<EksCluster | undefined> {
    const resource = this.account.find('eks:cluster', name);
    if (!resource) return undefined;
    const status = this.statusOf(resource);
    return {
      name,
      arn: resource.arn,
      status,
      version: '1.35',
      createdAt: new Date(resource.createdAt).toISOString(),
      ...(status === 'CREATING' ? {} : { endpoint: `https://${name}.eks.example.com`, certificateAuthority: 'Y2E=' }),
      ...(resource.vpcId === undefined ? {} : { vpcId: resource.vpcId }),
      tags: resource.tags,
      deletionProtection: false,
      health: [],
    };
  }

  async parts(cluster: string): Promise<readonly EksPart[]> {
    return this.account
      .list()
      .filter(({ type, id }) => /^eks:(nodegroup|addon)$/.test(type) && id.startsWith(`${cluster}/`))
      .map((resource) => {
        const isGroup = resource.type === 'eks:nodegroup';
        return {
          kind: isGroup ? 'nodegroup' : 'addon',
          name: resource.id.split('/')[1] ?? '',
          status: this.statusOf(resource),
          createdAt: new Date(resource.createdAt).toISOString(),
          health: [],
          ...(isGroup ? { desiredNodes: Number(resource.size ?? 1) } : {}),
        };
      });
  }

  /** No target of the simulation has its Argo CD managed. */
  async capabilities(): ReturnType<Eks['capabilities']> {
    return [];
  }

  async grantAccess(cluster: string, grants: readonly AccessGrant[]): Promise<void> {
    for (const grant of grants) this.grants.push({ cluster, grant });
  }

  /** No cluster of the simulation is protected. */
  async allowDeletion(): Promise<void> {}

  async versions(): ReturnType<Eks['versions']> {
    return [{ version: '1.35', status: 'STANDARD_SUPPORT', endOfStandardSupport: '2099-03-27T00:00:00.000Z' }];
  }

  async token(cluster: string): Promise<string> {
    return `k8s-aws-v1.${cluster}`;
  }

  kubernetes({ name }: EksCluster): KubernetesApi {
    const cluster = this.clusters.get(name);
    if (!cluster) throw new Error(`EKS knows no cluster ${name}`);
    return kubernetesApi(cluster.kubernetes, () => {
      cluster.platform.refresh();
      return this.clusters.obstacleTo(cluster);
    });
  }

  private statusOf({ activeAt, goneAt }: { readonly activeAt: number; readonly goneAt: number }): string {
    if (goneAt !== Infinity) return 'DELETING';
    return activeAt > this.now() ? 'CREATING' : 'ACTIVE';
  }
}
