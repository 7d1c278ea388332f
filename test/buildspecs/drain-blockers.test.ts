import { drainCluster } from '../../buildspecs/drain-cluster/step';
import { KubernetesRequestError, type KubernetesObject } from '../../domain/ports/kubernetes';
import { openRecord } from '../support/open-record';
import { stepHost, type TestStepHost } from '../support/step-host';

const { drillId } = openRecord();
const environment = { DRILL_ID: drillId, TABLE_NAME: 't', EVIDENCE_BUCKET: 'e' };
const outputs = async () => (await host.story()).outputs['drain-cluster']!;

let host: TestStepHost;
beforeEach(async () => {
  host = await stepHost(openRecord({ commit: 'a'.repeat(40) }));
});

const drain = (): Promise<void> => drainCluster.run(environment, host);
const names = (): string[] => host.kubernetes.objects.map(({ metadata }) => metadata.name);

function object(apiVersion: string, kind: string, name: string, more: Record<string, unknown> = {}): KubernetesObject {
  const { metadata, ...rest } = more;
  return { apiVersion, kind, metadata: { name, ...(metadata as object | undefined) }, ...rest };
}

const namespaced = { metadata: { namespace: 'kyverno' } };
const WEBHOOK = object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'kyverno', {
  webhooks: [{ failurePolicy: 'Fail', clientConfig: { service: { name: 'kyverno-svc', namespace: 'kyverno' } } }],
});
const KYVERNO = [
  object('v1', 'Service', 'kyverno-svc', { ...namespaced, spec: { type: 'ClusterIP', selector: { app: 'kyverno' } } }),
  object('apps/v1', 'Deployment', 'kyverno-admission-controller', {
    ...namespaced,
    spec: { replicas: 3, template: { metadata: { labels: { app: 'kyverno', component: 'admission' } } } },
  }),
  object('apps/v1', 'Deployment', 'kyverno-reports', {
    ...namespaced,
    spec: { replicas: 1, template: { metadata: { labels: { app: 'reports' } } } },
  }),
];
const CLAIM = object('v1', 'PersistentVolumeClaim', 'data', { metadata: { namespace: 'apps' } });

const held = (kind: string, name: string, spec = {}): KubernetesObject =>
  object(kind.startsWith('Node') ? 'karpenter.sh/v1' : 'v1', kind, name, { metadata: { finalizers: ['x'] }, spec });

const terminating = (conditions: object[]): KubernetesObject =>
  object('v1', 'Namespace', 'web', {
    metadata: { deletionTimestamp: '2026-10-05T06:00:00Z', finalizers: ['kubernetes'] },
    status: { conditions },
  });

const api = (name: string, status: string, service: unknown): KubernetesObject =>
  object('apiregistration.k8s.io/v1', 'APIService', name, {
    spec: { service },
    status: { conditions: [{ type: 'Available', status }] },
  });

const application = (name: string, layer: string, ownerReferences?: object[]): KubernetesObject =>
  object('argoproj.io/v1alpha1', 'Application', name, {
    metadata: {
      namespace: 'argocd',
      labels: { 'cluster-drill/layer': layer },
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
      ...(ownerReferences ? { ownerReferences } : {}),
    },
    spec: {},
  });

test('a webhook that its controller registers again goes again, and the controller is stopped', async () => {
  host.kubernetes.objects.push(WEBHOOK, ...KYVERNO, {
    ...CLAIM,
    metadata: { ...CLAIM.metadata, finalizers: ['pods'] },
  });
  let rounds = 0;
  host.kubernetes.before = (call) => {
    // Kyverno puts it back as long as it runs.
    if (call !== 'list PersistentVolumeClaim' || (rounds += 1) > 4) return;
    const runs = host.kubernetes.objects.some(
      ({ metadata, spec }) =>
        metadata.name === 'kyverno-admission-controller' && (spec as { replicas: number }).replicas > 0,
    );
    if (runs && !names().includes('kyverno')) host.kubernetes.objects.push(WEBHOOK);
    if (rounds === 4) host.kubernetes.remove('PersistentVolumeClaim', 'data');
  };
  await drain();
  expect(names()).not.toContain('kyverno');
  expect(host.kubernetes.changes.filter((change) => change.startsWith('patch Deployment'))).toEqual([
    'patch Deployment kyverno/kyverno-admission-controller {"spec":{"replicas":0}}',
  ]);
  expect((await outputs())['notes']).toEqual([
    'Deployment kyverno/kyverno-admission-controller had registered ValidatingWebhookConfiguration kyverno again and was stopped',
  ]);
});

