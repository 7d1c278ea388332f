import {
  DeleteInstanceProfileCommand,
  GetInstanceProfileCommand,
  paginateListInstanceProfiles,
  RemoveRoleFromInstanceProfileCommand,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { allOf } from '../pages';
import type { IamNamed } from './iam-named';
import { nameOf } from './iam-names';
import { tagsOf } from './tagged-resources';

/** Karpenter makes an instance profile for each node class, with the cluster's name in its name and tags. */
export const INSTANCE_PROFILES: IamNamed = {
  type: 'iam:instance-profile',
  async list(client) {
    const all = await allOf(paginateListInstanceProfiles({ client }, {}), ({ InstanceProfiles }) => InstanceProfiles);
    return all.map(({ Arn, InstanceProfileName, CreateDate }) => ({
      arn: Arn!,
      name: InstanceProfileName!,
      createdAt: CreateDate,
    }));
  },
  async tags(client, { name: InstanceProfileName }) {
    const { InstanceProfile } = await client.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    return tagsOf(InstanceProfile?.Tags);
  },
};

/** An instance profile goes only without its role. */
export async function removeInstanceProfile(client: IAMClient, arn: string): Promise<void> {
  const InstanceProfileName = nameOf(arn);
  const { InstanceProfile } = await client.send(new GetInstanceProfileCommand({ InstanceProfileName }));
  for (const { RoleName } of InstanceProfile?.Roles ?? []) {
    await client.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
  }
  await client.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));
}
