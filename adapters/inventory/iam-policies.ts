import {
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  NoSuchEntityException,
  paginateListEntitiesForPolicy,
  paginateListPolicyVersions,
  type IAMClient,
} from '@aws-sdk/client-iam';
import type { InventoryItem, InventoryScope } from '../../domain/ports/inventory';

/** Customer managed policies that the tagging API gave. Alone they cost nothing and allow nothing. */
export async function findPolicies(
  client: IAMClient,
  _scope: InventoryScope,
  candidates: readonly InventoryItem[],
): Promise<readonly InventoryItem[]> {
  const items: InventoryItem[] = [];
  for (const candidate of candidates) {
    if (await exists(client, candidate.arn)) items.push(candidate);
  }
  return items;
}

async function exists(client: IAMClient, PolicyArn: string): Promise<boolean> {
  try {
    await client.send(new GetPolicyCommand({ PolicyArn }));
    return true;
  } catch (error) {
    if (error instanceof NoSuchEntityException) return false;
    throw error;
  }
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
