import {
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import type { InventoryPart } from './part';

const LOAD_BALANCER = 'elasticloadbalancing:loadbalancer';
const TARGET_GROUP = 'elasticloadbalancing:targetgroup';

/** Application and Network Load Balancers and their target groups: tagged ones that exist, and those in the VPC. */
export class LoadBalancingPart implements InventoryPart {
  readonly types = [LOAD_BALANCER, TARGET_GROUP];

  constructor(private readonly client: ElasticLoadBalancingV2Client) {}

  async find(scope: InventoryScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]> {
    const known = new Map(candidates.map((item) => [item.arn, item]));
    const items: InventoryItem[] = [];
    const take = (arn: string, type: string, vpcId: string | undefined, createdAt: Date | undefined): void => {
      const candidate = known.get(arn);
      const inVpc = scope.vpcId !== undefined && vpcId === scope.vpcId;
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
    return items;
  }

  async remove({ arn, type }: InventoryItem): Promise<void> {
    await (type === LOAD_BALANCER
      ? this.client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }))
      : this.client.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn })));
  }
}
