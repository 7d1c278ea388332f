import { AwsError, queryService } from '../service';
import type { Service } from '../service';
import type { AwsResource } from '../world/aws-resources';
import { beginRemoval, obstacleTo } from '../world/removal';
import { hexOf, listAttribute, textAttribute } from '../world/simulated-account';
import type { SimulatedAccount } from '../world/simulated-account';

/** IAM over the simulated account, as far as what a drill makes is found and deleted. */
export function createIam(world: SimulatedAccount): Service {
  const iam = new Iam(world);
  return queryService('IAM', {
    ListRoles: (form) =>
      iam.page(
        form,
        'Roles',
        iam.list('iam:role').map((role) => iam.role(role)),
      ),
    GetRole: (form) => {
      const role = iam.find('iam:role', form.get('RoleName'));
      return { Role: { ...iam.role(role), Tags: tags(role) } };
    },
    ListRoleTags: (form) => iam.page(form, 'Tags', tags(iam.find('iam:role', form.get('RoleName')))),
    ListAttachedRolePolicies: (form) => {
      const arns = listAttribute(iam.find('iam:role', form.get('RoleName')), 'attachedPolicies');
      return iam.page(
        form,
        'AttachedPolicies',
        arns.map((PolicyArn) => ({ PolicyName: lastPart(PolicyArn), PolicyArn })),
      );
    },
    ListRolePolicies: (form) =>
      iam.page(form, 'PolicyNames', listAttribute(iam.find('iam:role', form.get('RoleName')), 'inlinePolicies')),
    DetachRolePolicy: (form) => iam.withoutPolicy(form.get('RoleName'), 'attachedPolicies', form.get('PolicyArn')),
    DeleteRolePolicy: (form) => iam.withoutPolicy(form.get('RoleName'), 'inlinePolicies', form.get('PolicyName')),
    DeleteRole: (form) => iam.remove(iam.find('iam:role', form.get('RoleName'))),
    ListInstanceProfiles: (form) =>
      iam.page(
        form,
        'InstanceProfiles',
        iam.list('iam:instance-profile').map((one) => iam.profile(one)),
      ),
    ListInstanceProfilesForRole: (form) => {
      const of = iam
        .list('iam:instance-profile')
        .filter((one) => listAttribute(one, 'roles').includes(form.get('RoleName') ?? ''));
      return iam.page(
        form,
        'InstanceProfiles',
        of.map((one) => iam.profile(one)),
      );
    },
    ListInstanceProfileTags: (form) =>
      iam.page(form, 'Tags', tags(iam.find('iam:instance-profile', form.get('InstanceProfileName')))),
    GetInstanceProfile: (form) => {
      const profile = iam.find('iam:instance-profile', form.get('InstanceProfileName'));
      return { InstanceProfile: { ...iam.profile(profile), Tags: tags(profile) } };
    },
    RemoveRoleFromInstanceProfile: (form) => iam.withoutRole(form.get('InstanceProfileName'), form.get('RoleName')),
    DeleteInstanceProfile: (form) => iam.remove(iam.find('iam:instance-profile', form.get('InstanceProfileName'))),
    ListOpenIDConnectProviders: () => ({
      OpenIDConnectProviderList: iam.list('iam:oidc-provider').map(({ arn }) => ({ Arn: arn })),
    }),
    ListOpenIDConnectProviderTags: (form) =>
      iam.page(form, 'Tags', tags(iam.get(form.get('OpenIDConnectProviderArn')))),
    GetOpenIDConnectProvider: (form) => {
      const provider = iam.get(form.get('OpenIDConnectProviderArn'));
      return { Url: provider.id, CreateDate: provider.createdAt, Tags: tags(provider) };
    },
    DeleteOpenIDConnectProvider: (form) => iam.remove(iam.get(form.get('OpenIDConnectProviderArn'))),
    ListPolicies: (form) =>
      iam.page(
        form,
        'Policies',
        iam.list('iam:policy').map(({ id, arn, createdAt }) => ({ PolicyName: id, Arn: arn, CreateDate: createdAt })),
      ),
    GetPolicy: (form) => {
      const { id, arn } = iam.get(form.get('PolicyArn'));
      return { Policy: { PolicyName: id, Arn: arn, DefaultVersionId: 'v1' } };
    },
    ListEntitiesForPolicy: (form) => iam.page(form, 'PolicyRoles', iam.rolesWith(form.get('PolicyArn'))),
    ListPolicyVersions: (form) => iam.page(form, 'Versions', [{ VersionId: 'v1', IsDefaultVersion: true }]),
    ListPolicyTags: (form) => iam.page(form, 'Tags', tags(iam.get(form.get('PolicyArn')))),
    DeletePolicy: (form) => iam.remove(iam.get(form.get('PolicyArn'))),
  });
}

