import { awsClients } from '../../adapters/aws-clients';
import { AwsEks } from '../../adapters/aws-eks';
import { AwsInventory } from '../../adapters/aws-inventory';
import { Chance } from '../../local/chance';
import { createEndpoint, type Endpoint } from '../../local/endpoint';
import { infrastructureServices } from '../../local/services/infrastructure';
import { AwsResources } from '../../local/world/aws-resources';
import type { SimulatedAccount } from '../../local/world/simulated-account';
import { WorldState } from '../../local/world/world-state';
import { bystanderResources, leftoverResources } from '../support/leftovers';
import { describeEksContract } from './eks';
import { describeInventoryContract } from './inventory';

/** The simulated account behind the local endpoint, seen through the adapters and SDK clients that AWS sees. */
const account = '000000000000';
let endpoint: Endpoint | undefined;

afterEach(async () => {
  delete process.env['AWS_ENDPOINT_URL'];
  await endpoint?.close();
});

async function simulatedAccount(): Promise<{ aws: AwsResources; advance(minutes: number): void }> {
  let now = Date.parse('2026-10-05T08:30:00.000Z');
  const clock = { now: () => new Date(now), sleep: async () => {} };
  const aws = new AwsResources(new WorldState(), clock);
  const world: SimulatedAccount = { clock, chance: new Chance(7), aws, account, region: 'eu-central-1' };
  endpoint = await createEndpoint({ services: infrastructureServices(world) });
  process.env['AWS_ENDPOINT_URL'] = endpoint.url;
  return { aws, advance: (minutes) => void (now += minutes * 60_000) };
}

describeInventoryContract('the simulated account', async () => {
  const { aws, advance } = await simulatedAccount();
  for (const resource of [...leftoverResources(), ...bystanderResources()]) aws.put(resource);
  const bystanders = bystanderResources().filter(({ goneAt }) => goneAt === undefined);
  return {
    inventory: new AwsInventory(awsClients()),
    scope: {
      drillId: 'example-1-a1b2c3',
      clusterName: 'drill-a1b2c3',
      since: '2026-10-05T06:00:00.000Z',
      vpcId: 'vpc-1',
      volumeIds: ['vol-claim', 'vol-gone'],
    },
    account,
    leftovers: leftoverResources().map(({ arn }) => arn),
    missingBystanders: async () =>
      bystanders.filter(({ arn }) => aws.get(arn) === undefined || aws.get(arn)?.goneAt).map(({ arn }) => arn),
    settle: async () => advance(15),
  };
});

describeEksContract('the simulated EKS', async () => {
  const { aws } = await simulatedAccount();
  for (const resource of leftoverResources().filter(({ type }) => type.startsWith('eks:'))) aws.put(resource);
  const cluster = aws.find('eks:cluster', 'drill-a1b2c3')!;
  Object.assign(cluster.attributes, { endpoint: 'https://127.0.0.1:1', certificateAuthority: 'Q0E=' });
  aws.put({
    ...cluster,
    arn: cluster.arn.replace(':cluster/drill-a1b2c3', ':addon/drill-a1b2c3/coredns/1'),
    type: 'eks:addon',
    id: 'drill-a1b2c3/coredns/1',
    attributes: { clusterName: 'drill-a1b2c3', addonName: 'coredns' },
  });
  aws.put({
    ...cluster,
    arn: cluster.arn.replace(':cluster/drill-a1b2c3', ':capability/drill-a1b2c3/argocd/1'),
    type: 'eks:capability',
    id: 'drill-a1b2c3/argocd/1',
    attributes: {
      clusterName: 'drill-a1b2c3',
      capabilityName: 'argocd',
      capabilityType: 'ARGOCD',
      roleArn: 'arn:aws:iam::000000000000:role/drill-a1b2c3-argocd',
      namespace: 'argocd',
    },
  });
  return {
    eks: new AwsEks(awsClients().eks),
    cluster: 'drill-a1b2c3',
    nodegroup: 'default',
    addon: 'coredns',
    argocd: 'argocd',
    vpcId: 'vpc-1',
  };
});
