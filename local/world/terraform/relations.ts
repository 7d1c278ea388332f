import type { AwsResource, AwsResources } from '../aws-resources';
import { listAttribute } from '../simulated-account';
import { textOf } from './hcl/value';
import type { ObjectValue } from './hcl/value';

/** Kubernetes access by role ARN: names of EKS access policies. Kept in a cluster's `accessEntries`. */
export type AccessEntries = Record<string, string[]>;

export function accessEntriesOf(cluster: AwsResource): AccessEntries {
  return (cluster.attributes['accessEntries'] ??= {}) as AccessEntries;
}

/** `AmazonEKSAdminViewPolicy` of `arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy`. */
export function accessPolicyName(arn: string): string {
  return arn.split('/').pop() ?? arn;
}

type Relation = (aws: AwsResources, given: ObjectValue, present: boolean) => void;

/**
 * Brings the effect of a Terraform resource that is no AWS resource of its own, or that changes another one, into the
 * world (or takes it out again).
 */
export function relate(aws: AwsResources, terraformType: string, given: ObjectValue, present: boolean): void {
  RELATIONS[terraformType]?.(aws, given, present);
  aws.changed();
}

const RELATIONS: Readonly<Record<string, Relation>> = {
  aws_iam_role_policy_attachment: (aws, given, present) =>
    rolePolicy(aws, given, 'attachedPolicies', text(given, 'policy_arn'), present),
  aws_iam_role_policy: (aws, given, present) =>
    rolePolicy(aws, given, 'inlinePolicies', text(given, 'name') || text(given, 'id'), present),
  aws_eks_access_entry: (aws, given, present) => {
    const cluster = aws.find('eks:cluster', text(given, 'cluster_name'));
    if (!cluster) return;
    const entries = accessEntriesOf(cluster);
    if (present) entries[text(given, 'principal_arn')] ??= [];
    else delete entries[text(given, 'principal_arn')];
  },
  aws_eks_access_policy_association: (aws, given, present) => {
    const cluster = aws.find('eks:cluster', text(given, 'cluster_name'));
    const policies = cluster && accessEntriesOf(cluster)[text(given, 'principal_arn')];
    if (policies) change(policies, accessPolicyName(text(given, 'policy_arn')), present);
  },
};

function rolePolicy(aws: AwsResources, given: ObjectValue, list: string, policy: string, present: boolean): void {
  const role = aws.find('iam:role', text(given, 'role'));
  if (!role) return;
  const policies = [...listAttribute(role, list)];
  change(policies, policy, present);
  role.attributes[list] = policies;
}

function change(list: string[], item: string, present: boolean): void {
  const index = list.indexOf(item);
  if (present && index === -1) list.push(item);
  if (!present && index !== -1) list.splice(index, 1);
}

function text(given: ObjectValue, name: string): string {
  return textOf(given[name]) ?? '';
}
