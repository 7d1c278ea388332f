import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateListRoles,
  paginateListRoleTags,
  type IAMClient,
  type Tag,
} from '@aws-sdk/client-iam';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { nameOf } from './iam-names';
import { tagsOf } from './tagged-resources';

export async function findRoles(
  client: IAMClient,
  { clusterName }: InventoryScope,
  candidates: readonly InventoryItem[],
): Promise<readonly InventoryItem[]> {
  const known = new Map(candidates.map((item) => [item.arn, item]));
  const items: InventoryItem[] = [];
  for await (const page of paginateListRoles({ client }, {})) {
    for (const { Arn, RoleName, CreateDate } of page.Roles ?? []) {
      if (!known.has(Arn!) && !RoleName!.includes(clusterName)) continue;
      items.push({
        arn: Arn!,
        type: 'iam:role',
        tags: known.get(Arn!)?.tags ?? (await roleTags(client, RoleName!)),
        reason: known.get(Arn!)?.reason ?? `its name holds ${clusterName}`,
        ...(CreateDate && { createdAt: CreateDate.toISOString() }),
      });
    }
  }
  return items;
}

async function roleTags(client: IAMClient, RoleName: string): Promise<Readonly<Record<string, string>>> {
  const tags: Tag[] = [];
  for await (const page of paginateListRoleTags({ client }, { RoleName })) tags.push(...(page.Tags ?? []));
  return tagsOf(tags);
}

/** A role goes only without its policies. */
export async function removeRole(client: IAMClient, arn: string): Promise<void> {
  const RoleName = nameOf(arn);
  for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName })) {
    for (const { PolicyArn } of page.AttachedPolicies ?? []) {
      await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    }
  }
  for await (const page of paginateListRolePolicies({ client }, { RoleName })) {
    for (const PolicyName of page.PolicyNames ?? []) {
      await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    }
  }
  await client.send(new DeleteRoleCommand({ RoleName }));
}
