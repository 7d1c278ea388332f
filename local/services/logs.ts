import { AwsError, jsonService } from '../service';
import type { Service } from '../service';
import type { AwsResource } from '../world/aws-resources';
import { beginRemoval } from '../world/removal';
import type { SimulatedAccount } from '../world/simulated-account';

const PAGE = 50;

/** CloudWatch Logs, as far as log groups are found and deleted. */
export function createLogs(world: SimulatedAccount): Service {
  return jsonService('CloudWatch Logs', {
    DescribeLogGroups: (input: {
      logGroupNamePrefix?: string;
      logGroupNamePattern?: string;
      nextToken?: string;
      limit?: number;
    }) => {
      const groups = world.aws
        .list('logs:log-group')
        .filter(
          ({ id }) => id.startsWith(input.logGroupNamePrefix ?? '') && id.includes(input.logGroupNamePattern ?? ''),
        );
      const from = Number(input.nextToken ?? 0);
      const to = from + (input.limit ?? PAGE);
      return {
        logGroups: groups.slice(from, to).map((group) => ({
          logGroupName: group.id,
          creationTime: Date.parse(group.createdAt),
          // Two forms of one ARN: the one with `:*` is that of policies.
          arn: `${group.arn}:*`,
          logGroupArn: group.arn,
          storedBytes: 0,
        })),
        ...(to < groups.length ? { nextToken: String(to) } : {}),
      };
    },
    ListTagsForResource: (input: { resourceArn: string }) => {
      const group = world.aws.get(input.resourceArn.replace(/:\*$/, ''));
      if (!group) throw notFound();
      return { tags: group.tags };
    },
    DeleteLogGroup: (input: { logGroupName: string }) => {
      const group: AwsResource | undefined = world.aws.find('logs:log-group', input.logGroupName);
      if (!group) throw notFound();
      if (group.undeletable) throw new AwsError(group.undeletable.code, group.undeletable.message);
      beginRemoval(world, group);
      return {};
    },
  });
}

function notFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
}
