import type { ClusterSnapshot } from '../../../domain/health/cluster-snapshot';
import { judgeLayer } from '../../../domain/health/judge-layer';
import type { GitopsLayer } from '../../../domain/layers';
import type { ComponentReading } from '../../../domain/record';
import type { ComponentSettings, Settings } from '../../../domain/settings';
import { sampleSettings } from '../../support/settings';
import {
  COMMIT,
  NOW,
  application,
  clusterOf,
  deployment,
  kustomization,
  kyvernoWorkloads,
  root,
} from './cluster-builder';
import { changed, recorded } from './recording';

const FLUX_COMMIT = '4e2f35dcb210e38bc66434f43f49035fbefe1ecd';
const gitRepository = recorded('flux', 'gitrepository-patched-ready-at-commit');
const kyverno: ComponentSettings = { name: 'kyverno', system: 'kyverno', application: 'kyverno' };

function settingsOf(
  layer: GitopsLayer,
  components: ComponentSettings[],
  engine: 'argocd' | 'flux' = 'argocd',
): Settings {
  const settings = sampleSettings();
  return {
    ...settings,
    gitops: { ...settings.gitops, engine },
    layers: { ...settings.layers, [layer]: { ...settings.layers[layer], components } },
  };
}

function platform(snapshot: ClusterSnapshot, components = [kyverno], settings?: Settings): readonly ComponentReading[] {
  return judgeLayer({
    layer: 'platform',
    settings: settings ?? settingsOf('platform', components),
    commit: COMMIT,
    now: NOW,
    snapshot,
  }).components;
}

function fluxPlatform(snapshot: ClusterSnapshot, components = [kyverno]): readonly ComponentReading[] {
  const settings = settingsOf('platform', components, 'flux');
  return judgeLayer({ layer: 'platform', settings, commit: FLUX_COMMIT, now: NOW, snapshot }).components;
}

const statusesOf = (components: readonly ComponentReading[]): Record<string, string> =>
  Object.fromEntries(components.map(({ name, status }) => [name, status]));

