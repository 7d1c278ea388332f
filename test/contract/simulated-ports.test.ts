import { Account, type Resource } from '../../local/simulation/account';
import { Clusters } from '../../local/simulation/clusters';
import { DirectBuilds } from '../../local/simulation/direct-builds';
import { DirectExecutions } from '../../local/simulation/direct-executions';
import { MemoryEks } from '../../local/simulation/memory-eks';
import { MemoryInventory } from '../../local/simulation/memory-inventory';
import { kubernetesApi, MemoryKubernetes } from '../../local/simulation/memory-kubernetes';
import { MemoryMailer } from '../../local/simulation/memory-mailer';
import { MemoryObjectStore } from '../../local/simulation/memory-object-store';
import { RESOURCE } from '../../domain/health/resource-types';
import { KubernetesUnavailableError } from '../../domain/ports/kubernetes';
import { DRILL_TAG } from '../support/leftovers';
import { describeBuildsContract } from './builds';
import { describeEksContract } from './eks';
import { describeExecutionsContract } from './executions';
import { describeInventoryContract } from './inventory';
import { describeKubernetesContract } from './kubernetes';
import { describeMailerContract } from './mailer';
import { describeObjectStoreContract } from './object-store';
import { echoAndAsk, heldBuilds, newClock, PLACE } from './simulated-services';

/** The ports in memory that simulated drills run over, held to what the adapters of AWS are held to. */
const CLUSTER = 'drill-a1b2c3';

describeObjectStoreContract('an object store in memory', async () => new MemoryObjectStore());

describeMailerContract('a mailer in memory', async () => {
  const mailer = new MemoryMailer();
  mailer.refused.add('new@example.com');
  return { mailer, unverifiedSender: 'new@example.com', accepted: async () => mailer.mails };
});

describeExecutionsContract('executions called directly', async () => {
  const { stepFunctions, ...machines } = echoAndAsk();
  return { executions: new DirectExecutions(() => stepFunctions), ...machines };
});

describeBuildsContract('builds called directly', async () => {
  const { codeBuild, ends } = heldBuilds();
  return {
    builds: new DirectBuilds(() => codeBuild),
    async start(ProjectName, drillId) {
      const before = ends.size;
      void codeBuild.runBuild(
        { ProjectName, EnvironmentVariablesOverride: [{ Name: 'DRILL_ID', Value: drillId }] },
        new AbortController().signal,
      );
      while (ends.size === before) await new Promise((resolve) => setTimeout(resolve, 2));
      const id = [...ends.keys()].at(-1)!;
      return { id, end: (succeeded) => ends.get(id)!(succeeded) };
    },
  };
});

function refused(kind: 'unauthorized' | 'unreachable') {
  return () => new KubernetesUnavailableError(kind, kind);
}

function accountWith(...resources: readonly Partial<Resource>[]) {
  let now = Date.parse('2026-10-05T08:30:00.000Z');
  const clock = { ...newClock(), now: () => new Date(now) };
  const account = new Account(clock, PLACE.account, PLACE.region);
  for (const resource of resources) {
    const { type = '', id = '' } = resource;
    account.create(
      { arn: account.arnOf(type, id), type, id, tags: {}, owner: 'a drill', uses: [], ...resource },
      'a drill',
    );
  }
  return { account, clock, settle: async () => void (now += 900_000) };
}

describeInventoryContract('an inventory in memory', async () => {
  const inVpc = { vpcId: 'vpc-1' };
  const subnet = 'arn:aws:ec2:eu-central-1:000000000000:subnet/subnet-1';
  const leftovers: readonly Partial<Resource>[] = [
    { type: 'eks:cluster', id: CLUSTER, uses: [subnet], ...inVpc },
    { type: 'eks:nodegroup', id: `${CLUSTER}/default/1`, uses: [subnet] },
    { type: 'ec2:subnet', id: 'subnet-1', ...inVpc },
    { type: 'ec2:vpc', id: 'vpc-1', tags: DRILL_TAG, ...inVpc },
    { type: 'ec2:volume', id: 'vol-claim' },
    { type: 'elasticloadbalancing:loadbalancer', id: 'net/a/1', tags: { 'elbv2.k8s.aws/cluster': CLUSTER } },
    { type: 'logs:log-group', id: `/aws/eks/${CLUSTER}/cluster` },
  ];
  const bystanders: readonly Partial<Resource>[] = [
    { type: 'ec2:vpc', id: 'vpc-2', tags: { 'cluster-drill': 'example-2-d4e5f6' } },
    { type: 'ec2:subnet', id: 'subnet-2', tags: { [`kubernetes.io/cluster/${CLUSTER}`]: 'shared' } },
    { type: 'ec2:volume', id: 'vol-of-another' },
  ];
  const { account, settle } = accountWith(...leftovers, ...bystanders);
  const arns = (some: readonly Partial<Resource>[]): string[] => some.map(({ type, id }) => account.arnOf(type!, id!));
  return {
    inventory: new MemoryInventory(account, 'a drill'),
    scope: { drillId: 'example-1-a1b2c3', clusterName: CLUSTER, vpcId: 'vpc-1', volumeIds: ['vol-claim', 'vol-gone'] },
    account: PLACE.account,
    leftovers: arns(leftovers),
    missingBystanders: async () => arns(bystanders).filter((arn) => account.get(arn) === undefined),
    settle,
  };
});

describeEksContract('EKS in memory', async () => {
  const { account, clock } = accountWith(
    { type: 'eks:cluster', id: CLUSTER, vpcId: 'vpc-1' },
    { type: 'eks:nodegroup', id: `${CLUSTER}/default/1`, size: '3' },
    { type: 'eks:addon', id: `${CLUSTER}/coredns/1` },
  );
  const eks = new MemoryEks(account, new Clusters(account, clock), () => clock.now().getTime());
  return { eks, cluster: CLUSTER, nodegroup: 'default', addon: 'coredns', vpcId: 'vpc-1' };
});

describeKubernetesContract('a Kubernetes API in memory', async () => {
  const store = new MemoryKubernetes(newClock());
  const configMaps = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
  store.serve(RESOURCE.namespace, configMaps, RESOURCE.deployment);
  return {
    api: kubernetesApi(store, () => undefined),
    stranger: kubernetesApi(store, refused('unauthorized')),
    unreachable: kubernetesApi(store, refused('unreachable')),
  };
});
