import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Conditions } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TAG } from '../domain/names';

/**
 * What the parts of a drill may do in AWS beside the drill's own table, buckets and machines. Everything of a drill
 * cluster is named `drill-…` (`clusterNameOf`) and tagged, and the statements hold on to one or the other.
 */
const NAMED = 'drill-*';

/** Reading a drill cluster; its Kubernetes API is opened by an access entry, not by IAM. */
export function readCluster(scope: Construct): PolicyStatement {
  return allow(
    [
      'eks:DescribeCluster',
      'eks:ListNodegroups',
      'eks:DescribeNodegroup',
      'eks:ListAddons',
      'eks:DescribeAddon',
      'eks:ListFargateProfiles',
      'eks:DescribeFargateProfile',
      'eks:ListCapabilities',
      'eks:DescribeCapability',
    ],
    eksArns(scope, ['cluster', 'nodegroup', 'addon', 'fargateprofile', 'capability']),
  );
}

/** Making access entries for the roles that must reach the cluster. */
export function grantClusterAccess(scope: Construct): PolicyStatement {
  return allow(
    [
      'eks:CreateAccessEntry',
      'eks:DescribeAccessEntry',
      'eks:AssociateAccessPolicy',
      'eks:ListAssociatedAccessPolicies',
    ],
    eksArns(scope, ['cluster', 'access-entry']),
  );
}

/** Listing what exists; describing cannot be limited to resources, and shows names and tags only. */
export function readInventory(): PolicyStatement {
  return allow(
    [
      'tag:GetResources',
      'ec2:Describe*',
      'elasticloadbalancing:Describe*',
      'logs:DescribeLogGroups',
      'iam:ListRoles',
      'iam:ListInstanceProfiles',
      'iam:ListOpenIDConnectProviders',
      'iam:ListPolicies',
      'iam:ListRoleTags',
      'iam:ListPolicyTags',
      'iam:ListOpenIDConnectProviderTags',
      'iam:GetInstanceProfile',
      'kms:DescribeKey',
      'kms:ListAliases',
    ],
    ['*'],
  );
}

/** What *Sweep leaks* may delete: by tag where the service knows tags, otherwise by the name of a drill cluster. */
export function removeLeaks(scope: Construct): PolicyStatement[] {
  const tagged = [
    'ec2:DeleteVolume',
    'ec2:TerminateInstances',
    'ec2:DeleteNatGateway',
    'ec2:ReleaseAddress',
    'ec2:DeleteNetworkInterface',
    'ec2:DeleteSecurityGroup',
    'ec2:RevokeSecurityGroupIngress',
    'ec2:RevokeSecurityGroupEgress',
    'ec2:DeleteLaunchTemplate',
    'ec2:DeleteVpcEndpoints',
    'ec2:DetachInternetGateway',
    'ec2:DeleteInternetGateway',
    'ec2:DeleteRouteTable',
    'ec2:DeleteNetworkAcl',
    'ec2:DeleteEgressOnlyInternetGateway',
    'ec2:DeleteSubnet',
    'ec2:DeleteVpc',
    'elasticloadbalancing:DeleteLoadBalancer',
    'elasticloadbalancing:DeleteTargetGroup',
    'kms:ScheduleKeyDeletion',
    'kms:DeleteAlias',
    'iam:DeleteOpenIDConnectProvider',
  ];
  return [
    ...DRILL_TAGGED.map((conditions) => allow(tagged, ['*'], conditions)),
    ...madeByControllers(),
    // Deleting an alias asks for the right on the alias as well as on its key.
    allow(['kms:DeleteAlias'], [clusterAliasArn(scope)]),
    allow(
      [
        'eks:DeleteCluster',
        'eks:DeleteNodegroup',
        'eks:DeleteFargateProfile',
        'eks:DeleteCapability',
        'eks:UpdateClusterConfig',
      ],
      eksArns(scope, ['cluster', 'nodegroup', 'fargateprofile', 'capability']),
    ),
    allow(['logs:DeleteLogGroup'], clusterLogArns(scope)),
    allow(
      [
        'iam:DeleteRole',
        'iam:DetachRolePolicy',
        'iam:DeleteRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        'iam:RemoveRoleFromInstanceProfile',
        'iam:DeleteInstanceProfile',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:ListEntitiesForPolicy',
        'iam:ListPolicyVersions',
      ],
      iamArns(scope, ['role', 'instance-profile', 'policy']),
    ),
  ];
}

/**
 * What controllers make without a tag whose value names the cluster: volumes of the CSI driver, and load balancers of
 * Kubernetes' own provider, whose tag has the cluster's name in its key, where IAM cannot ask for it. These rights hold
 * for all clusters of the account; which resource is meant, the three proofs alone decide (`domain/sweep-plan.ts`). A
 * security group of that provider has no other tag at all: it is left to a person's own rights and `drill sweep`.
 */
