import {
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeTagsCommand,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { InventoryItem } from '../../domain/ports/inventory';
import type { InventoryPart, PartScope } from './part';
import { tagsOf } from './tagged-resources';

const LOAD_BALANCER = 'elasticloadbalancing:loadbalancer';
const TARGET_GROUP = 'elasticloadbalancing:targetgroup';

/** Application and Network Load Balancers and their target groups: tagged ones that exist, and those in the VPC. */
export class LoadBalancingPart implements InventoryPart {
  readonly types = [LOAD_BALANCER, TARGET_GROUP];

  constructor(private readonly client: ElasticLoadBalancingV2Client) {}

  async find(scope: PartScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]> {
    const known = new Map(candidates.map((item) => [item.arn, item]));
    const items: InventoryItem[] = [];
    const take = (arn: string, type: string, vpcId: string | undefined, createdAt: Date | undefined): void => {
      const candidate = known.get(arn);
      const inVpc = vpcId !== undefined && scope.vpcIds.includes(vpcId);
      if (!candidate && !inVpc) return;
      items.push({
        arn,
        type,
        tags: {},
        reason: `VPC ${vpcId}`,
        ...candidate,
        ...(vpcId !== undefined && { vpcId }),
        ...(createdAt && { createdAt: createdAt.toISOString() }),
      });
    };
    // Naming ARNs that do not exist would be an error, so all of the region are listed.
    for await (const page of paginateDescribeLoadBalancers({ client: this.client }, {})) {
      for (const { LoadBalancerArn, VpcId, CreatedTime } of page.LoadBalancers ?? []) {
        take(LoadBalancerArn!, LOAD_BALANCER, VpcId, CreatedTime);
      }
    }
    for await (const page of paginateDescribeTargetGroups({ client: this.client }, {})) {
      for (const { TargetGroupArn, VpcId } of page.TargetGroups ?? []) {
        take(TargetGroupArn!, TARGET_GROUP, VpcId, undefined);
      }
    }
    const tags = await this.tagsOf(items.filter(({ arn }) => !known.has(arn)).map(({ arn }) => arn));
    return items.map((item) => ({ ...item, tags: tags.get(item.arn) ?? item.tags }));
  }

  /** Listings show no tags; what was found by its VPC alone may carry another drill's. Twenty are told at once. */
  private async tagsOf(arns: readonly string[]): Promise<ReadonlyMap<string, InventoryItem['tags']>> {
    const tags = new Map<string, InventoryItem['tags']>();
    for (let from = 0; from < arns.length; from += 20) {
      const ResourceArns = arns.slice(from, from + 20);
      const { TagDescriptions } = await this.client.send(new DescribeTagsCommand({ ResourceArns }));
      for (const { ResourceArn, Tags } of TagDescriptions ?? []) tags.set(ResourceArn!, tagsOf(Tags));
    }
    return tags;
  }

  async remove({ arn, type }: InventoryItem): Promise<void> {
    await (type === LOAD_BALANCER
      ? this.client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }))
      : this.client.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn })));
  }
}
