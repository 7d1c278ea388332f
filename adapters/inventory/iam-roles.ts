import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateListRoles,
  paginateListRoleTags,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { allOf } from '../pages';
import type { IamNamed } from './iam-named';
import { nameOf } from './iam-names';
import { tagsOf } from './tagged-resources';

export const ROLES: IamNamed = {
  type: 'iam:role',
  async list(client) {
    const all = await allOf(paginateListRoles({ client }, {}), ({ Roles }) => Roles);
    return all.map(({ Arn, RoleName, CreateDate }) => ({ arn: Arn!, name: RoleName!, createdAt: CreateDate }));
  },
  async tags(client, { name: RoleName }) {
    return tagsOf(await allOf(paginateListRoleTags({ client }, { RoleName }), ({ Tags }) => Tags));
  },
};

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