function madeByControllers(): PolicyStatement[] {
  return [
    allow(['ec2:DeleteVolume'], ['*'], { StringEquals: { 'aws:ResourceTag/ebs.csi.aws.com/cluster': 'true' } }),
    allow(['elasticloadbalancing:DeleteLoadBalancer'], ['*'], {
      Null: { 'aws:ResourceTag/kubernetes.io/service-name': 'false' },
    }),
  ];
}

/** The tags by which Terraform and the controllers in the cluster mark what they make (any one of them will do). */
const DRILL_TAGGED: readonly Conditions[] = [
  { Null: { [`aws:ResourceTag/${TAG.drill}`]: 'false' } },
  ...[
    'elbv2.k8s.aws/cluster',
    'ebs.csi.aws.com/cluster-name',
    'cluster.k8s.amazonaws.com/name',
    'aws:eks:cluster-name',
    'eks:cluster-name',
    'eks:eks-cluster-name',
    'karpenter.k8s.aws/cluster',
  ].map((key) => ({ StringLike: { [`aws:ResourceTag/${key}`]: NAMED } })),
];

/**
 * What `terraform apply` and `destroy` of a cluster layer need. EC2 in the stack's region as a whole: a repository
 * brings its own VPC, and most of EC2's creating actions know no resource beforehand. EKS and IAM by name.
 *
 * A repository may create roles and write their policies, which IAM cannot fence in further without a permissions
 * boundary that the repository itself would have to pass on; so the account of a drill should hold nothing else.
 */
export function runTerraform(scope: Construct): PolicyStatement[] {
  const here = { StringEquals: { 'aws:RequestedRegion': Stack.of(scope).region } };
  return [
    allow(['ec2:*', 'elasticloadbalancing:Describe*', 'autoscaling:Describe*'], ['*'], here),
    allow(
      ['eks:*'],
      eksArns(scope, [
        'cluster',
        'nodegroup',
        'fargateprofile',
        'addon',
        'capability',
        'access-entry',
        'podidentityassociation',
      ]),
    ),
    allow(['eks:ListClusters', 'eks:DescribeAddonVersions', 'eks:DescribeClusterVersions'], ['*']),
    allow(MANAGE_ROLES, iamArns(scope, ['role', 'instance-profile', 'policy'])),
    allow(['iam:PassRole'], iamArns(scope, ['role']), {
      StringEquals: {
        'iam:PassedToService': [
          'eks.amazonaws.com',
          'ec2.amazonaws.com',
          'pods.eks.amazonaws.com',
          // Fargate profiles and EKS capabilities, by the services that their roles trust.
          'eks-fargate-pods.amazonaws.com',
          'capabilities.eks.amazonaws.com',
        ],
      },
    }),
    // Before EKS makes a cluster or node group it looks, with the caller's rights, whether its service-linked role is
    // there; and modules ask which role they run as (`aws_iam_session_context`).
    allow(['iam:GetRole'], [globalArn(scope, 'iam', 'role/*')]),
    allow(['iam:CreateServiceLinkedRole'], ['*'], {
      StringEquals: {
        'iam:AWSServiceName': [
          'eks.amazonaws.com',
          'eks-nodegroup.amazonaws.com',
          'eks-fargate.amazonaws.com',
          'autoscaling.amazonaws.com',
          'spot.amazonaws.com',
          'elasticloadbalancing.amazonaws.com',
        ],
      },
    }),
    allow(
      [
        'iam:CreateOpenIDConnectProvider',
        'iam:DeleteOpenIDConnectProvider',
        'iam:GetOpenIDConnectProvider',
        'iam:TagOpenIDConnectProvider',
        'iam:UntagOpenIDConnectProvider',
      ],
      [globalArn(scope, 'iam', 'oidc-provider/oidc.eks.*')],
    ),
    ...manageKeys(scope),
    allow(['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'], [clusterAliasArn(scope)]),
    allow(['kms:ListAliases', 'logs:DescribeLogGroups'], ['*']),
    allow(
      [
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
        'logs:UntagResource',
        'logs:ListTagsForResource',
      ],
      clusterLogArns(scope),
    ),
    // The AMI of a node group's Kubernetes version.
    allow(
      ['ssm:GetParameter'],
      [
        Stack.of(scope).formatArn({
          service: 'ssm',
          account: '',
          resource: 'parameter',
          resourceName: 'aws/service/*',
        }),
      ],
    ),
  ];
}

/**
 * Keys with the tag of a drill. A tag counts for the permission only up to five minutes after its key was made
 * (https://docs.aws.amazon.com/kms/latest/developerguide/abac.html), and Terraform goes on at once: so what it does with
 * a new key, and what EKS is given of it, is allowed for every key, and nothing of it can lose or read a thing.
 */
