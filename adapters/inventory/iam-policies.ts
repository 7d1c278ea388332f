import {
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  paginateListEntitiesForPolicy,
  paginateListPolicies,
  paginateListPolicyTags,
  paginateListPolicyVersions,
  type IAMClient,
  type Tag,
} from '@aws-sdk/client-iam';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';
import { tagsOf } from './tagged-resources';

/** Customer managed policies. Alone they cost nothing and allow nothing, but an account has room for 1500 of them. */
export async function findPolicies(
  client: IAMClient,
  { clusterName }: InventoryScope,
  candidates: readonly InventoryItem[],
): Promise<readonly InventoryItem[]> {
  const known = new Map(candidates.map((item) => [item.arn, item]));
  const items: InventoryItem[] = [];
  for await (const page of paginateListPolicies({ client }, { Scope: 'Local' })) {
    for (const { Arn, PolicyName, CreateDate } of page.Policies ?? []) {
      if (!known.has(Arn!) && !PolicyName!.includes(clusterName)) continue;
      items.push({
        arn: Arn!,
        type: 'iam:policy',
        tags: known.get(Arn!)?.tags ?? (await policyTags(client, Arn!)),
        reason: known.get(Arn!)?.reason ?? `its name holds ${clusterName}`,
        ...(CreateDate && { createdAt: CreateDate.toISOString() }),
      });
    }
  }
  return items;
}

async function policyTags(client: IAMClient, PolicyArn: string): Promise<Readonly<Record<string, string>>> {
  const tags: Tag[] = [];
  for await (const page of paginateListPolicyTags({ client }, { PolicyArn })) tags.push(...(page.Tags ?? []));
  return tagsOf(tags);
}

/** A policy goes only when no role has it and only its default version is left. */
export async function removePolicy(client: IAMClient, PolicyArn: string): Promise<void> {
  for await (const page of paginateListEntitiesForPolicy({ client }, { PolicyArn })) {
    for (const { RoleName } of page.PolicyRoles ?? []) {
      await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    }
  }
  for await (const page of paginateListPolicyVersions({ client }, { PolicyArn })) {
    for (const { VersionId, IsDefaultVersion } of page.Versions ?? []) {
      if (!IsDefaultVersion) await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    }
  }
  await client.send(new DeletePolicyCommand({ PolicyArn }));
}
