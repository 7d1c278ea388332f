import { drainCluster } from '../../buildspecs/drain-cluster/step';
import { KubernetesUnavailableError, type KubernetesObject } from '../../domain/ports/kubernetes';
import { openRecord } from '../support/open-record';
import { stepHost, CLUSTER, type TestStepHost } from '../support/step-host';

const { drillId } = openRecord();
const environment = { DRILL_ID: drillId, TABLE_NAME: 't', EVIDENCE_BUCKET: 'e' };
const drain = (): Promise<void> => drainCluster.run(environment, host);
const outputs = async () => (await host.story()).outputs['drain-cluster']!;

let host: TestStepHost;

function object(apiVersion: string, kind: string, name: string, more: Record<string, unknown> = {}): KubernetesObject {
  const { metadata, ...rest } = more;
  return { apiVersion, kind, metadata: { name, namespace: 'apps', ...(metadata as object | undefined) }, ...rest };
}

const argo = (name: string, layer?: string, more: Record<string, unknown> = {}): KubernetesObject =>
  object('argoproj.io/v1alpha1', 'Application', name, {
    metadata: { namespace: 'argocd', ...(layer ? { labels: { 'cluster-drill/layer': layer } } : {}) },
    spec: { syncPolicy: { automated: { prune: true, selfHeal: true }, retry: { limit: 5 } } },
    ...more,
  });
const kustomization = (name: string, layer?: string): KubernetesObject =>
  object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', name, {
    metadata: { namespace: 'flux-system', ...(layer ? { labels: { 'cluster-drill/layer': layer } } : {}) },
    spec: { prune: true },
  });
const service = (name: string, type: string): KubernetesObject => object('v1', 'Service', name, { spec: { type } });
const release = (name: string): KubernetesObject =>
  object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', name, {
    metadata: { labels: { 'kustomize.toolkit.fluxcd.io/name': name } },
  });
const volume = (name: string, handle: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': 'ebs.csi.aws.com' } },
  spec: { persistentVolumeReclaimPolicy: 'Delete', csi: { driver: 'ebs.csi.aws.com', volumeHandle: handle } },
});
const webhook = (name: string, failurePolicy: string, clientConfig: object): KubernetesObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name },
  webhooks: [{ failurePolicy, clientConfig }],
});

/** What runs in a cluster that has an Argo CD of its own. */
const ARGOCD = object('apps/v1', 'StatefulSet', 'argocd-application-controller', {
  metadata: { namespace: 'argocd', labels: { 'app.kubernetes.io/component': 'application-controller' } },
});
const names = (): string[] => host.kubernetes.objects.map(({ metadata }) => metadata.name);

/** Kinds and names of what was changed, in order. */
const changes = (): string[] => host.kubernetes.changes.map((change) => change.split(' ').slice(0, 3).join(' '));

/** Argo CD takes away what a deleted Application made, and then the Application. */
function argoCleansUp(): void {
  host.kubernetes.before = (call) => {
    if (call !== 'list Application') return;
    const deleted = host.kubernetes.objects.filter(
      ({ kind, metadata }) => kind === 'Application' && metadata.deletionTimestamp !== undefined,
    );
    for (const { metadata } of deleted) host.kubernetes.remove('Application', metadata.name);
  };
}

beforeEach(async () => {
  host = await stepHost(openRecord({ commit: 'a'.repeat(40) }));
});

