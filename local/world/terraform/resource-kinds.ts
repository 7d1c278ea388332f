import type { ObjectValue, Value } from './hcl/value';
import { isList, isObject, textOf } from './hcl/value';
import { hexOf, uuidOf } from '../simulated-account';
import type { SimulatedAccount } from '../simulated-account';

/** What a new resource is made from. */
export interface Making {
  readonly world: SimulatedAccount;
  /** Evaluated arguments; nested blocks are lists of objects. */
  readonly arguments: ObjectValue;
  /** Seeds everything that AWS would make up (ids, addresses); unique to this resource of this state. */
  readonly seed: string;
  /** Region of its provider. */
  readonly region: string;
}

/** What a Terraform type makes in AWS. */
export interface ResourceKind {
  /** Inventory type, `<service>:<kind>` as in its ARN. */
  readonly type: string;
  readonly id: (making: Making) => string;
  /** The part of the ARN after the account; `<kind>/<id>` without. Global services leave out the region. */
  readonly arnPath?: (making: Making, id: string) => string;
  /** What its own API says of it, in the words that the services read. */
  readonly attributes?: (making: Making, id: string) => Record<string, unknown>;
  /** Terraform attributes beside `id`, `arn`, tags and the arguments. */
  readonly computed?: (making: Making, id: string) => ObjectValue;
  /** Arguments without which the provider refuses the block. */
  readonly required?: readonly string[];
  /** Its id is known before it is ready, so a creation that is cut short stays in the state, tainted. */
  readonly waits?: true;
}

/** The kind of a Terraform type; undefined for what is no AWS resource of its own (associations, other providers). */
export function kindOf(terraformType: string): ResourceKind | undefined {
  const known = KINDS[terraformType];
  if (known) return known;
  const [provider, service, ...rest] = terraformType.split('_');
  if (provider !== 'aws' || !service || rest.length === 0 || RELATION.test(terraformType)) return undefined;
  return { type: `${service}:${rest.join('-')}`, id: nameOr((making) => hexOf(making.world.chance, making.seed, 17)) };
}

/** Types that relate resources or belong to one, without an ARN and tags of their own. */
const RELATION =
  /^aws_route$|_(?:attachment|association|rule|permission|record|version|policy|acl|block|configuration|encryption|versioning|ownership_controls)$/;

/** ARN of a resource of a kind. */
export function arnOf(kind: ResourceKind, making: Making, id: string): string {
  const [service = '', name = ''] = kind.type.split(':');
  const region = GLOBAL_SERVICES.has(service) ? '' : making.region;
  const account = service === 's3' ? '' : making.world.account;
  return `arn:aws:${service}:${region}:${account}:${kind.arnPath?.(making, id) ?? `${name}/${id}`}`;
}

const GLOBAL_SERVICES = new Set(['iam', 's3', 'route53', 'cloudfront']);

/** Text of an argument; empty when it is missing or unknown. */
function argumentOf(making: Pick<Making, 'arguments'>, name: string): string {
  return textOf(making.arguments[name]) ?? '';
}

/** The first nested block of a name. */
export function blockOf(making: Pick<Making, 'arguments'>, name: string): ObjectValue {
  const value = making.arguments[name];
  const first = isList(value) ? value[0] : value;
  return isObject(first) ? first : {};
}

function texts(value: Value | undefined): readonly string[] {
  return isList(value) ? value.map(textOf).filter((text) => text !== undefined) : [];
}

/** The `name` argument, a `name_prefix` with a suffix, or what AWS makes up. */
function nameOr(fallback: (making: Making) => string): (making: Making) => string {
  return (making) => {
    const name = argumentOf(making, 'name');
    if (name !== '') return name;
    const prefix = argumentOf(making, 'name_prefix');
    return prefix === '' ? fallback(making) : `${prefix}${hexOf(making.world.chance, making.seed, 26)}`;
  };
}

const terraformName = nameOr((making) => `terraform-${hexOf(making.world.chance, making.seed, 26)}`);

/** An EC2 id such as `vpc-0a1b…`. */
function ec2Id(prefix: string): (making: Making) => string {
  return (making) => `${prefix}-0${hexOf(making.world.chance, making.seed, 16)}`;
}

function inVpc(making: Making): Record<string, unknown> {
  return { vpcId: argumentOf(making, 'vpc_id') };
}

/** The VPC of the subnet that an argument names. */
function vpcOfSubnet({ world }: Making, subnetId: string): string {
  return String(world.aws.find('ec2:subnet', subnetId)?.attributes['vpcId'] ?? '');
}

function publicAddress(making: Making): string {
  // 203.0.113.0/24 is for documentation (RFC 5737).
  return `203.0.113.${1 + Math.floor(making.world.chance.of(`address ${making.seed}`) * 254)}`;
}

