import type { Fault } from '../../../../local/scenarios';
import type { Manifest } from '../../../../local/world/kubernetes/manifest';
import { conditionIn, recorded, shapeOf, type Condition } from './shape';
import { WorldUnderTest } from './world-under-test';

const template = (name: string, more: object = {}): object => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: 'app', image: 'example.com/app:1' }], ...more },
});

function workload(kind: string, name: string, spec: object = {}, pod: object = {}): unknown {
  return {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, namespace: 'default' },
    spec: { selector: { matchLabels: { app: name } }, template: template(name, pod), ...spec },
  };
}

const PATHS: Readonly<Record<string, string>> = {
  Deployment: '/apis/apps/v1/namespaces/default/deployments',
  StatefulSet: '/apis/apps/v1/namespaces/default/statefulsets',
  DaemonSet: '/apis/apps/v1/namespaces/default/daemonsets',
  Job: '/apis/batch/v1/namespaces/default/jobs',
};
const PODS = '/api/v1/namespaces/default/pods';

async function withWorkload(
  kind: string,
  name: string,
  spec: object = {},
  faults: readonly Fault[] = [],
  pod: object = {},
): Promise<WorldUnderTest> {
  const world = new WorldUnderTest(undefined, faults);
  await world.apply(`${PATHS[kind]}/${name}`, workload(kind, name, spec, pod));
  return world;
}

const conditions = (object: Manifest): string[] =>
  ((object.status?.['conditions'] ?? []) as Condition[]).map(
    ({ type, status, reason }) => `${type}=${status}(${reason})`,
  );

test('a Deployment begins without an observed generation, progresses, and is available', async () => {
  const world = await withWorkload('Deployment', 'web', { replicas: 3 });
  const path = `${PATHS['Deployment']}/web`;
  expect((await world.get(path)).status).toEqual({});
  await world.clock.sleep(200);
  const first = await world.get(path);
  expect([conditions(first), first.status?.['observedGeneration']]).toEqual([
    ['Progressing=True(NewReplicaSetCreated)'],
    undefined,
  ]);
  await world.clock.sleep(2000);
  const progressing = await world.get(path);
  expect(shapeOf(progressing.status)).toEqual(shapeOf(recorded<Manifest>('kubernetes/deployment-progressing').status));
  expect(conditions(progressing)).toEqual([
    'Available=False(MinimumReplicasUnavailable)',
    'Progressing=True(ReplicaSetUpdated)',
  ]);
  await world.minutes(10);
  const healthy = await world.get(path);
  expect(shapeOf(healthy.status)).toEqual(shapeOf(recorded<Manifest>('kubernetes/deployment-healthy').status));
  expect(conditions(healthy)).toEqual([
    'Available=True(MinimumReplicasAvailable)',
    'Progressing=True(NewReplicaSetAvailable)',
  ]);
});

test('Progressing keeps its transition time through a rollout, only its update time moves', async () => {
  const world = await withWorkload('Deployment', 'web');
  const path = `${PATHS['Deployment']}/web`;
  await world.minutes(10);
  const before = conditionIn(await world.get(path), 'Progressing');
  await world.patch(path, { spec: { template: { metadata: { annotations: { restarted: 'yes' } } } } });
  const behind = await world.get(path);
  expect([behind.metadata.generation, behind.status?.['observedGeneration'], conditions(behind)[0]]).toEqual([
    2,
    1,
    'Available=True(MinimumReplicasAvailable)',
  ]);
  await world.minutes(10);
  const after = conditionIn(await world.get(path), 'Progressing');
  expect(after?.lastTransitionTime).toBe(before?.lastTransitionTime);
  expect(after?.lastUpdateTime).not.toBe(before?.lastUpdateTime);
  expect((await world.items(PODS)).length).toBe(1);
});

test('a crashing Deployment exceeds its progress deadline ten minutes after its start', async () => {
  const world = await withWorkload('Deployment', 'web', {}, [{ kind: 'component-crashes', component: 'web' }]);
  await world.minutes(9.9);
  expect(conditions(await world.get(`${PATHS['Deployment']}/web`))).toContain('Progressing=True(ReplicaSetUpdated)');
  await world.minutes(0.2);
  const stuck = await world.get(`${PATHS['Deployment']}/web`);
  expect(shapeOf(stuck.status)).toEqual(shapeOf(recorded<Manifest>('kubernetes/deployment-crashloop').status));
  expect(conditions(stuck)).toContain('Progressing=False(ProgressDeadlineExceeded)');
  const [pod] = await world.items(PODS);
  expect(shapeOf(pod?.status)).toEqual(
    expect.arrayContaining([
      '.containerStatuses[].lastState.terminated.exitCode',
      '.containerStatuses[].state.waiting.reason',
    ]),
  );
  expect(pod?.status?.['phase']).toBe('Running');
  expect((await world.call('GET', `${PODS}/${pod?.metadata.name}/log`)).text).toContain('exit status 1');
});

