import { EKSClient } from '@aws-sdk/client-eks';
import { eksToken } from '../../adapters/eks-token';
import { KubernetesClient } from '../../adapters/kubernetes-client';
import { Chance } from '../../local/chance';
import { AwsResources } from '../../local/world/aws-resources';
import type { Repositories } from '../../local/world/kubernetes/gitops/repositories';
import { KubernetesWorld } from '../../local/world/kubernetes/kubernetes-world';
import { WorldState } from '../../local/world/world-state';
import { leftoverResources } from '../support/leftovers';
import { describeKubernetesContract } from './kubernetes';

/** The simulated API server over HTTPS, seen through the client that a real one sees. */
const CLUSTER = 'drill-a1b2c3';
const clock = { now: () => new Date('2026-10-05T07:00:00.000Z'), sleep: async () => {} };
const noRepositories: Repositories = () => ({ missing: 'repository', error: 'there are no repositories here' });
let world: KubernetesWorld;

beforeEach(async () => {
  const state = new WorldState();
  const aws = new AwsResources(state, clock);
  for (const resource of leftoverResources().filter(({ type }) => type === 'eks:cluster')) aws.put(resource);
  world = new KubernetesWorld({ clock, state, aws, chance: new Chance(7), faults: [], repositories: noRepositories });
  await world.listen();
});

afterEach(async () => {
  await world.close();
});

describeKubernetesContract('the simulated API server', async () => {
  const eks = new EKSClient();
  const token = (): Promise<string> => eksToken(eks, CLUSTER, clock.now());
  return {
    api: new KubernetesClient({ ...world.clusterEndpoint(CLUSTER), token }),
    stranger: new KubernetesClient({ ...world.clusterEndpoint(CLUSTER), token: async () => 'nobody' }),
    unreachable: new KubernetesClient({ ...world.clusterEndpoint('drill-000000'), token }),
  };
});