describe('a layer of Argo CD', () => {
  test('a component is healthy when its Application and all of its workloads are, since the last of them', () => {
    const snapshot = clusterOf(root(['kyverno']), application('kyverno', { layer: 'platform' }), ...kyvernoWorkloads());
    expect(platform(snapshot)).toEqual([
      {
        name: 'kyverno',
        status: 'healthy',
        reason: 'Synced to 097b39e, Healthy, operation Succeeded; 5 objects healthy',
        listed: true,
        startedAt: '2026-11-23T06:56:43Z',
        healthyAt: '2026-11-23T06:56:46Z',
        blocking: [],
      },
    ]);
  });

  test('a component whose chart deploys nothing is not healthy', () => {
    const snapshot = clusterOf(root(['kyverno']), application('kyverno', { layer: 'platform' }));
    const [component] = platform(snapshot);
    expect(component).toMatchObject({ status: 'missing' });
    expect(component?.reason).toContain(
      'kyverno must have it, but there is none with app.kubernetes.io/component=admission-controller in namespace kyverno',
    );
    expect(component?.blocking).toHaveLength(5);
  });

  test('workloads are found in the namespace that the Application installs to', () => {
    const installed = application('kyverno', { changes: { 'spec.destination.namespace': 'policy' } });
    const aligned = changed(installed, { 'status.sync.comparedTo.destination.namespace': 'policy' });
    expect(platform(clusterOf(root(['kyverno']), aligned, ...kyvernoWorkloads('policy')))[0]?.status).toBe('healthy');
  });

  test('a component that must run is not healthy when it is scaled to zero', () => {
    const asleep = deployment(
      'kyverno',
      'kyverno-admission-controller',
      { 'app.kubernetes.io/component': 'admission-controller' },
      {
        'spec.replicas': 0,
        'status.replicas': 0,
        'status.updatedReplicas': 0,
        'status.availableReplicas': 0,
      },
    );
    const snapshot = clusterOf(root(['kyverno']), application('kyverno'), asleep, ...kyvernoWorkloads().slice(1));
    expect(platform(snapshot)[0]).toMatchObject({ status: 'degraded', blocking: [{ name: asleep.metadata.name }] });
  });

  test('surprise 37: the sick object is named from the object itself', () => {
    const makes = [{ group: 'apps', kind: 'Deployment', name: 'web' }];
    const sick = changed(recorded('kubernetes', 'deployment-progress-deadline-exceeded'), {
      'metadata.name': 'web',
      'metadata.namespace': 'apps',
    });
    const own = application('kyverno', { makes, changes: { 'status.health.status': 'Degraded' } });
    const [component] = platform(clusterOf(root(['kyverno']), own, sick), [
      { name: 'kyverno', application: 'kyverno' },
    ]);
    expect(component?.status).toBe('degraded');
    expect(component?.blocking.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'Deployment web',
      'Application kyverno',
    ]);
  });

  test('an object that an Application makes and that does not exist blocks', () => {
    const makes = [{ group: 'apps', kind: 'Deployment', name: 'web' }];
    const [component] = platform(clusterOf(root(['kyverno']), application('kyverno', { makes })), [
      { name: 'kyverno', application: 'kyverno' },
    ]);
    expect(component).toMatchObject({ status: 'missing', reason: expect.stringContaining('does not exist') });
  });

  test('an unlisted Application of the layer is judged as well, one that another layer lists is not', () => {
    const settings = settingsOf('platform', [kyverno]);
    const snapshot = clusterOf(
      root(['kyverno', 'loki', 'web']),
      application('kyverno'),
      ...kyvernoWorkloads(),
      application('loki', { layer: 'platform', changes: { 'status.health.status': 'Progressing' } }),
      application('web', { layer: 'platform' }),
    );
    expect(platform(snapshot, [], settings)).toMatchObject([
      { name: 'kyverno', listed: true, status: 'healthy' },
      { name: 'loki', listed: false, status: 'progressing' },
    ]);
  });

  test('a listed component that the root at the commit does not make has failed for good', () => {
    const snapshot = clusterOf(root(['loki']), application('loki', { layer: 'platform' }));
    expect(platform(snapshot)[0]).toMatchObject({
      status: 'failed',
      reason:
        'kyverno is listed in drill.yaml for layer platform, but the root at 097b39e makes no Application kyverno',
    });
  });

  test.each([
    ['there is no root', clusterOf()],
    ['the root is not compared at the commit', clusterOf(root(['loki'], { 'status.sync.revision': '0'.repeat(40) }))],
    ['the root has made nothing yet', clusterOf(root(['loki']))],
    [
      'an Application of the layer has not said what it makes',
      clusterOf(root(['all']), application('all', { changes: { 'status.resources': undefined } })),
    ],
    [
      'an Application makes Applications and others are not there yet',
      clusterOf(
        root(['all', 'more']),
        application('all', { makes: [{ group: 'argoproj.io', kind: 'Application', name: 'loki' }] }),
      ),
    ],
    [
      'an ApplicationSet may make it',
      clusterOf(
        root(['loki']),
        application('loki', { makes: [{ group: 'argoproj.io', kind: 'ApplicationSet', name: 'all' }] }),
      ),
    ],
    ['its sync wave has not come', clusterOf(root(['kyverno', 'loki']), application('loki', { layer: 'foundation' }))],
  ])('a listed component is missing, but not for good, while %s', (_, snapshot) => {
    expect(statusesOf(platform(snapshot))).toMatchObject({ kyverno: 'missing' });
  });

  test('a root that cannot be read is named where a component is missing', () => {
    const broken = changed(recorded('argocd', 'application-missing-revision-comparison-error'), {
      'metadata.name': 'bootstrap',
    });
    const [first, second] = platform(clusterOf(broken));
    expect(first).toMatchObject({ name: 'bootstrap', status: 'failed', listed: false });
    expect(second?.reason).toContain("unable to resolve 'v9.9.9' to a commit SHA");
  });

  test('a root that waits for a higher wave holds up no lower layer, and the highest layer waits for it', () => {
    const waiting = root(['kyverno', 'web'], {
      operation: {},
      'status.operationState.phase': 'Running',
      'status.sync.status': 'OutOfSync',
    });
    const objects = [waiting, application('kyverno'), ...kyvernoWorkloads(), application('web')];
    expect(statusesOf(platform(clusterOf(...objects)))).toEqual({ kyverno: 'healthy' });
    const applications = judgeLayer({
      layer: 'applications',
      settings: sampleSettings(),
      commit: COMMIT,
      now: NOW,
      snapshot: clusterOf(...objects),
    });
    expect(statusesOf(applications.components)).toEqual({ bootstrap: 'progressing', web: 'healthy' });
  });

  test('an API that does not answer is an obstacle and no component', () => {
    const reading = judgeLayer({
      layer: 'platform',
      settings: sampleSettings(),
      commit: COMMIT,
      now: NOW,
      snapshot: { readAt: NOW.toISOString(), unavailable: { kind: 'unauthorized', message: '401 Unauthorized' } },
    });
    expect(reading).toMatchObject({
      components: [],
      obstacle: 'the Kubernetes API of the drill cluster does not let the drill in: 401 Unauthorized',
    });
  });
});

