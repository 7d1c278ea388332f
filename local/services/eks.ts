import { AwsError } from '../service';
import type { Service, ServiceRequest } from '../service';
import type { AwsResource } from '../world/aws-resources';
import { beginRemoval, obstacleTo } from '../world/removal';
import { hexOf, lifecycleOf, listAttribute, textAttribute, uuidOf } from '../world/simulated-account';
import type { SimulatedAccount } from '../world/simulated-account';
import { accessEntriesOf, accessPolicyName } from '../world/terraform/relations';
import { restService } from './rest-service';

/** Kubernetes versions by the EKS user guide (kubernetes-versions): end of standard and of extended support. */
const EKS_VERSIONS = [
  { version: '1.35', released: '2026-01-28', standardUntil: '2027-03-27', extendedUntil: '2028-03-27' },
  { version: '1.34', released: '2025-10-02', standardUntil: '2026-12-02', extendedUntil: '2027-12-02' },
  { version: '1.33', released: '2025-05-29', standardUntil: '2026-07-29', extendedUntil: '2027-07-29' },
  { version: '1.32', released: '2025-01-23', standardUntil: '2026-03-23', extendedUntil: '2027-03-23' },
];

/** The EKS API over the simulated account. */
export function createEks(world: SimulatedAccount): Service {
  const eks = new Eks(world);
  return restService('EKS', [
    ['GET', '/clusters', (_, { query }) => eks.listClusters(query)],
    ['GET', '/cluster-versions', () => eks.clusterVersions()],
    ['GET', '/clusters/{name}', ([name]) => ({ cluster: eks.describeCluster(name!) })],
    ['DELETE', '/clusters/{name}', ([name]) => ({ cluster: eks.deleteCluster(name!) })],
    ['POST', '/clusters/{name}/update-config', ([name], request) => eks.updateConfig(name!, bodyOf(request))],
    ['GET', '/clusters/{name}/node-groups', ([name]) => ({ nodegroups: eks.names(name!, 'nodegroup') })],
    ['GET', '/clusters/{name}/node-groups/{part}', ([name, part]) => ({ nodegroup: eks.nodegroup(name!, part!) })],
    [
      'DELETE',
      '/clusters/{name}/node-groups/{part}',
      ([name, part]) => ({ nodegroup: eks.remove(name!, 'nodegroup', part!) }),
    ],
    ['GET', '/clusters/{name}/fargate-profiles', () => ({ fargateProfileNames: [] })],
    ['GET', '/clusters/{name}/addons', ([name]) => ({ addons: eks.names(name!, 'addon') })],
    ['GET', '/clusters/{name}/addons/{part}', ([name, part]) => ({ addon: eks.addon(name!, part!) })],
    ['DELETE', '/clusters/{name}/addons/{part}', ([name, part]) => ({ addon: eks.remove(name!, 'addon', part!) })],
    ['GET', '/clusters/{name}/capabilities', ([name]) => ({ capabilities: eks.capabilities(name!) })],
    ['GET', '/clusters/{name}/capabilities/{part}', ([name, part]) => ({ capability: eks.capability(name!, part!) })],
    [
      'DELETE',
      '/clusters/{name}/capabilities/{part}',
      ([name, part]) => ({ capability: eks.remove(name!, 'capability', part!) }),
    ],
    ['GET', '/clusters/{name}/access-entries', ([name]) => ({ accessEntries: eks.accessEntries(name!) })],
    ['POST', '/clusters/{name}/access-entries', ([name], request) => eks.createAccessEntry(name!, bodyOf(request))],
    [
      'POST',
      '/clusters/{name}/access-entries/{principal}/access-policies',
      ([name, principal], request) => eks.associateAccessPolicy(name!, principal!, bodyOf(request)),
    ],
    [
      'GET',
      '/clusters/{name}/access-entries/{principal}/access-policies',
      ([name, principal]) => eks.accessPolicies(name!, principal!),
    ],
  ]);
}

type Part = 'nodegroup' | 'addon' | 'capability';
type Json = Readonly<Record<string, unknown>>;

const PAGE = 100;

class Eks {
  constructor(private readonly world: SimulatedAccount) {}

  listClusters(query: URLSearchParams): Json {
    const names = this.world.aws.list('eks:cluster').map(({ id }) => id);
    const from = Number(query.get('nextToken') ?? 0);
    const to = from + Number(query.get('maxResults') ?? PAGE);
    return { clusters: names.slice(from, to), ...(to < names.length ? { nextToken: String(to) } : {}) };
  }

