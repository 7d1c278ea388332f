import {
  DeleteLogGroupCommand,
  paginateDescribeLogGroups,
  type CloudWatchLogsClient,
  type LogGroup,
} from '@aws-sdk/client-cloudwatch-logs';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { idOf } from './arn';
import type { ArnScope, InventoryPart } from './part';

const LOG_GROUP = 'logs:log-group';

/** The control plane's, and those that Container Insights makes for a cluster. */
function groupsOf(clusterName: string): string[] {
  const insights = ['application', 'dataplane', 'host', 'performance'];
  return [
    `/aws/eks/${clusterName}/cluster`,
    ...insights.map((kind) => `/aws/containerinsights/${clusterName}/${kind}`),
  ];
}

/** Log groups: tagged ones, and the control plane's, which EKS may make again, untagged, after Terraform deleted it. */
export class LogsPart implements InventoryPart {
  readonly types = [LOG_GROUP];

  constructor(
    private readonly client: CloudWatchLogsClient,
    private readonly arnScope: () => Promise<ArnScope>,
  ) {}

  async find(scope: InventoryScope, candidates: readonly InventoryItem[]): Promise<readonly InventoryItem[]> {
    const { partition, region, account } = await this.arnScope();
    const known = new Map(candidates.map((item) => [idOf(item.arn), item]));
    const items: InventoryItem[] = [];
    for (const name of new Set([...groupsOf(scope.clusterName), ...known.keys()])) {
      const group = await this.logGroup(name);
      if (!group) continue;
      items.push({
        arn: `arn:${partition}:logs:${region}:${account}:log-group:${name}`,
        type: LOG_GROUP,
        tags: {},
        reason: `log group of cluster ${scope.clusterName}`,
        ...known.get(name),
        ...(group.creationTime !== undefined && { createdAt: new Date(group.creationTime).toISOString() }),
      });
    }
    return items;
  }

  private async logGroup(name: string): Promise<LogGroup | undefined> {
    for await (const page of paginateDescribeLogGroups({ client: this.client }, { logGroupNamePrefix: name })) {
      const group = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
      if (group) return group;
    }
    return undefined;
  }

  async remove({ arn }: InventoryItem): Promise<void> {
    await this.client.send(new DeleteLogGroupCommand({ logGroupName: idOf(arn) }));
  }
}
