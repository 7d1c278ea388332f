import {
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachRolePolicyCommand,
  paginateListEntitiesForPolicy,
  paginateListPolicies,
  paginateListPolicyTags,
  paginateListPolicyVersions,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { allOf } from '../pages';
import type { IamNamed } from './iam-named';
import { tagsOf } from './tagged-resources';

/** Customer managed policies. Alone they cost nothing and allow nothing, but an account has room for 1500 of them. */
export const POLICIES: IamNamed = {
  type: 'iam:policy',
  async list(client) {
    const all = await allOf(paginateListPolicies({ client }, { Scope: 'Local' }), ({ Policies }) => Policies);
    return all.map(({ Arn, PolicyName, CreateDate }) => ({ arn: Arn!, name: PolicyName!, createdAt: CreateDate }));
  },
  async tags(client, { arn: PolicyArn }) {
    return tagsOf(await allOf(paginateListPolicyTags({ client }, { PolicyArn }), ({ Tags }) => Tags));
  },
};

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