const PAGE = 100;

class Iam {
  constructor(private readonly world: SimulatedAccount) {}

  list(type: string): readonly AwsResource[] {
    return this.world.aws.list(type);
  }

  find(type: string, name: string | null): AwsResource {
    const resource = this.world.aws.find(type, name ?? '');
    if (!resource) throw noSuchEntity(name);
    return resource;
  }

  get(arn: string | null): AwsResource {
    const resource = this.world.aws.get(arn ?? '');
    if (!resource) throw noSuchEntity(arn);
    return resource;
  }

  role(role: AwsResource): Record<string, unknown> {
    return {
      Path: textAttribute(role, 'path') || '/',
      RoleName: role.id,
      RoleId: `AROA${hexOf(this.world.chance, role.arn, 17).toUpperCase()}`,
      Arn: role.arn,
      CreateDate: role.createdAt,
    };
  }

  profile(profile: AwsResource): Record<string, unknown> {
    return {
      Path: '/',
      InstanceProfileName: profile.id,
      InstanceProfileId: `AIPA${hexOf(this.world.chance, profile.arn, 17).toUpperCase()}`,
      Arn: profile.arn,
      CreateDate: profile.createdAt,
      Roles: listAttribute(profile, 'roles').flatMap((name) => {
        const role = this.world.aws.find('iam:role', name);
        return role ? [this.role(role)] : [];
      }),
    };
  }

  rolesWith(policyArn: string | null): readonly { RoleName: string }[] {
    return this.list('iam:role')
      .filter((role) => listAttribute(role, 'attachedPolicies').includes(policyArn ?? ''))
      .map(({ id }) => ({ RoleName: id }));
  }

  /** IAM gives at most a hundred at a time, with a marker for the rest. */
  page(form: URLSearchParams, name: string, items: readonly unknown[]): Record<string, unknown> {
    const from = Number(form.get('Marker') ?? 0);
    const to = from + Number(form.get('MaxItems') ?? PAGE);
    const more = to < items.length;
    return { [name]: items.slice(from, to), IsTruncated: more, ...(more ? { Marker: String(to) } : {}) };
  }

  withoutPolicy(roleName: string | null, list: string, policy: string | null): Record<string, never> {
    const role = this.find('iam:role', roleName);
    const policies = listAttribute(role, list);
    if (!policies.includes(policy ?? '')) throw noSuchEntity(policy);
    role.attributes[list] = policies.filter((one) => one !== policy);
    this.world.aws.changed();
    return {};
  }

  withoutRole(profileName: string | null, roleName: string | null): Record<string, never> {
    const profile = this.find('iam:instance-profile', profileName);
    profile.attributes['roles'] = listAttribute(profile, 'roles').filter((name) => name !== roleName);
    this.world.aws.changed();
    return {};
  }

  remove(resource: AwsResource): Record<string, never> {
    const obstacle = obstacleTo(this.world, resource);
    if (obstacle) throw new AwsError(obstacle.code, obstacle.message, 409);
    beginRemoval(this.world, resource);
    return {};
  }
}

function tags(resource: AwsResource): readonly { Key: string; Value: string }[] {
  return Object.entries(resource.tags).map(([Key, Value]) => ({ Key, Value }));
}

function noSuchEntity(name: string | null): AwsError {
  return new AwsError('NoSuchEntity', `${name ?? 'It'} cannot be found.`, 404);
}

function lastPart(arn: string): string {
  return arn.split('/').pop() ?? arn;
}
