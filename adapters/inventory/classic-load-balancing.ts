import type { InventoryItem } from '../../domain/ports/inventory';
import type { ClassicElbClient, ClassicLoadBalancer } from '../classic-elb-client';
import { idOf } from './arn';
import type { ArnScope, InventoryPart, PartScope } from './part';

const CLASSIC = 'elasticloadbalancing:classic-loadbalancer';
/** As many as one question about tags may name. */
const MOST_TAGS = 20;

/**
 * Classic Load Balancers, which Kubernetes' own AWS provider makes for a Service of type LoadBalancer where the AWS Load
 * Balancer Controller is not installed: tagged ones that exist, and those in the drill's VPC.
 */
export class ClassicLoadBalancingPart implements InventoryPart {
  readonly types = [CLASSIC];

  constructor(
    private readonly classic: Pick<ClassicElbClient, 'loadBalancers' | 'tags' | 'remove'>,
    private readonly arnScope: () => Promise<ArnScope>,
  ) {}

  async find(scope: PartScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]> {
    // Without a candidate and without a VPC nothing could be the drill's.
    if (candidates.length === 0 && scope.vpcIds.length === 0) return [];
    const { partition, region, account } = await this.arnScope();
    const known = new Map(candidates.map((item) => [idOf(item.arn), item]));
    const inVpc = ({ vpcId }: ClassicLoadBalancer): boolean => vpcId !== undefined && scope.vpcIds.includes(vpcId);
    const own = (await this.classic.loadBalancers()).filter((each) => known.has(each.name) || inVpc(each));
    const tags = await this.tagsOf(own.filter(({ name }) => !known.has(name)).map(({ name }) => name));
    return own.map(({ name, vpcId, createdAt }) => ({
      arn: `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/${name}`,
      type: CLASSIC,
      tags: tags.get(name) ?? {},
      reason: `VPC ${vpcId}`,
      ...known.get(name),
      ...(vpcId !== undefined && { vpcId }),
      ...(createdAt !== undefined && { createdAt }),
    }));
  }

  private async tagsOf(names: readonly string[]): Promise<ReadonlyMap<string, InventoryItem['tags']>> {
    const tags = new Map<string, InventoryItem['tags']>();
    for (let from = 0; from < names.length; from += MOST_TAGS) {
      for (const [name, own] of await this.classic.tags(names.slice(from, from + MOST_TAGS))) tags.set(name, own);
    }
    return tags;
  }

  async remove({ arn }: InventoryItem): Promise<void> {
    await this.classic.remove(idOf(arn));
  }
}