  clusterVersions(): Json {
    const now = this.world.clock.now().getTime();
    return {
      clusterVersions: EKS_VERSIONS.map(({ version, released, standardUntil, extendedUntil }, index) => ({
        clusterVersion: version,
        clusterType: 'eks',
        defaultVersion: index === 0,
        releaseDate: secondsOf(released),
        endOfStandardSupportDate: secondsOf(standardUntil),
        endOfExtendedSupportDate: secondsOf(extendedUntil),
        versionStatus: Date.parse(standardUntil) > now ? 'STANDARD_SUPPORT' : 'EXTENDED_SUPPORT',
      })),
    };
  }

  describeCluster(name: string): Json {
    const cluster = this.cluster(name);
    const status = this.statusOf(cluster);
    return {
      name: cluster.id,
      arn: cluster.arn,
      createdAt: secondsOf(cluster.createdAt),
      version: textAttribute(cluster, 'version'),
      roleArn: textAttribute(cluster, 'roleArn'),
      status: status === 'CREATE_FAILED' ? 'FAILED' : status,
      // The API server has no address before it is there.
      ...(status === 'CREATING'
        ? {}
        : {
            endpoint: textAttribute(cluster, 'endpoint'),
            certificateAuthority: { data: textAttribute(cluster, 'certificateAuthority') },
            identity: { oidc: { issuer: textAttribute(cluster, 'oidcIssuer') } },
          }),
      resourcesVpcConfig: {
        vpcId: textAttribute(cluster, 'vpcId'),
        subnetIds: listAttribute(cluster, 'subnetIds'),
        clusterSecurityGroupId: textAttribute(cluster, 'securityGroupId'),
      },
      accessConfig: { authenticationMode: textAttribute(cluster, 'authenticationMode') },
      deletionProtection: cluster.attributes['deletionProtection'] === true,
      health: { issues: cluster.attributes['issues'] ?? [] },
      platformVersion: 'eks.1',
      tags: cluster.tags,
    };
  }

  nodegroup(clusterName: string, name: string): Json {
    const group = this.part(clusterName, 'nodegroup', name);
    return {
      nodegroupName: name,
      nodegroupArn: group.arn,
      clusterName,
      version: textAttribute(this.cluster(clusterName), 'version'),
      createdAt: secondsOf(group.createdAt),
      modifiedAt: this.modifiedAt(group),
      status: this.statusOf(group),
      scalingConfig: {
        minSize: group.attributes['minSize'],
        maxSize: group.attributes['maxSize'],
        desiredSize: group.attributes['desiredSize'],
      },
      instanceTypes: group.attributes['instanceTypes'],
      amiType: group.attributes['amiType'],
      subnets: group.attributes['subnetIds'],
      nodeRole: group.attributes['nodeRole'],
      health: { issues: this.issuesOf(group) },
      tags: group.tags,
    };
  }

  addon(clusterName: string, name: string): Json {
    const addon = this.part(clusterName, 'addon', name);
    return {
      addonName: name,
      addonArn: addon.arn,
      clusterName,
      createdAt: secondsOf(addon.createdAt),
      modifiedAt: this.modifiedAt(addon),
      status: this.statusOf(addon),
      health: { issues: this.issuesOf(addon) },
      tags: addon.tags,
    };
  }

  capability(clusterName: string, name: string): Json {
    const capability = this.part(clusterName, 'capability', name);
    const namespace = textAttribute(capability, 'namespace');
    return {
      capabilityName: name,
      arn: capability.arn,
      clusterName,
      type: textAttribute(capability, 'capabilityType'),
      roleArn: textAttribute(capability, 'roleArn'),
      status: this.statusOf(capability),
      createdAt: secondsOf(capability.createdAt),
      modifiedAt: this.modifiedAt(capability),
      deletePropagationPolicy: 'RETAIN',
      configuration: namespace === '' ? {} : { argoCd: { namespace } },
      health: { issues: capability.attributes['issues'] ?? [] },
      tags: capability.tags,
    };
  }

  /** The list says the same as the description, but for configuration, role and health. */
  capabilities(clusterName: string): readonly Json[] {
    return this.names(clusterName, 'capability').map((name) => {
      const { configuration: _c, health: _h, roleArn: _r, ...summary } = this.capability(clusterName, name);
      return summary;
    });
  }

  names(clusterName: string, kind: Part): readonly string[] {
    this.cluster(clusterName);
    return this.parts(clusterName, kind).map((part) => textAttribute(part, `${kind}Name`));
  }

  remove(clusterName: string, kind: Part, name: string): Json {
    this.delete(this.part(clusterName, kind, name));
    return this[kind](clusterName, name);
  }

  deleteCluster(name: string): Json {
    this.delete(this.cluster(name));
    return this.describeCluster(name);
  }

