import { hexOf, uuidOf } from '../simulated-account';
import { EKS_KINDS } from './eks-kinds';
import { isList, isObject, type ObjectValue } from './hcl/value';
import {
  argumentOf,
  ec2Id,
  inVpc,
  nameOr,
  terraformName,
  texts,
  vpcOfSubnet,
  type Making,
  type ResourceKind,
} from './resource-kind';

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
  ...EKS_KINDS,
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
