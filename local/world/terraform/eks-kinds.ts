import { hexOf, uuidOf } from '../simulated-account';
import { textOf } from './hcl/value';
import { argumentOf, blockOf, texts, vpcOfSubnet, type Making, type ResourceKind } from './resource-kind';

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

/** What Terraform's types of EKS make. */
export const EKS_KINDS: Readonly<Record<string, ResourceKind>> = {
  aws_eks_cluster: cluster,
  aws_eks_node_group: nodegroup,
  aws_eks_addon: addon,
  aws_eks_capability: capability,
  aws_eks_access_entry: accessEntry,
  aws_eks_pod_identity_association: podIdentity,
  aws_eks_fargate_profile: ofCluster('eks:fargateprofile', 'fargate_profile_name', 'fargateProfileName'),
};