  updateConfig(name: string, { deletionProtection }: Json): Json {
    const cluster = this.cluster(name);
    if (typeof deletionProtection !== 'boolean') {
      throw new AwsError(
        'InvalidParameterException',
        'The local EKS changes the deletion protection of a cluster only.',
      );
    }
    cluster.attributes['deletionProtection'] = deletionProtection;
    this.world.aws.changed();
    return {
      update: {
        id: uuidOf(this.world.chance, `update ${name}`),
        status: 'Successful',
        type: 'DeletionProtectionUpdate',
      },
    };
  }

  accessEntries(name: string): readonly string[] {
    return Object.keys(accessEntriesOf(this.cluster(name)));
  }

  createAccessEntry(name: string, { principalArn }: Json): Json {
    const cluster = this.cluster(name);
    const principal = String(principalArn);
    if (textAttribute(cluster, 'authenticationMode') === 'CONFIG_MAP') {
      throw new AwsError(
        'InvalidRequestException',
        "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
      );
    }
    if (!/^arn:aws:iam::\d{12}:(?:role|user)\//.test(principal)) {
      throw new AwsError('InvalidParameterException', 'The specified principalArn is invalid: invalid principal.');
    }
    const entries = accessEntriesOf(cluster);
    if (entries[principal]) {
      throw new AwsError(
        'ResourceInUseException',
        'The specified access entry resource is already in use on this cluster.',
        409,
      );
    }
    entries[principal] = [];
    this.world.aws.changed();
    return {
      accessEntry: { clusterName: name, principalArn: principal, accessEntryArn: this.entryArn(name, principal) },
    };
  }

  associateAccessPolicy(name: string, principal: string, { policyArn, accessScope }: Json): Json {
    const policies = this.policiesOf(name, principal);
    const policy = accessPolicyName(String(policyArn));
    if (!policies.includes(policy)) policies.push(policy);
    this.world.aws.changed();
    return { clusterName: name, principalArn: principal, associatedAccessPolicy: { policyArn, accessScope } };
  }

  accessPolicies(name: string, principal: string): Json {
    const policies = this.policiesOf(name, principal).map((policy) => ({
      policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
      accessScope: { type: 'cluster', namespaces: [] },
    }));
    return { clusterName: name, principalArn: principal, associatedAccessPolicies: policies };
  }

  private policiesOf(name: string, principal: string): string[] {
    const policies = accessEntriesOf(this.cluster(name))[principal];
    if (!policies) {
      throw notFound(
        "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
      );
    }
    return policies;
  }

  private entryArn(name: string, principal: string): string {
    const { account, region, chance } = this.world;
    const role = principal.split('/').pop() ?? '';
    return `arn:aws:eks:${region}:${account}:access-entry/${name}/role/${account}/${role}/${uuidOf(chance, `${name} ${principal}`)}`;
  }

  private cluster(name: string): AwsResource {
    const cluster = this.world.aws.find('eks:cluster', name);
    if (!cluster) throw notFound(`No cluster found for name: ${name}.`);
    return cluster;
  }

  private parts(clusterName: string, kind: Part): readonly AwsResource[] {
    return this.world.aws.list(`eks:${kind}`).filter((part) => textAttribute(part, 'clusterName') === clusterName);
  }

  private part(clusterName: string, kind: Part, name: string): AwsResource {
    this.cluster(clusterName);
    const found = this.parts(clusterName, kind).find((part) => textAttribute(part, `${kind}Name`) === name);
    if (!found) {
      throw notFound(
        kind === 'nodegroup'
          ? `No node group found for name: ${name}.`
          : `No ${kind}: ${name} found in cluster: ${clusterName}`,
      );
    }
    return found;
  }

  private delete(resource: AwsResource): void {
    const obstacle = obstacleTo(this.world, resource);
    if (obstacle) throw new AwsError(obstacle.code, obstacle.message, 409);
    if (!resource.goneAt) beginRemoval(this.world, resource);
  }

  private statusOf(resource: AwsResource): string {
    return lifecycleOf(resource, this.world.clock.now());
  }

  private modifiedAt(resource: AwsResource): number {
    const now = this.world.clock.now().getTime();
    return secondsOf(Date.parse(resource.activeAt) <= now ? resource.activeAt : resource.createdAt);
  }

  private issuesOf(resource: AwsResource): readonly Json[] {
    if (this.statusOf(resource) !== 'CREATE_FAILED') return (resource.attributes['issues'] ?? []) as Json[];
    const id = `i-0${hexOf(this.world.chance, resource.arn, 16)}`;
    return [
      { code: 'NodeCreationFailure', message: 'Instances failed to join the kubernetes cluster', resourceIds: [id] },
    ];
  }
}

function bodyOf(request: ServiceRequest): Json {
  return JSON.parse(request.body.toString() || '{}') as Json;
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404);
}

function secondsOf(instant: string): number {
  return Date.parse(instant) / 1000;
}
