import {
  DeleteInstanceProfileCommand,
  GetInstanceProfileCommand,
  paginateListInstanceProfiles,
  paginateListInstanceProfileTags,
  RemoveRoleFromInstanceProfileCommand,
  type IAMClient,
  type Tag,
} from '@aws-sdk/client-iam';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { nameOf } from './iam-names';
import { tagsOf } from './tagged-resources';

/** Karpenter makes an instance profile for each node class, with the cluster's name in its name. */
export async function findInstanceProfiles(
  client: IAMClient,
  { clusterName }: InventoryScope,
  candidates: readonly InventoryItem[],
): Promise<readonly InventoryItem[]> {
  const known = new Map(candidates.map((item) => [item.arn, item]));
  const items: InventoryItem[] = [];
  for await (const page of paginateListInstanceProfiles({ client }, {})) {
    for (const { Arn, InstanceProfileName, CreateDate } of page.InstanceProfiles ?? []) {
      if (!known.has(Arn!) && !InstanceProfileName!.includes(clusterName)) continue;
      items.push({
        arn: Arn!,
        type: 'iam:instance-profile',
        tags: known.get(Arn!)?.tags ?? (await profileTags(client, InstanceProfileName!)),
        reason: known.get(Arn!)?.reason ?? `its name holds ${clusterName}`,
        ...(CreateDate && { createdAt: CreateDate.toISOString() }),
      });
    }
  }
  return items;
}

async function profileTags(client: IAMClient, InstanceProfileName: string): Promise<Readonly<Record<string, string>>> {
  const tags: Tag[] = [];
  for await (const page of paginateListInstanceProfileTags({ client }, { InstanceProfileName })) {
    tags.push(...(page.Tags ?? []));
  }
  return tagsOf(tags);
}

/** An instance profile goes only without its role. */
export async function removeInstanceProfile(client: IAMClient, arn: string): Promise<void> {
  const InstanceProfileName = nameOf(arn);
  const { InstanceProfile } = await client.send(new GetInstanceProfileCommand({ InstanceProfileName }));
  for (const { RoleName } of InstanceProfile?.Roles ?? []) {
    await client.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
  }
  await client.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
}
