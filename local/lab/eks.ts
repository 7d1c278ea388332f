import { AwsError, type Service, type ServiceAnswer, type ServiceRequest } from '../service';
import { createEks } from '../services/eks';
import { restService } from '../services/rest-service';
import type { AwsResource } from '../world/aws-resources';
import { beginRemoval } from '../world/removal';
import { callerRoleArn, hexOf, textAttribute, uuidOf, type SimulatedAccount } from '../world/simulated-account';
import type { ClusterEndpoint } from '../world/terraform/creation';

type Json = Readonly<Record<string, unknown>>;

export interface LabEksOptions {
  readonly moto: Service;
  /** Where the simulated Kubernetes looks for clusters, node groups and add-ons. */
  readonly world: SimulatedAccount;
  /** Where the simulated Kubernetes serves a cluster. */
  readonly clusterEndpoint: (name: string) => ClusterEndpoint;
}

/**
 * EKS of the lab: moto's, with what moto 5.2 lacks answered from the simulated account. Clusters and node groups are
 * moto's; each is noted in the simulated account as well, so that a cluster has an API server, nodes and pods. Add-ons,
 * Pod Identity associations, access entries and the list of Kubernetes versions moto has not, and of a cluster it
 * forgets how it may be accessed, what it logs and in which VPC it is.
 */
export function labEks({ moto, world, clusterEndpoint }: LabEksOptions): Service {
  const simulated = createEks(world);
  const gaps = restService('EKS', gapRoutes(world));
  return async (request) => {
    const { method, path } = request;
    if (/^\/clusters\/[^/]+\/pod-identity-associations\b/.test(path)) return gaps(request);
    if (method === 'POST' && /^\/clusters\/[^/]+\/addons$/.test(path)) return gaps(request);
    const isGap = /^\/cluster-versions|^\/clusters\/[^/]+\/(addons|access-entries|update-config)\b/.test(path);
    const answer = await (isGap ? simulated : moto)(request);
    if (answer.status !== 200) return answer;
    if (method === 'GET') return completed(world, request, answer);
    return isGap ? answer : noted(world, clusterEndpoint, request, answer);
  };
}

/** Writes into the simulated account what moto has made or begun to remove. */
function noted(
  world: SimulatedAccount,
  clusterEndpoint: LabEksOptions['clusterEndpoint'],
  { method, path, body }: ServiceRequest,
  answer: ServiceAnswer,
): ServiceAnswer {
  const [, cluster, part] = /^\/clusters(?:\/([^/]+))?(?:\/node-groups(?:\/([^/]+))?)?$/.exec(path) ?? [];
  if (method === 'DELETE' && cluster) {
    const gone = part
      ? world.aws.list('eks:nodegroup').find((group) => group.attributes['nodegroupName'] === part)
      : world.aws.find('eks:cluster', cluster);
    if (gone) beginRemoval(world, gone);
  }
  if (method !== 'POST') return answer;
  const asked = jsonOf(body);
  if (path === '/clusters') noteCluster(world, asked, said(answer, 'cluster'), clusterEndpoint);
  else if (cluster && path.endsWith('/node-groups')) noteNodegroup(world, cluster, asked, said(answer, 'nodegroup'));
  return answer;
}

function noteCluster(
  world: SimulatedAccount,
  asked: Json,
  made: Json,
  clusterEndpoint: LabEksOptions['clusterEndpoint'],
): void {
  const name = String(asked['name']);
  const access = (asked['accessConfig'] ?? {}) as Json;
  const network = asked['resourcesVpcConfig'] as Json;
  const isCreatorAdmin = access['bootstrapClusterCreatorAdminPermissions'] !== false;
  put(world, 'eks:cluster', name, String(made['arn']), asked, {
    ...clusterEndpoint(name),
    name,
    version: String(made['version']),
    roleArn: String(asked['roleArn']),
    subnetIds: network['subnetIds'],
    // Which VPC the subnets are in only EC2 knows, and nobody asks the lab's cluster for it.
    vpcId: '',
    securityGroupId: `sg-0${hexOf(world.chance, `${name} security group`, 16)}`,
    oidcIssuer: ((made['identity'] as Json)['oidc'] as Json)['issuer'],
    authenticationMode: access['authenticationMode'] ?? 'CONFIG_MAP',
    accessEntries: isCreatorAdmin ? { [callerRoleArn(world.account)]: ['AmazonEKSClusterAdminPolicy'] } : {},
    asked,
  });
}

function noteNodegroup(world: SimulatedAccount, clusterName: string, asked: Json, made: Json): void {
  const nodegroupName = String(asked['nodegroupName']);
  put(world, 'eks:nodegroup', `${clusterName}:${nodegroupName}`, String(made['nodegroupArn']), asked, {
    ...(asked['scalingConfig'] as Json),
    clusterName,
    nodegroupName,
    instanceTypes: asked['instanceTypes'] ?? ['t3.medium'],
    amiType: asked['amiType'],
    nodeRole: asked['nodeRole'],
    subnetIds: asked['subnets'],
    asked,
  });
}

/** What there is of a cluster, a node group or an add-on, with what it was asked for and the simulated API server. */
function completed(world: SimulatedAccount, { path }: ServiceRequest, answer: ServiceAnswer): ServiceAnswer {
  const [, name, part = 'cluster', id] = /^\/clusters\/([^/]+)(?:\/(node-groups|addons)\/([^/]+))?$/.exec(path) ?? [];
  const [kind, extras] = COMPLETED[part]!;
  const resource = world.aws.find(`eks:${kind}`, id ? `${name}:${id}` : (name ?? ''));
  if (!resource) return answer;
  return { ...answer, body: JSON.stringify({ [kind]: { ...said(answer, kind), ...extras(resource) } }) };
}