test('a deletion that is refused is asked for again in the next round', async () => {
  host.kubernetes.objects.push(
    object('v1', 'Service', 'web', { metadata: { namespace: 'apps' }, spec: { type: 'LoadBalancer' } }),
  );
  let refusals = 0;
  host.kubernetes.before = (call) => {
    if (call.startsWith('delete Service') && (refusals += 1) <= 2) {
      throw new KubernetesRequestError(500, 'InternalError', 'failed calling webhook "validate.kyverno.svc"');
    }
  };
  await drain();
  expect(names()).toEqual([]);
  expect(host.lines).toContain('Service apps/web was not deleted yet: failed calling webhook "validate.kyverno.svc"');
});

test('nodes go only when load balancers and volumes have gone, as their controllers may run on them', async () => {
  const pool = object('karpenter.sh/v1', 'NodePool', 'default');
  host.kubernetes.objects.push(pool, { ...CLAIM, metadata: { ...CLAIM.metadata, finalizers: ['pods'] } });
  let reads = 0;
  host.kubernetes.before = (call) => {
    if (call === 'list PersistentVolumeClaim' && (reads += 1) === 4)
      host.kubernetes.remove('PersistentVolumeClaim', 'data');
  };
  await drain();
  expect(reads).toBeGreaterThanOrEqual(4);
  expect(host.kubernetes.changes).toEqual(['delete PersistentVolumeClaim apps/data', 'delete NodePool default']);
});

test('each group has its own deadline, and what is let go by force is one finding each', async () => {
  host.kubernetes.objects.push(
    held('NodePool', 'default'),
    held('NodeClaim', 'default-1'),
    {
      ...held('Service', 'web', { type: 'LoadBalancer' }),
      metadata: { name: 'web', namespace: 'a', finalizers: ['x'] },
    },
    { ...CLAIM, metadata: { ...CLAIM.metadata, finalizers: ['x'] } },
  );
  const begun = host.clock.now().getTime();
  await drain();
  expect((await outputs())['forced']).toEqual([
    'Service a/web was still there after 10 minutes, so its finalizers were removed',
    'PersistentVolumeClaim apps/data was still there after 20 minutes, so its finalizers were removed',
    'NodePool default was still there after 15 minutes, so its finalizers were removed',
    'NodeClaim default-1 was still there after 15 minutes, so its finalizers were removed',
  ]);
  expect((host.clock.now().getTime() - begun) / 60_000).toBe(35);
});

describe('a namespace that does not go', () => {
  test('because of an aggregated API without a server loses that API', async () => {
    host.kubernetes.objects.push(
      terminating([{ type: 'NamespaceDeletionDiscoveryFailure', status: 'True', message: 'unable to retrieve' }]),
      api('v1beta1.metrics.k8s.io', 'False', { name: 'metrics-server' }),
      api('v1beta1.custom.k8s.io', 'True', { name: 'adapter' }),
      api('v1.apps', 'False', null),
    );
    host.kubernetes.before = (call) => {
      if (call === 'list Namespace' && !names().includes('v1beta1.metrics.k8s.io'))
        host.kubernetes.remove('Namespace', 'web');
    };
    await drain();
    expect(names()).toEqual(['v1beta1.custom.k8s.io', 'v1.apps']);
    expect((await outputs())['notes']).toEqual([
      'APIService v1beta1.metrics.k8s.io had no server, for which namespaces waited; it was deleted',
    ]);
  });

  test('is a finding with its own words', async () => {
    host.kubernetes.objects.push(
      terminating([{ type: 'NamespaceFinalizersRemaining', status: 'True', message: 'Some content has finalizers' }]),
    );
    await drain();
    expect((await outputs())['forced']).toEqual([
      'Namespace web was still there after 20 minutes: Some content has finalizers',
    ]);
  });
});

describe("with EKS's managed Argo CD, whose controllers run outside", () => {
  test('sets go without what they made, and all Applications before the capability', async () => {
    host.kubernetes.objects.push(
      object('argoproj.io/v1alpha1', 'ApplicationSet', 'all', { metadata: { namespace: 'argocd' } }),
      application('web', 'applications', [{ kind: 'ApplicationSet', name: 'all', uid: '1' }]),
      application('traefik', 'foundation'),
    );
    host.kubernetes.before = (call) => {
      const isDeleted = host.kubernetes.changes.includes('delete Application argocd/web');
      if (call === 'list Application' && isDeleted) host.kubernetes.remove('Application', 'web');
    };
    await drain();
    const changes = host.kubernetes.changes.map((change) => change.replace(/"spec".*/, '…'));
    expect(changes).toEqual([
      'patch Application argocd/web {"metadata":{"ownerReferences":null}}',
      'patch ApplicationSet argocd/all {"metadata":{"finalizers":null}}',
      'delete ApplicationSet argocd/all',
      'patch Application argocd/web {"operation":null,…',
      'patch Application argocd/traefik {"operation":null,…',
      'patch Application argocd/web {"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}',
      'delete Application argocd/web',
      'patch Application argocd/traefik {"metadata":{"finalizers":null}}',
      'delete Application argocd/traefik',
    ]);
    expect(names()).toEqual([]);
  });
});