describe('a layer of Flux', () => {
  test('a component is healthy when its Kustomization and what its HelmRelease installed are', () => {
    const labels = { 'helm.toolkit.fluxcd.io/name': 'kyverno', 'helm.toolkit.fluxcd.io/namespace': 'kyverno' };
    const extra = deployment('kyverno', 'extra', labels);
    const objects = [
      gitRepository,
      fluxRoot(['kyverno']),
      kustomization('kyverno', { inventory: ['kyverno_kyverno_helm.toolkit.fluxcd.io_HelmRelease'] }),
      helmRelease('kyverno'),
      ...kyvernoWorkloads(),
    ];
    expect(fluxPlatform(clusterOf(...objects, extra))[0]).toMatchObject({ status: 'healthy' });
    const sick = changed(extra, { 'status.availableReplicas': 1 });
    expect(fluxPlatform(clusterOf(...objects, sick))[0]).toMatchObject({
      status: 'progressing',
      blocking: [{ kind: 'Deployment', name: 'extra' }],
    });
  });

  test('surprise 49: a Kustomization that does not wait is judged by what it made', () => {
    const own = changed(recorded('flux', 'kustomization-no-wait-ready-over-broken-deployment'), {
      'metadata.name': 'kyverno',
      'status.inventory.entries': [{ id: 'shop_deadline_apps_Deployment', v: 'v1' }],
    });
    const broken = recorded('kubernetes', 'deployment-progress-deadline-exceeded');
    const snapshot = clusterOf(gitRepository, fluxRoot(['kyverno']), own, broken);
    expect(fluxPlatform(snapshot, [{ name: 'kyverno', application: 'kyverno' }])[0]).toMatchObject({
      status: 'degraded',
      blocking: [{ kind: 'Deployment', name: 'deadline' }],
    });
  });

  test('a listed component that the root does not make has failed for good', () => {
    const snapshot = clusterOf(gitRepository, fluxRoot(['loki']), kustomization('loki', { layer: 'platform' }));
    expect(fluxPlatform(snapshot)[0]).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('makes no Kustomization kyverno'),
    });
  });

  test('a repository that cannot be fetched is named', () => {
    const refused = changed(recorded('flux', 'gitrepository-patched-auth-failed'), { 'metadata.name': 'bootstrap' });
    const never = changed(fluxRoot([]), { 'status.lastAttemptedRevision': undefined });
    const [first] = fluxPlatform(clusterOf(refused, never));
    expect(first).toMatchObject({ name: 'bootstrap', status: 'degraded' });
    expect(first?.reason).toContain('GitOperationFailed');
  });

  test.each([
    [
      'Ready=False before its retries are exhausted',
      { type: 'Ready', status: 'False', reason: 'InstallFailed' },
      'degraded',
    ],
    ['Stalled', { type: 'Stalled', status: 'True', reason: 'RetriesExceeded' }, 'failed'],
    ['waiting for its source', { type: 'Ready', status: 'False', reason: 'SourceNotReady' }, 'progressing'],
    [
      'asking for a chart version that its source does not have',
      {
        type: 'Ready',
        status: 'False',
        reason: 'SourceNotReady',
        message:
          "HelmChart 'kyverno/kyverno-kyverno' is not ready: invalid chart reference: failed to get chart version for remote reference: no 'kyverno' chart with version matching '99.0.0' found",
      },
      'degraded',
    ],
  ])('a HelmRelease that is %s makes its component %s', (_, condition, status) => {
    const release = changed(helmRelease('kyverno'), { 'status.conditions': [condition] });
    const own = kustomization('kyverno', { inventory: ['kyverno_kyverno_helm.toolkit.fluxcd.io_HelmRelease'] });
    const snapshot = clusterOf(gitRepository, fluxRoot(['kyverno']), own, release, ...kyvernoWorkloads());
    expect(fluxPlatform(snapshot)[0]?.status).toBe(status);
  });

  test('a HelmRelease of another chart version than it asks for is not healthy', () => {
    const release = changed(helmRelease('kyverno'), { 'spec.chart.spec.version': '3.9.0' });
    const own = kustomization('kyverno', { inventory: ['kyverno_kyverno_helm.toolkit.fluxcd.io_HelmRelease'] });
    const snapshot = clusterOf(gitRepository, fluxRoot(['kyverno']), own, release, ...kyvernoWorkloads());
    expect(fluxPlatform(snapshot)[0]?.reason).toContain('chartVersion is 3.8.1, not 3.9.0');
  });
});

function fluxRoot(children: readonly string[]): ReturnType<typeof kustomization> {
  return kustomization('bootstrap', {
    inventory: children.map((name) => `flux-system_${name}_kustomize.toolkit.fluxcd.io_Kustomization`),
  });
}

function helmRelease(name: string): ReturnType<typeof kustomization> {
  return {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name, namespace: name, generation: 1 },
    spec: { chart: { spec: { chart: name, version: '3.8.1' } } },
    status: {
      observedGeneration: 1,
      conditions: [
        { type: 'Ready', status: 'True', reason: 'InstallSucceeded', lastTransitionTime: '2026-11-23T06:58:00Z' },
      ],
      history: [{ chartVersion: '3.8.1', status: 'deployed', lastDeployed: '2026-11-23T06:57:00Z' }],
    },
  };
}