const COMPLETED: Readonly<Record<string, readonly [kind: string, extras: (resource: AwsResource) => Json]>> = {
  cluster: ['cluster', clusterExtras],
  // What a launch template says is no property of the group itself; moto makes it up.
  'node-groups': [
    'nodegroup',
    ({ attributes }) => {
      const { launchTemplate, version } = attributes['asked'] as Json;
      return { launchTemplate, version, diskSize: undefined, remoteAccess: undefined };
    },
  ],
  addons: ['addon', ({ attributes }) => ({ configurationValues: attributes['configurationValues'] || undefined })],
};

function clusterExtras({ attributes }: AwsResource): Json {
  const { accessConfig, encryptionConfig, logging, resourcesVpcConfig, upgradePolicy } = attributes['asked'] as Json;
  return {
    accessConfig,
    encryptionConfig,
    logging,
    upgradePolicy,
    resourcesVpcConfig: {
      ...(resourcesVpcConfig as Json),
      clusterSecurityGroupId: attributes['securityGroupId'],
    },
    endpoint: attributes['endpoint'],
    certificateAuthority: { data: attributes['certificateAuthority'] },
  };
}

/** What moto has no routes for and the simulated EKS needs none for: there Terraform makes these by itself. */
function gapRoutes(world: SimulatedAccount): Parameters<typeof restService>[1] {
  const associations = (cluster: string): AwsResource[] =>
    world.aws
      .list('eks:podidentityassociation')
      .filter((association) => textAttribute(association, 'clusterName') === cluster);
  const association = (cluster: string, id: string): AwsResource => {
    const found = associations(cluster).find((candidate) => candidate.id === id);
    if (!found) throw new AwsError('ResourceNotFoundException', `The association ${id} does not exist`, 404);
    return found;
  };
  const one = '/clusters/{name}/pod-identity-associations/{id}';
  return [
    ['POST', '/clusters/{name}/addons', ([name], { body }) => ({ addon: makeAddon(world, name!, jsonOf(body)) })],
    [
      'POST',
      '/clusters/{name}/pod-identity-associations',
      ([name], { body }) => ({ association: described(makeAssociation(world, name!, jsonOf(body))) }),
    ],
    [
      'GET',
      '/clusters/{name}/pod-identity-associations',
      ([name]) => ({ associations: associations(name!).map(described) }),
    ],
    ['GET', one, ([name, id]) => ({ association: described(association(name!, id!)) })],
    [
      'DELETE',
      one,
      ([name, id]) => {
        const found = association(name!, id!);
        world.aws.remove(found.arn, 0);
        return { association: described(found) };
      },
    ],
  ];
}

function makeAddon(world: SimulatedAccount, clusterName: string, asked: Json): Json {
  const addonName = String(asked['addonName']);
  const { account, region, chance } = world;
  const arn = `arn:aws:eks:${region}:${account}:addon/${clusterName}/${addonName}/${uuidOf(chance, `${clusterName} ${addonName}`)}`;
  const addon = put(world, 'eks:addon', `${clusterName}:${addonName}`, arn, asked, {
    clusterName,
    addonName,
    configurationValues: asked['configurationValues'] ?? '',
  });
  return { addonName, clusterName, addonArn: arn, status: 'CREATING', createdAt: seconds(addon), tags: addon.tags };
}

function makeAssociation(world: SimulatedAccount, clusterName: string, asked: Json): AwsResource {
  const id = `a-${hexOf(world.chance, `${clusterName} ${String(asked['namespace'])} ${String(asked['serviceAccount'])}`, 17)}`;
  const arn = `arn:aws:eks:${world.region}:${world.account}:podidentityassociation/${clusterName}/${id}`;
  const { namespace, serviceAccount, roleArn } = asked;
  return put(world, 'eks:podidentityassociation', id, arn, asked, { clusterName, namespace, serviceAccount, roleArn });
}

function described(association: AwsResource): Json {
  const { clusterName, namespace, serviceAccount, roleArn } = association.attributes;
  const createdAt = seconds(association);
  return {
    clusterName,
    namespace,
    serviceAccount,
    roleArn,
    createdAt,
    modifiedAt: createdAt,
    associationId: association.id,
    associationArn: association.arn,
    tags: association.tags,
  };
}

/** Notes a resource that is there at once, as moto's are. */
function put(
  world: SimulatedAccount,
  type: string,
  id: string,
  arn: string,
  asked: Json,
  attributes: Record<string, unknown>,
): AwsResource {
  const now = world.clock.now().toISOString();
  const tags = (asked['tags'] ?? {}) as Record<string, string>;
  const { region } = world;
  return world.aws.put({ arn, type, id, region, tags, madeBy: 'terraform', createdAt: now, activeAt: now, attributes });
}

function said({ body = '' }: ServiceAnswer, name: string): Json {
  return jsonOf(body)[name] as Json;
}

function jsonOf(body: string | Buffer): Json {
  return JSON.parse(body.toString() || '{}') as Json;
}

function seconds({ createdAt }: AwsResource): number {
  return Date.parse(createdAt) / 1000;
}