describe('Drain cluster', () => {
  it('ends automation from parents to children before it deletes anything', async () => {
    host.kubernetes.objects.push(
      argo('web', 'applications'),
      argo('traefik', 'foundation'),
      argo('group', undefined, { status: { resources: [{ kind: 'Application' }] } }),
      argo('bootstrap'),
      service('web', 'LoadBalancer'),
      ARGOCD,
    );
    argoCleansUp();
    await drain();
    expect(changes()).toEqual([
      'patch Application argocd/bootstrap',
      'patch Application argocd/group',
      'patch Application argocd/web',
      'patch Application argocd/traefik',
      'delete Service apps/web',
      'patch Application argocd/web',
      'delete Application argocd/web',
    ]);
    expect(host.kubernetes.objects.find(({ metadata }) => metadata.name === 'traefik')?.spec).toEqual({
      syncPolicy: { retry: { limit: 5 } },
    });
  });

  it('terminates a sync that runs and stops the controller of ApplicationSets', async () => {
    host.kubernetes.objects.push(
      object('argoproj.io/v1alpha1', 'ApplicationSet', 'all'),
      object('apps/v1', 'Deployment', 'argocd-applicationset-controller', {
        metadata: { labels: { 'app.kubernetes.io/component': 'applicationset-controller' } },
      }),
      ARGOCD,
      argo('traefik', 'foundation', { operation: {}, status: { operationState: { phase: 'Running' } } }),
    );
    await drain();
    expect(host.kubernetes.changes).toEqual([
      'patch Deployment apps/argocd-applicationset-controller {"spec":{"replicas":0}}',
      'patch Application argocd/traefik {"operation":null,"spec":{"syncPolicy":{"automated":null}},"status":{"operationState":{"phase":"Terminating"}}}',
    ]);
  });

  it('deletes Applications of the upper layers with all that they made, and leaves the foundation to clean up', async () => {
    host.kubernetes.objects.push(argo('kyverno', 'platform'), argo('traefik', 'foundation'), ARGOCD);
    argoCleansUp();
    await drain();
    expect(host.kubernetes.changes).toContain(
      'patch Application argocd/kyverno {"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}',
    );
    expect(names()).toEqual(['traefik', 'argocd-application-controller']);
  });

  it('deletes Kustomizations of Flux root first, the foundation without what it made, and suspends none', async () => {
    host.kubernetes.objects.push(
      kustomization('web', 'applications'),
      kustomization('traefik', 'foundation'),
      kustomization('bootstrap'),
    );
    await drain();
    expect(host.kubernetes.changes).toEqual([
      'patch Kustomization flux-system/bootstrap {"spec":{"deletionPolicy":"Orphan"}}',
      'delete Kustomization flux-system/bootstrap',
      'delete Kustomization flux-system/web',
      'patch Kustomization flux-system/traefik {"spec":{"deletionPolicy":"Orphan"}}',
      'delete Kustomization flux-system/traefik',
    ]);
  });

  it('keeps HelmReleases of the foundation from putting back what is deleted, and lets the others be uninstalled', async () => {
    host.kubernetes.objects.push(kustomization('kyverno', 'platform'), kustomization('traefik', 'foundation'));
    host.kubernetes.objects.push(release('kyverno'), release('traefik'));
    await drain();
    expect(host.kubernetes.changes.filter((change) => change.includes('HelmRelease'))).toEqual([
      'patch HelmRelease apps/traefik {"spec":{"suspend":true}}',
    ]);
  });

  it('removes only webhooks that fail closed and are answered in the cluster', async () => {
    host.kubernetes.objects.push(
      webhook('kyverno', 'Fail', { service: { name: 'kyverno' } }),
      webhook('lenient', 'Ignore', { service: { name: 'x' } }),
      webhook('vpc-resource', 'Fail', { url: 'https://127.0.0.1:21362' }),
    );
    await drain();
    expect(host.kubernetes.changes).toEqual(['delete ValidatingWebhookConfiguration kyverno']);
  });

  it('deletes what stands for something in AWS and nothing else', async () => {
    host.kubernetes.objects.push(
      service('web', 'LoadBalancer'),
      service('internal', 'ClusterIP'),
      object('networking.k8s.io/v1', 'Ingress', 'web'),
      object('v1', 'PersistentVolumeClaim', 'data'),
      { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', metadata: { name: 'default' } },
    );
    await drain();
    expect(host.kubernetes.objects.map(({ metadata }) => metadata.name)).toEqual(['internal']);
  });

  it('does without the types that the cluster does not serve', async () => {
    for (const kind of ['Application', 'ApplicationSet', 'Kustomization', 'Gateway', 'NodePool', 'NodeClaim']) {
      host.kubernetes.unserved.add(kind);
    }
    host.kubernetes.objects.push(service('web', 'LoadBalancer'));
    await drain();
    expect(host.kubernetes.changes).toEqual(['delete Service apps/web']);
  });

  it('records the volumes before it deletes their claims, and keeps them when it runs again', async () => {
    host.kubernetes.objects.push(
      volume('pv-1', 'vol-1'),
      volume('pv-2', 'vol-2'),
      object('v1', 'PersistentVolumeClaim', 'data'),
    );
    let recorded: unknown;
    host.kubernetes.before = (call) => {
      if (!call.startsWith('delete PersistentVolumeClaim')) return;
      for (const name of ['pv-1', 'pv-2']) host.kubernetes.remove('PersistentVolume', name);
    };
    const put = host.history.put.bind(host.history);
    host.history.put = async (id, details) => {
      if (details.some(({ type }) => type === 'outputs')) recorded ??= [...host.kubernetes.changes];
      await put(id, details);
    };
    await drain();
    expect(recorded).toEqual([]);
    expect((await outputs())['volumeIds']).toEqual(['vol-1', 'vol-2']);
    await drain();
    expect((await outputs())['volumeIds']).toEqual(['vol-1', 'vol-2']);
  });

  it('waits until controllers have cleaned up', async () => {
    host.kubernetes.objects.push({
      ...service('web', 'LoadBalancer'),
      metadata: { name: 'web', namespace: 'apps', finalizers: ['service.kubernetes.io/load-balancer-cleanup'] },
    });
    let reads = 0;
    host.kubernetes.before = (call) => {
      if (call === 'list Service' && ++reads === 5) host.kubernetes.remove('Service', 'web');
    };
    await drain();
    expect(await outputs()).toEqual({ volumeIds: [], notes: [], forced: [] });
    expect(host.lines).toContain('waiting for Service apps/web');
  });

  it('removes finalizers only after the deadline, and says so', async () => {
    host.kubernetes.objects.push({
      ...service('web', 'LoadBalancer'),
      metadata: { name: 'web', namespace: 'apps', finalizers: ['service.kubernetes.io/load-balancer-cleanup'] },
    });
    const begun = host.clock.now().getTime();
    await drain();
    expect(host.clock.now().getTime() - begun).toBeGreaterThanOrEqual(10 * 60_000);
    expect((await outputs())['forced']).toEqual([
      'Service apps/web was still there after 10 minutes, so its finalizers were removed',
    ]);
    expect(host.kubernetes.objects).toEqual([]);
    expect((await host.story()).failures).toEqual([]);
  });

  it('waits for AWS as well, and leaves to the sweep what stays', async () => {
    host.kubernetes.objects.push({
      ...volume('pv-1', 'vol-1'),
      spec: { persistentVolumeReclaimPolicy: 'Retain', csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' } },
    });
    const arn = 'arn:aws:ec2:eu-central-1:000000000000:volume/vol-1';
    const root = 'arn:aws:ec2:eu-central-1:000000000000:volume/vol-9';
    host.existing.push(
      { arn, type: 'ec2:volume', tags: {}, reason: 'volume of claim' },
      { arn: root, type: 'ec2:volume', tags: {}, reason: 'tag' },
    );
    await drain();
    expect((await outputs())['notes']).toEqual([`AWS still shows ${arn}`]);
  });

  it('is no error when the permission to ask AWS is missing', async () => {
    host.inventory.find = async () => {
      throw new Error('AccessDenied: tag:GetResources');
    };
    await drain();
    expect((await outputs())['notes']).toEqual(['AWS could not be asked what is left: AccessDenied: tag:GetResources']);
  });

  it.each([
    ['never came up', undefined, 'Cluster drill-a1b2c3 was not drained: there is no cluster'],
    ['is being created', { ...CLUSTER, status: 'CREATING' }, 'Cluster drill-a1b2c3 was not drained: it is CREATING'],
  ])('skips a cluster that %s', async (_what, cluster, note) => {
    host.cluster = cluster;
    await drain();
    expect((await outputs())['notes']).toEqual([note]);
    expect((await host.story()).failures).toEqual([]);
  });

  it('skips a cluster whose API cannot be used for ten minutes, with the reason', async () => {
    host.kubernetes.error = new KubernetesUnavailableError('unreachable', 'connect ECONNREFUSED');
    await drain();
    expect((await outputs())['notes']).toEqual([
      'Cluster drill-a1b2c3 was not drained: its API could not be used: connect ECONNREFUSED',
    ]);
    expect((await host.story()).failures).toEqual([]);
  });

  it('asks again when the API does not answer for some minutes', async () => {
    host.kubernetes.objects.push(service('web', 'LoadBalancer'));
    host.kubernetes.error = new KubernetesUnavailableError('unreachable', 'connect ECONNREFUSED');
    const { sleep } = host.clock;
    let naps = 0;
    host.clock.sleep = async (milliseconds, signal) => {
      if ((naps += 1) === 16) host.kubernetes.error = undefined;
      await sleep(milliseconds, signal);
    };
    await drain();
    expect(host.kubernetes.objects).toEqual([]);
    expect(await outputs()).toEqual({ volumeIds: [], notes: [], forced: [] });
  });

  it('does not wait for an API that refuses it', async () => {
    host.kubernetes.error = new KubernetesUnavailableError('unauthorized', 'Unauthorized');
    const begun = host.clock.now().getTime();
    await drain();
    expect(host.clock.now().getTime()).toBe(begun);
  });

  it('notes the volumes that hang on the nodes of a cluster that it cannot read', async () => {
    host.cluster = { ...CLUSTER, status: 'FAILED' };
    const arn = 'arn:aws:ec2:eu-central-1:000000000000:volume/vol-1';
    host.existing.push({ arn, type: 'ec2:volume', tags: {}, reason: 'attached', instanceId: 'i-1' });
    await drain();
    expect((await outputs())['volumeIds']).toEqual(['vol-1']);
  });

  it('never takes a volume that was there before the cluster for its own', async () => {
    host.kubernetes.objects.push({
      ...volume('pv-old', 'vol-production'),
      metadata: { name: 'pv-old' },
      spec: {
        persistentVolumeReclaimPolicy: 'Retain',
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-production' },
      },
    });
    await drain();
    expect((await outputs())['volumeIds']).toEqual([]);
  });

  it('fails as a teardown when something unforeseen happens', async () => {
    host.kubernetes.error = new Error('boom');
    await expect(drain()).rejects.toThrow('boom');
    expect((await host.story()).failures).toEqual([
      expect.objectContaining({ where: 'drain-cluster', cause: 'teardown' }),
    ]);
  });
});
