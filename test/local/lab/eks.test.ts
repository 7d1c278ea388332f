import { Chance } from '../../../local/chance';
import { labEks } from '../../../local/lab/eks';
import { wallClock } from '../../../local/lab/wall-clock';
import type { Service, ServiceAnswer } from '../../../local/service';
import { AwsResources } from '../../../local/world/aws-resources';
import { WorldState } from '../../../local/world/world-state';

const CLUSTER = {
  name: 'drill-a1b2c3',
  roleArn: 'arn:aws:iam::000000000000:role/drill-a1b2c3-cluster',
  version: '1.35',
  accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
  resourcesVpcConfig: { subnetIds: ['subnet-1'] },
  logging: { clusterLogging: [{ types: ['audit'], enabled: true }] },
};
const GROUP = {
  nodegroupName: 'default',
  nodeRole: 'arn:aws:iam::000000000000:role/drill-a1b2c3-nodes',
  subnets: ['subnet-1'],
  scalingConfig: { minSize: 3, maxSize: 4, desiredSize: 3 },
  launchTemplate: { id: 'lt-1', version: '1' },
};
const ARN = 'arn:aws:eks:eu-central-1:000000000000';

/** As moto answers: it knows clusters and node groups, forgets what it was asked for, and adds what nobody asked. */
const moto: Service = async ({ method, path }) => {
  if (method === 'DELETE' || /clusters$|clusters\/[^/]+$/.test(path)) {
    const cluster = { name: CLUSTER.name, arn: `${ARN}:cluster/${CLUSTER.name}`, version: '1.35', status: 'ACTIVE' };
    return json({
      cluster: { ...cluster, endpoint: 'https://made.up', identity: { oidc: { issuer: 'https://oidc' } } },
    });
  }
  const group = { nodegroupName: 'default', nodegroupArn: `${ARN}:nodegroup/1`, status: 'ACTIVE', diskSize: 20 };
  return /node-groups/.test(path) ? json({ nodegroup: group }) : { status: 404, body: '<html>' };
};

function json(body: unknown): ServiceAnswer {
  return { status: 200, body: JSON.stringify(body) };
}

/** An answer's body, as a test looks into it. */
type Body = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function clusterEndpoint(name: string): { endpoint: string; certificateAuthority: string } {
  return { endpoint: `https://here/${name}`, certificateAuthority: 'Q0E=' };
}

function lab(): { aws: AwsResources; ask: (method: string, path: string, body?: unknown) => Promise<[number, Body]> } {
  const aws = new AwsResources(new WorldState(), wallClock);
  const world = { clock: wallClock, chance: new Chance(1), aws, account: '000000000000', region: 'eu-central-1' };
  const eks = labEks({ moto, world, clusterEndpoint });
  return {
    aws,
    ask: async (method, path, body) => {
      const request = {
        method,
        path,
        query: new URLSearchParams(),
        headers: {},
        body: Buffer.from(JSON.stringify(body ?? {})),
      };
      const answer = await eks(request);
      return [answer.status, JSON.parse(String(answer.body)) as Body];
    },
  };
}

test('a cluster of moto has the simulated API server, and is described as it was asked for', async () => {
  const { aws, ask } = lab();
  await ask('POST', '/clusters', CLUSTER);
  const [, { cluster }] = await ask('GET', `/clusters/${CLUSTER.name}`);
  expect(cluster).toMatchObject({
    status: 'ACTIVE',
    endpoint: 'https://here/drill-a1b2c3',
    certificateAuthority: { data: 'Q0E=' },
    accessConfig: CLUSTER.accessConfig,
    logging: CLUSTER.logging,
  });
  expect(aws.find('eks:cluster', CLUSTER.name)?.attributes).toMatchObject({ endpoint: 'https://here/drill-a1b2c3' });
});

test('a node group of moto gives the simulated cluster nodes, and keeps its launch template', async () => {
  const { aws, ask } = lab();
  await ask('POST', '/clusters', CLUSTER);
  await ask('POST', `/clusters/${CLUSTER.name}/node-groups`, GROUP);
  expect(aws.list('eks:nodegroup')[0]?.attributes).toMatchObject({ clusterName: CLUSTER.name, desiredSize: 3 });
  const [, { nodegroup }] = await ask('GET', `/clusters/${CLUSTER.name}/node-groups/default`);
  expect(nodegroup?.['launchTemplate']).toEqual(GROUP.launchTemplate);
  expect(nodegroup).not.toHaveProperty('diskSize');
});

test('add-ons and Pod Identity associations, which moto has not, are made, described and removed here', async () => {
  const { ask } = lab();
  await ask('POST', '/clusters', CLUSTER);
  const below = `/clusters/${CLUSTER.name}`;
  await ask('POST', `${below}/addons`, { addonName: 'coredns', configurationValues: '{}' });
  expect(await ask('GET', `${below}/addons/coredns`)).toMatchObject([
    200,
    { addon: { addonName: 'coredns', status: 'ACTIVE', configurationValues: '{}' } },
  ]);
  const asked = { namespace: 'kube-system', serviceAccount: 'ebs', roleArn: CLUSTER.roleArn };
  const [, { association }] = await ask('POST', `${below}/pod-identity-associations`, asked);
  expect(association).toMatchObject({ ...asked, clusterName: CLUSTER.name });
  const one = `${below}/pod-identity-associations/${String(association?.['associationId'])}`;
  expect((await ask('GET', one))[0]).toBe(200);
  await ask('DELETE', one);
  expect((await ask('GET', one))[0]).toBe(404);
});

test('what moto deletes is gone from the simulated account as well', async () => {
  const { aws, ask } = lab();
  await ask('POST', '/clusters', CLUSTER);
  await ask('DELETE', `/clusters/${CLUSTER.name}`);
  expect(aws.find('eks:cluster', CLUSTER.name)?.goneAt).toBeDefined();
});