const vpc: ResourceKind = {
  type: 'ec2:vpc',
  id: ec2Id('vpc'),
  attributes: (making) => ({ cidrBlock: argumentOf(making, 'cidr_block') }),
  computed: (making) => ({
    owner_id: making.world.account,
    default_security_group_id: `sg-0${hexOf(making.world.chance, `${making.seed} default`, 16)}`,
    main_route_table_id: `rtb-0${hexOf(making.world.chance, `${making.seed} main`, 16)}`,
  }),
};

const subnet: ResourceKind = {
  type: 'ec2:subnet',
  id: ec2Id('subnet'),
  required: ['vpc_id'],
  attributes: (making) => ({
    ...inVpc(making),
    cidrBlock: argumentOf(making, 'cidr_block'),
    availabilityZone: argumentOf(making, 'availability_zone') || `${making.region}a`,
  }),
};

const elasticIp: ResourceKind = {
  type: 'ec2:elastic-ip',
  id: ec2Id('eipalloc'),
  attributes: (making) => ({ publicIp: publicAddress(making) }),
  computed: (making, id) => ({ allocation_id: id, public_ip: publicAddress(making) }),
};

const natGateway: ResourceKind = {
  type: 'ec2:natgateway',
  id: ec2Id('nat'),
  required: ['subnet_id'],
  waits: true,
  attributes: (making) => ({
    subnetId: argumentOf(making, 'subnet_id'),
    vpcId: vpcOfSubnet(making, argumentOf(making, 'subnet_id')),
    allocationId: argumentOf(making, 'allocation_id'),
  }),
};

const launchTemplate: ResourceKind = {
  type: 'ec2:launch-template',
  id: ec2Id('lt'),
  attributes: (making) => ({
    name: terraformName(making),
    instanceTags: instanceTagsOf(making),
  }),
  computed: () => ({ latest_version: 1, default_version: 1 }),
};

function instanceTagsOf(making: Making): ObjectValue {
  const specifications = making.arguments['tag_specifications'];
  const found = (isList(specifications) ? specifications : []).filter(isObject).find((specification) => {
    return specification['resource_type'] === 'instance';
  });
  const tags = found?.['tags'];
  return isObject(tags) ? tags : {};
}

const iamRole: ResourceKind = {
  type: 'iam:role',
  id: terraformName,
  required: ['assume_role_policy'],
  attributes: (making) => ({ path: argumentOf(making, 'path') || '/', attachedPolicies: [], inlinePolicies: [] }),
  computed: (making) => ({ unique_id: `AROA${hexOf(making.world.chance, making.seed, 17).toUpperCase()}` }),
};