function manageKeys(scope: Construct): PolicyStatement[] {
  const keys = keyArns(scope);
  const tagsItsRequest = { Null: { [`aws:RequestTag/${TAG.drill}`]: 'false' } };
  return [
    allow(['kms:CreateKey', 'kms:TagResource'], ['*'], tagsItsRequest),
    allow(['kms:*'], ['*'], { Null: { [`aws:ResourceTag/${TAG.drill}`]: 'false' } }),
    allow(
      [
        'kms:DescribeKey',
        'kms:GetKeyPolicy',
        'kms:GetKeyRotationStatus',
        'kms:ListResourceTags',
        'kms:EnableKeyRotation',
        'kms:CreateAlias',
      ],
      keys,
    ),
    allow(['kms:CreateGrant'], keys, { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
  ];
}

const MANAGE_ROLES = [
  'iam:CreateRole',
  'iam:GetRole',
  'iam:UpdateRole',
  'iam:UpdateAssumeRolePolicy',
  'iam:DeleteRole',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:ListRoleTags',
  'iam:AttachRolePolicy',
  'iam:DetachRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:PutRolePolicy',
  'iam:GetRolePolicy',
  'iam:DeleteRolePolicy',
  'iam:ListRolePolicies',
  'iam:CreateInstanceProfile',
  'iam:GetInstanceProfile',
  'iam:DeleteInstanceProfile',
  'iam:TagInstanceProfile',
  'iam:AddRoleToInstanceProfile',
  'iam:RemoveRoleFromInstanceProfile',
  'iam:ListInstanceProfilesForRole',
  'iam:CreatePolicy',
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:ListPolicyVersions',
  'iam:CreatePolicyVersion',
  'iam:DeletePolicyVersion',
  'iam:DeletePolicy',
  'iam:TagPolicy',
];

/** What *Check readiness* asks of the account. */
export function checkAccount(): PolicyStatement {
  return allow(
    [
      'servicequotas:GetServiceQuota',
      'servicequotas:GetAWSDefaultServiceQuota',
      'ec2:DescribeVpcs',
      'ec2:DescribeAddresses',
      'eks:ListClusters',
      'eks:DescribeClusterVersions',
      'ses:GetIdentityVerificationAttributes',
    ],
    ['*'],
  );
}

/**
 * Reading secrets by name; Secrets Manager appends six characters to the name in the ARN. The key of the account that a
 * secret may be encrypted with is used through Secrets Manager only.
 */
export function readSecrets(scope: Construct, names: readonly string[]): PolicyStatement[] {
  if (names.length === 0) return [];
  const arns = names.map((name) =>
    Stack.of(scope).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${name}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  const throughSecrets = {
    StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(scope).region}.amazonaws.com` },
  };
  return [
    allow(['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], arns),
    allow(['kms:Decrypt'], keyArns(scope), throughSecrets),
  ];
}

/** Fetching through CodeConnections; both spellings, as ARNs of before 2024 keep the old service name. */
export function useConnections(arns: readonly string[]): PolicyStatement[] {
  if (arns.length === 0) return [];
  const actions = ['codeconnections', 'codestar-connections'].flatMap((service) => [
    `${service}:UseConnection`,
    `${service}:GetConnection`,
    `${service}:GetConnectionToken`,
  ]);
  return [allow(actions, arns)];
}

function allow(actions: readonly string[], resources: readonly string[], conditions?: Conditions): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...actions],
    resources: [...resources],
    ...(conditions ? { conditions } : {}),
  });
}

/** ARNs of a drill cluster's parts: `cluster/drill-…`, and `<part>/drill-…/*` for what stands below a cluster. */
function eksArns(scope: Construct, parts: readonly string[]): string[] {
  return parts.map((part) =>
    Stack.of(scope).formatArn({
      service: 'eks',
      resource: part,
      resourceName: part === 'cluster' ? NAMED : `${NAMED}/*`,
    }),
  );
}

function iamArns(scope: Construct, kinds: readonly string[]): string[] {
  return kinds.map((kind) => globalArn(scope, 'iam', `${kind}/${NAMED}`));
}

function globalArn(scope: Construct, service: string, resource: string): string {
  return Stack.of(scope).formatArn({ service, region: '', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
}

function keyArns(scope: Construct): string[] {
  return [Stack.of(scope).formatArn({ service: 'kms', resource: 'key', resourceName: '*' })];
}

/** `alias/drill-…`, and `alias/eks/drill-…` as terraform-aws-modules/eks has it. */
function clusterAliasArn(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'kms', resource: 'alias', resourceName: `*${NAMED}` });
}

/** Of the control plane, and those that Container Insights makes for a cluster. */
function clusterLogArns(scope: Construct): string[] {
  return ['eks', 'containerinsights'].map((maker) =>
    Stack.of(scope).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `/aws/${maker}/${NAMED}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
}
