import type { Fault } from '../../../../local/scenarios';
import { WorldUnderTest } from './world-under-test';

const SERVICE = '/api/v1/namespaces/default/services/front';
const CLAIM = '/api/v1/namespaces/default/persistentvolumeclaims/data';

const balancer = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'front', namespace: 'default', labels: { 'app.kubernetes.io/name': 'traefik' } },
  spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
};
const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'default' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } },
};
const consumer = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [{ name: 'app', image: 'example.com/app:1' }],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      },
    },
  },
};

const ingress = (name: string, ingressClassName: string): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'default' },
  spec: { ingressClassName, rules: [] },
});

const made = (world: WorldUnderTest): string[] => {
  world.world.catchUp();
  return world.aws
    .list()
    .filter(({ madeBy }) => madeBy === 'kubernetes')
    .map(({ type }) => type)
    .toSorted();
};

async function withVolume(faults: readonly Fault[] = []): Promise<WorldUnderTest> {
  const world = new WorldUnderTest(undefined, faults);
  await world.apply(CLAIM, claim);
  await world.minutes(1);
  expect((await world.get(CLAIM)).status).toEqual({ phase: 'Pending' });
  await world.apply('/apis/apps/v1/namespaces/default/deployments/web', consumer);
  await world.minutes(2);
  expect((await world.get(CLAIM)).status).toMatchObject({ phase: 'Bound', capacity: { storage: '5Gi' } });
  return world;
}

test('a Service of type LoadBalancer gets an address and AWS resources that name the cluster', async () => {
  const world = new WorldUnderTest();
  await world.apply(SERVICE, balancer);
  expect((await world.get(SERVICE)).status).toEqual({ loadBalancer: {} });
  await world.minutes(5);
  expect((await world.get(SERVICE)).status).toMatchObject({
    loadBalancer: { ingress: [{ hostname: expect.stringMatching(/\.elb\.eu-central-1\.amazonaws\.com$/) as string }] },
  });
  expect(made(world)).toEqual([
    'ec2:security-group',
    'elasticloadbalancing:loadbalancer',
    'elasticloadbalancing:targetgroup',
  ]);
  const [resource] = world.aws.list('elasticloadbalancing:loadbalancer');
  expect(resource).toMatchObject({
    tags: { 'elbv2.k8s.aws/cluster': 'drill-3f9a2c', 'service.k8s.aws/stack': 'default/front' },
    attributes: { vpcId: 'vpc-1' },
  });
});

test('a deleted Service is held until its load balancer is gone', async () => {
  const world = new WorldUnderTest();
  await world.apply(SERVICE, balancer);
  await world.minutes(5);
  await world.call('DELETE', SERVICE);
  await world.clock.sleep(20_000);
  expect((await world.get(SERVICE)).metadata.finalizers).toEqual(['service.k8s.aws/resources']);
  await world.minutes(1);
  expect((await world.call('GET', SERVICE)).status).toBe(404);
  expect(made(world)).toEqual([]);
});

test('a load balancer whose cluster is destroyed before the Service is deleted stays', async () => {
  const world = new WorldUnderTest();
  await world.apply(SERVICE, balancer);
  await world.minutes(5);
  world.aws.remove(world.aws.find('eks:cluster', 'drill-3f9a2c')!.arn, 60_000);
  await world.minutes(30);
  expect(made(world)).toContain('elasticloadbalancing:loadbalancer');
});

test('an Ingress gets the address of its controller, and none without one', async () => {
  const world = new WorldUnderTest();
  const path = '/apis/networking.k8s.io/v1/namespaces/default/ingresses';
  await world.apply(`${path}/web`, ingress('web', 'traefik'));
  await world.apply(`${path}/lost`, ingress('lost', 'nginx'));
  await world.apply(SERVICE, balancer);
  await world.minutes(10);
  const address = (await world.get(SERVICE)).status;
  expect((await world.get(`${path}/web`)).status).toEqual(address);
  expect((await world.get(`${path}/lost`)).status).toEqual({ loadBalancer: {} });
});

test('a claim is bound when a pod needs it, to a volume tagged as the EBS driver tags it', async () => {
  const world = await withVolume();
  const [volume] = world.aws.list('ec2:volume');
  expect(volume).toMatchObject({
    attributes: { size: 5 },
    tags: {
      'ebs.csi.aws.com/cluster': 'true',
      'kubernetes.io/cluster/drill-3f9a2c': 'owned',
      'kubernetes.io/created-for/pvc/name': 'data',
      'kubernetes.io/created-for/pvc/namespace': 'default',
    },
  });
  const [persistent] = await world.items('/api/v1/persistentvolumes');
  expect(persistent?.spec).toMatchObject({
    claimRef: { name: 'data' },
    csi: { driver: 'ebs.csi.aws.com', volumeHandle: volume?.id },
  });
});

test('a deleted claim waits for its pods, then its volume goes', async () => {
  const world = await withVolume();
  await world.call('DELETE', CLAIM);
  await world.minutes(2);
  expect((await world.get(CLAIM)).metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
  await world.call('DELETE', '/apis/apps/v1/namespaces/default/deployments/web');
  await world.minutes(2);
  expect((await world.call('GET', CLAIM)).status).toBe(404);
  expect(await world.items('/api/v1/persistentvolumes')).toEqual([]);
  expect(made(world)).toEqual([]);
});

test('with the fault volume-stays the volume outlives its claim and cannot be deleted', async () => {
  const world = await withVolume([{ kind: 'volume-stays' }]);
  await world.call('DELETE', '/apis/apps/v1/namespaces/default/deployments/web');
  await world.call('DELETE', CLAIM);
  await world.minutes(2);
  expect(await world.items('/api/v1/persistentvolumes')).toEqual([]);
  expect(made(world)).toEqual(['ec2:volume']);
  expect(world.aws.list('ec2:volume')[0]?.undeletable).toMatchObject({ code: 'VolumeInUse' });
});

test('a claim without a storage class stays pending where there is no default', async () => {
  const world = new WorldUnderTest();
  delete world.aws.find('eks:addon', 'aws-ebs-csi-driver')!.attributes['configurationValues'];
  await world.apply(CLAIM, claim);
  await world.apply('/apis/apps/v1/namespaces/default/deployments/web', consumer);
  await world.minutes(10);
  expect((await world.get(CLAIM)).status).toEqual({ phase: 'Pending' });
  const [pod] = await world.items('/api/v1/namespaces/default/pods');
  expect(JSON.stringify(pod?.status)).toContain('unbound immediate PersistentVolumeClaims');
});