test('a StatefulSet makes its pods one after the other', async () => {
  const world = await withWorkload('StatefulSet', 'db', { replicas: 2 });
  expect((await world.get(`${PATHS['StatefulSet']}/db`)).status).toEqual(
    recorded<Manifest>('kubernetes/statefulset-just-created').status,
  );
  await world.minutes(1);
  expect((await world.items(PODS)).map((pod) => pod.metadata.name)).toEqual(['db-0']);
  await world.minutes(20);
  expect((await world.items(PODS)).map((pod) => pod.metadata.name)).toEqual(['db-0', 'db-1']);
  expect(shapeOf((await world.get(`${PATHS['StatefulSet']}/db`)).status)).toEqual(
    shapeOf(recorded<Manifest>('kubernetes/statefulset-healthy').status),
  );
});

test('a DaemonSet wants nothing before its controller saw it, then a pod on every node', async () => {
  const world = await withWorkload('DaemonSet', 'agent');
  const path = `${PATHS['DaemonSet']}/agent`;
  expect((await world.get(path)).status).toEqual(
    recorded<Manifest>('kubernetes/daemonset-just-created-all-zero').status,
  );
  await world.minutes(10);
  const healthy = await world.get(path);
  expect(shapeOf(healthy.status)).toEqual(shapeOf(recorded<Manifest>('kubernetes/daemonset-healthy').status));
  expect(healthy.status).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3 });
});

test('a DaemonSet for nodes that do not exist wants no pods for ever', async () => {
  const world = await withWorkload('DaemonSet', 'gpu', {}, [], { nodeSelector: { 'example.com/gpu': 'yes' } });
  await world.minutes(10);
  expect((await world.get(`${PATHS['DaemonSet']}/gpu`)).status).toEqual(
    recorded<Manifest>('kubernetes/daemonset-zero-desired').status,
  );
});

test('a Job completes with SuccessCriteriaMet before Complete', async () => {
  const world = await withWorkload('Job', 'migrate', { selector: undefined });
  await world.minutes(10);
  const job = await world.get(`${PATHS['Job']}/migrate`);
  expect(shapeOf(job.status)).toEqual(shapeOf(recorded<Manifest>('kubernetes/job-complete').status));
});

test('a Job that crashes gives up after its back-offs', async () => {
  const world = await withWorkload('Job', 'migrate', { selector: undefined, backoffLimit: 1 }, [
    { kind: 'component-crashes', component: 'migrate' },
  ]);
  await world.minutes(10);
  const job = await world.get(`${PATHS['Job']}/migrate`);
  expect(shapeOf(job.status)).toEqual(shapeOf(recorded<Manifest>('kubernetes/job-failed-backoff-limit').status));
});

test('nodes are ready a little after their group is active, and add-ons run on them', async () => {
  const world = new WorldUnderTest();
  const nodes = await world.items('/api/v1/nodes');
  expect(
    nodes.map(
      (node) =>
        ((node.status?.['conditions'] ?? []) as { type: string; status: string }[]).find(({ type }) => type === 'Ready')
          ?.status,
    ),
  ).toEqual(['True', 'True', 'True']);
  const agents = await world.items('/apis/apps/v1/namespaces/kube-system/daemonsets');
  expect(
    agents.map(({ metadata, status }) => [metadata.name, status?.['desiredNumberScheduled'], status?.['numberReady']]),
  ).toEqual([
    ['aws-node', 3, 3],
    ['ebs-csi-node', 3, 3],
    ['ebs-csi-node-windows', 0, 0],
    ['kube-proxy', 3, 3],
  ]);
  const dns = await world.get('/apis/apps/v1/namespaces/kube-system/deployments/coredns');
  expect(dns.status).toMatchObject({ readyReplicas: 2 });
});

test('pods wait for nodes that are not there yet', async () => {
  const world = new WorldUnderTest();
  const group = world.aws.find('eks:nodegroup', 'default')!;
  group.activeAt = '2026-10-05T04:10:00Z';
  await world.apply(`${PATHS['Deployment']}/web`, workload('Deployment', 'web'));
  await world.minutes(1);
  const [pending] = await world.items(PODS);
  expect(pending?.status).toMatchObject({
    phase: 'Pending',
    conditions: [{ reason: 'Unschedulable', message: 'no nodes available to schedule pods' }],
  });
  await world.minutes(20);
  expect((await world.items(PODS))[0]?.status).toMatchObject({ phase: 'Running' });
});

/** Milliseconds from the creation of a StatefulSet's pod to its readiness. */
async function startOf(faults: readonly Fault[]): Promise<number> {
  const world = await withWorkload('StatefulSet', 'db', {}, faults);
  await world.minutes(60);
  const [pod] = await world.items(PODS);
  return (
    Date.parse(conditionIn(pod, 'Ready')?.lastTransitionTime ?? '') - Date.parse(pod?.metadata.creationTimestamp ?? '')
  );
}

test('a slow component takes as many times as long', async () => {
  const ratio = (await startOf([{ kind: 'component-slow', component: 'db', factor: 3 }])) / (await startOf([]));
  expect(ratio).toBeCloseTo(3, 1);
});

/** The pods after ten minutes in which somebody looked at them so many times. */
async function podsAfter(looks: number): Promise<string> {
  const world = await withWorkload('Deployment', 'web', { replicas: 3 });
  for (let look = 0; look < looks; look++) {
    await world.clock.sleep(600_000 / looks);
    await world.items(PODS);
  }
  return (await world.call('GET', PODS)).text;
}

test('what is seen follows from seed and clock, however often somebody looked', async () => {
  expect(await podsAfter(1)).toBe(await podsAfter(60));
});
