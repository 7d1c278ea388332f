import type { IAMClient } from '@aws-sdk/client-iam';
import { CLUSTER_TAG_KEYS, ownedTagOf, TAG } from '../../domain/names';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';

type Tags = Readonly<Record<string, string>>;

/** What a listing of IAM says of a role, a policy or an instance profile. */
export interface IamEntry {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: Date | undefined;
}

/** One kind of IAM resource that has a name, tags and a date. */
export interface IamNamed {
  readonly type: string;
  list(client: IAMClient): Promise<readonly IamEntry[]>;
  tags(client: IAMClient, entry: IamEntry): Promise<Tags>;
}

/**
 * Resources of one kind that are the drill's: those that the tagging API gave, those whose name holds the drill
 * cluster's (six hex digits of its own), and those made since the drill was opened that carry one of its tags. Asking
 * for the tags of every role of an account would take thousands of calls; made in these hours were few.
 */
export async function findNamed(
  client: IAMClient,
  { type, list, tags: tagsOfEntry }: IamNamed,
  { clusterName, drillId, since }: InventoryScope,
  candidates: readonly InventoryItem[],
): Promise<readonly InventoryItem[]> {
  const known = new Map(candidates.map((item) => [item.arn, item]));
  const items: InventoryItem[] = [];
  for (const entry of await list(client)) {
    const { arn, name, createdAt } = entry;
    const candidate = known.get(arn);
    const isNamed = name.includes(clusterName);
    const isNew = since !== undefined && createdAt !== undefined && createdAt.getTime() >= Date.parse(since);
    if (!candidate && !isNamed && !isNew) continue;
    const tags = candidate?.tags ?? (await tagsOfEntry(client, entry));
    const tag = drillTagOf(tags, drillId, clusterName);
    if (!candidate && !isNamed && tag === undefined) continue;
    items.push({
      arn,
      type,
      tags,
      reason: candidate?.reason ?? (tag === undefined ? `its name holds ${clusterName}` : `tag ${tag}`),
      ...(createdAt && { createdAt: createdAt.toISOString() }),
    });
  }
  return items;
}

function drillTagOf(tags: Tags, drillId: string, clusterName: string): string | undefined {
  if (tags[TAG.drill] === drillId) return `${TAG.drill}=${drillId}`;
  if (tags[ownedTagOf(clusterName)] === 'owned') return ownedTagOf(clusterName);
  const key = CLUSTER_TAG_KEYS.find((each) => tags[each] === clusterName);
  return key === undefined ? undefined : `${key}=${clusterName}`;
}