const oidcProvider: ResourceKind = {
  type: 'iam:oidc-provider',
  id: (making) => argumentOf(making, 'url').replace(/^https:\/\//, ''),
  required: ['url'],
};

const cluster: ResourceKind = {
  type: 'eks:cluster',
  id: (making) => argumentOf(making, 'name'),
  required: ['name', 'role_arn', 'vpc_config'],
  waits: true,
  attributes: (making) => {
    const subnetIds = texts(blockOf(making, 'vpc_config')['subnet_ids']);
    return {
      name: argumentOf(making, 'name'),
      version: argumentOf(making, 'version') || DEFAULT_KUBERNETES_VERSION,
      roleArn: argumentOf(making, 'role_arn'),
      subnetIds,
      vpcId: vpcOfSubnet(making, subnetIds[0] ?? ''),
      oidcIssuer: issuerOf(making),
      securityGroupId: clusterSecurityGroupOf(making),
      authenticationMode: textOf(blockOf(making, 'access_config')['authentication_mode']) ?? 'CONFIG_MAP',
      logTypes: texts(making.arguments['enabled_cluster_log_types']),
      accessEntries: {},
    };
  },
  computed: (making) => {
    const network = blockOf(making, 'vpc_config');
    return {
      version: argumentOf(making, 'version') || DEFAULT_KUBERNETES_VERSION,
      platform_version: 'eks.1',
      status: 'ACTIVE',
      identity: [{ oidc: [{ issuer: issuerOf(making) }] }],
      vpc_config: [
        {
          ...network,
          vpc_id: vpcOfSubnet(making, texts(network['subnet_ids'])[0] ?? ''),
          cluster_security_group_id: clusterSecurityGroupOf(making),
        },
      ],
    };
  },
};

/** What EKS takes when no version is asked for: the newest in standard support of `EKS_VERSIONS` (services/eks.ts). */
const DEFAULT_KUBERNETES_VERSION = '1.35';

function issuerOf(making: Making): string {
  const id = hexOf(making.world.chance, `${making.seed} issuer`, 32).toUpperCase();
  return `https://oidc.eks.${making.region}.amazonaws.com/id/${id}`;
}

function clusterSecurityGroupOf(making: Making): string {
  return `sg-0${hexOf(making.world.chance, `${making.seed} security group`, 16)}`;
}

const nodegroup: ResourceKind = {
  type: 'eks:nodegroup',
  id: (making) => `${argumentOf(making, 'cluster_name')}:${nodegroupName(making)}`,
  required: ['cluster_name', 'node_role_arn', 'subnet_ids', 'scaling_config'],
  waits: true,
  arnPath: (making) =>
    `nodegroup/${argumentOf(making, 'cluster_name')}/${nodegroupName(making)}/${uuidOf(making.world.chance, making.seed)}`,
  attributes: (making) => {
    const scaling = blockOf(making, 'scaling_config');
    const subnetIds = texts(making.arguments['subnet_ids']);
    const instanceTypes = texts(making.arguments['instance_types']);
    return {
      clusterName: argumentOf(making, 'cluster_name'),
      nodegroupName: nodegroupName(making),
      desiredSize: Number(scaling['desired_size'] ?? 1),
      minSize: Number(scaling['min_size'] ?? 1),
      maxSize: Number(scaling['max_size'] ?? 1),
      instanceTypes: instanceTypes.length > 0 ? instanceTypes : ['t3.medium'],
      amiType: argumentOf(making, 'ami_type') || 'AL2023_x86_64_STANDARD',
      nodeRole: argumentOf(making, 'node_role_arn'),
      launchTemplateId: textOf(blockOf(making, 'launch_template')['id']) ?? '',
      subnetIds,
      vpcId: vpcOfSubnet(making, subnetIds[0] ?? ''),
    };
  },
  computed: (making) => ({ node_group_name: nodegroupName(making), status: 'ACTIVE' }),
};

function nodegroupName(making: Making): string {
  const name = argumentOf(making, 'node_group_name');
  return name || `${argumentOf(making, 'node_group_name_prefix')}${hexOf(making.world.chance, making.seed, 26)}`;
}

/** Things of a cluster that are found by the cluster's name and their own. */
function ofCluster(type: string, nameArgument: string, attribute: string): ResourceKind {
  const kind = type.split(':')[1] ?? '';
  return {
    type,
    id: (making) => `${argumentOf(making, 'cluster_name')}:${argumentOf(making, nameArgument)}`,
    required: ['cluster_name', nameArgument],
    arnPath: (making) =>
      `${kind}/${argumentOf(making, 'cluster_name')}/${argumentOf(making, nameArgument)}/${uuidOf(making.world.chance, making.seed)}`,
    attributes: (making) => ({
      clusterName: argumentOf(making, 'cluster_name'),
      [attribute]: argumentOf(making, nameArgument),
    }),
  };
}

const addonOfCluster = ofCluster('eks:addon', 'addon_name', 'addonName');

const addon: ResourceKind = {
  ...addonOfCluster,
  attributes: (making, id) => ({
    ...addonOfCluster.attributes?.(making, id),
    configurationValues: argumentOf(making, 'configuration_values'),
  }),
  waits: true,
  computed: () => ({ status: 'ACTIVE' }),
};

/** A managed Argo CD. In Terraform the namespace lies in nested blocks; here the default is taken. */
const capabilityOfCluster = ofCluster('eks:capability', 'capability_name', 'capabilityName');

const capability: ResourceKind = {
  ...capabilityOfCluster,
  attributes: (making, id) => ({
    ...capabilityOfCluster.attributes?.(making, id),
    capabilityType: argumentOf(making, 'type'),
    roleArn: argumentOf(making, 'role_arn'),
    namespace: argumentOf(making, 'type') === 'ARGOCD' ? 'argocd' : '',
  }),
  waits: true,
};

const accessEntry: ResourceKind = {
  ...ofCluster('eks:access-entry', 'principal_arn', 'principalArn'),
  arnPath: (making) => {
    const [, , , , account = '', role = ''] = argumentOf(making, 'principal_arn').split(':');
    return `access-entry/${argumentOf(making, 'cluster_name')}/role/${account}/${role.split('/').pop()}/${uuidOf(making.world.chance, making.seed)}`;
  },
};

const podIdentity: ResourceKind = {
  type: 'eks:podidentityassociation',
  id: (making) => `a-${hexOf(making.world.chance, making.seed, 17)}`,
  required: ['cluster_name', 'namespace', 'service_account', 'role_arn'],
  arnPath: (making, id) => `podidentityassociation/${argumentOf(making, 'cluster_name')}/${id}`,
  attributes: (making) => ({
    clusterName: argumentOf(making, 'cluster_name'),
    namespace: argumentOf(making, 'namespace'),
    serviceAccount: argumentOf(making, 'service_account'),
    roleArn: argumentOf(making, 'role_arn'),
  }),
  computed: (_, id) => ({ association_id: id }),
};

const logGroup: ResourceKind = {
  type: 'logs:log-group',
  id: terraformName,
  arnPath: (_, id) => `log-group:${id}`,
};

const loadBalancer: ResourceKind = {
  type: 'elasticloadbalancing:loadbalancer',
  id: nameOr((making) => `tf-lb-${hexOf(making.world.chance, making.seed, 20)}`),
  waits: true,
  arnPath: (making, id) =>
    `loadbalancer/${argumentOf(making, 'load_balancer_type') === 'network' ? 'net' : 'app'}/${id}/${hexOf(making.world.chance, making.seed, 16)}`,
  attributes: (making) => {
    const subnetIds = texts(making.arguments['subnets']);
    return {
      subnetIds,
      vpcId: vpcOfSubnet(making, subnetIds[0] ?? ''),
      scheme: making.arguments['internal'] === true ? 'internal' : 'internet-facing',
      type: argumentOf(making, 'load_balancer_type') || 'application',
      securityGroups: texts(making.arguments['security_groups']),
    };
  },
};

const targetGroup: ResourceKind = {
  type: 'elasticloadbalancing:targetgroup',
  id: nameOr((making) => `tf-${hexOf(making.world.chance, making.seed, 26)}`),
  arnPath: (making, id) => `targetgroup/${id}/${hexOf(making.world.chance, making.seed, 16)}`,
  attributes: inVpc,
};

const KINDS: Readonly<Record<string, ResourceKind>> = {
  aws_vpc: vpc,
  aws_subnet: subnet,
  aws_internet_gateway: { type: 'ec2:internet-gateway', id: ec2Id('igw'), attributes: inVpc },
  aws_egress_only_internet_gateway: {
    type: 'ec2:egress-only-internet-gateway',
    id: ec2Id('eigw'),
    attributes: inVpc,
  },
  aws_eip: elasticIp,
  aws_nat_gateway: natGateway,
  aws_route_table: { type: 'ec2:route-table', id: ec2Id('rtb'), required: ['vpc_id'], attributes: inVpc },
  aws_network_acl: { type: 'ec2:network-acl', id: ec2Id('acl'), required: ['vpc_id'], attributes: inVpc },
  aws_security_group: {
    type: 'ec2:security-group',
    id: ec2Id('sg'),
    attributes: (making) => ({ ...inVpc(making), groupName: terraformName(making) }),
  },
  aws_vpc_endpoint: { type: 'ec2:vpc-endpoint', id: ec2Id('vpce'), required: ['vpc_id'], attributes: inVpc },
  aws_flow_log: { type: 'ec2:vpc-flow-log', id: ec2Id('fl') },
  aws_launch_template: launchTemplate,
  aws_ebs_volume: {
    type: 'ec2:volume',
    id: ec2Id('vol'),
    attributes: (making) => ({ size: Number(making.arguments['size'] ?? 8) }),
  },
  aws_instance: {
    type: 'ec2:instance',
    id: ec2Id('i'),
    waits: true,
    attributes: (making) => ({
      instanceType: argumentOf(making, 'instance_type'),
      subnetId: argumentOf(making, 'subnet_id'),
      vpcId: vpcOfSubnet(making, argumentOf(making, 'subnet_id')),
    }),
  },
  aws_iam_role: iamRole,
  aws_iam_policy: { type: 'iam:policy', id: terraformName, required: ['policy'] },
  aws_iam_instance_profile: {
    type: 'iam:instance-profile',
    id: terraformName,
    attributes: (making) => ({ roles: [argumentOf(making, 'role')].filter((role) => role !== '') }),
  },
  aws_iam_openid_connect_provider: oidcProvider,
  aws_eks_cluster: cluster,
  aws_eks_node_group: nodegroup,
  aws_eks_addon: addon,
  aws_eks_capability: capability,
  aws_eks_access_entry: accessEntry,
  aws_eks_pod_identity_association: podIdentity,
  aws_eks_fargate_profile: ofCluster('eks:fargateprofile', 'fargate_profile_name', 'fargateProfileName'),
  aws_kms_key: {
    type: 'kms:key',
    id: (making) => uuidOf(making.world.chance, making.seed),
    computed: (_, id) => ({ key_id: id }),
  },
  aws_kms_alias: {
    type: 'kms:alias',
    id: terraformName,
    arnPath: (_, id) => id,
    attributes: (making) => ({ targetKeyId: argumentOf(making, 'target_key_id') }),
  },
  aws_cloudwatch_log_group: logGroup,
  aws_lb: loadBalancer,
  aws_alb: loadBalancer,
  aws_lb_target_group: targetGroup,
  aws_s3_bucket: {
    type: 's3:bucket',
    id: (making) => argumentOf(making, 'bucket') || terraformName(making),
    arnPath: (_, id) => id,
  },
};
