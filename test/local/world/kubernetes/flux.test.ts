import type { Fault } from '../../../../local/scenarios';
import type { Fields, Manifest } from '../../../../local/world/kubernetes/manifest';
import { recorded, shapeOf } from './shape';
import { COMMIT, REPOSITORY, repositoryOf, WorldUnderTest } from './world-under-test';

const KUSTOMIZATIONS = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations';
const GIT = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories';
const HELM_REPOSITORIES = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/helmrepositories';
const RELEASES = '/apis/helm.toolkit.fluxcd.io/v2/namespaces/flux-system/helmreleases';
const REVISION = `main@sha1:${COMMIT}`;

const deployment = (name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: default}\nspec:\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {containers: [{name: app, image: 'registry.example.com/${name}:1.0.0'}]}\n`;

const FILES: Readonly<Record<string, string>> = {
  'ok/deployment.yaml': deployment('ok'),
  'more/deployment.yaml': deployment('more'),
  'bad-build/kustomization.yaml': 'resources: [nope.yaml]\n',
  'invalid/service.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: {name: fx-bad, namespace: default}\nspec: {ports: [{port: 99999999}]}\n',
};

async function withFlux(faults: readonly Fault[] = []): Promise<WorldUnderTest> {
  const world = new WorldUnderTest(repositoryOf(FILES), faults);
  await world.installFlux();
  const spec = { url: REPOSITORY, interval: '1m0s', ref: { branch: 'main' } };
  await world.apply(`${GIT}/bootstrap`, {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'bootstrap', namespace: 'flux-system' },
    spec,
  });
  await world.clock.sleep(3000);
  return world;
}

async function kustomize(world: WorldUnderTest, name: string, path: string, more: object = {}): Promise<void> {
  const spec = {
    path,
    interval: '30s',
    retryInterval: '15s',
    timeout: '15m',
    prune: true,
    wait: true,
    sourceRef: { kind: 'GitRepository', name: 'bootstrap' },
    ...more,
  };
  await world.apply(`${KUSTOMIZATIONS}/${name}`, {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'flux-system' },
    spec,
  });
}

interface Status {
  conditions: { type: string; status: string; reason: string; message: string; lastTransitionTime: string }[];
  history?: {
    lastReconciledStatus: string;
    totalReconciliations: number;
    firstReconciled: string;
    lastReconciled: string;
  }[];
  observedGeneration: number;
  lastAppliedRevision?: string;
  lastAttemptedRevision?: string;
}

async function statusOf(world: WorldUnderTest, name: string, path = KUSTOMIZATIONS): Promise<Status> {
  return (await world.get(`${path}/${name}`)).status as unknown as Status;
}

const ready = ({ conditions }: Status): string => {
  const condition = conditions.find(({ type }) => type === 'Ready');
  return `${condition?.status}(${condition?.reason})`;
};
const message = ({ conditions }: Status): string => conditions.find(({ type }) => type === 'Ready')?.message ?? '';

const shapeOfRecorded = (name: string): string[] => shapeOf(recorded<Manifest>(`flux/${name}`).status);

test('a GitRepository stores the artifact of its revision', async () => {
  const world = await withFlux();
  const status = await statusOf(world, 'bootstrap', GIT);
  expect(shapeOf(status)).toEqual(shapeOfRecorded('gitrepository-patched-ready-at-commit'));
  expect((status as unknown as { artifact: Fields }).artifact['revision']).toBe(REVISION);
});

test('a revision or repository that does not exist is told in the words of git', async () => {
  const world = await withFlux();
  const apply = (name: string, spec: object): Promise<unknown> =>
    world.apply(`${GIT}/${name}`, {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name, namespace: 'flux-system' },
      spec: { interval: '1m', ...spec },
    });
  await apply('no-ref', { url: REPOSITORY, ref: { branch: 'gone' } });
  await apply('no-repository', { url: 'https://git.example.com/missing.git' });
  await world.clock.sleep(3000);
  const missing = await statusOf(world, 'no-repository', GIT);
  expect(shapeOf(missing)).toEqual(shapeOfRecorded('gitrepository-patched-not-found'));
  expect(message(missing)).toBe(
    "failed to checkout and determine revision: unable to list remote for 'https://git.example.com/missing.git': repository not found",
  );
  expect(message(await statusOf(world, 'no-ref', GIT))).toContain("couldn't find remote ref gone");
});

test('a Kustomization is progressing with observed generation -1, then ready in the recorded shape', async () => {
  const world = await withFlux();
  await kustomize(world, 'ready', './ok');
  await world.minutes(1);
  const progressing = await statusOf(world, 'ready');
  expect(shapeOf(progressing)).toEqual(shapeOfRecorded('kustomization-progressing'));
  expect([ready(progressing), progressing.observedGeneration]).toEqual(['Unknown(Progressing)', -1]);
  await world.minutes(10);
  const status = await statusOf(world, 'ready');
  expect(shapeOf(status)).toEqual(shapeOfRecorded('kustomization-ready'));
  expect([ready(status), status.observedGeneration, status.lastAppliedRevision]).toEqual([
    'True(ReconciliationSucceeded)',
    1,
    REVISION,
  ]);
});

test('Ready turns Unknown at every interval and its time moves, while the history keeps the first success', async () => {
  const world = await withFlux();
  await kustomize(world, 'ready', './ok');
  await world.minutes(10);
  const before = await statusOf(world, 'ready');
  const seen = new Set<string>();
  for (let look = 0; look < 400; look++) {
    await world.clock.sleep(100);
    seen.add(ready(await statusOf(world, 'ready')));
  }
  const after = await statusOf(world, 'ready');
  expect([...seen].toSorted()).toEqual(['True(ReconciliationSucceeded)', 'Unknown(Progressing)']);
  expect(after.conditions[0]?.lastTransitionTime).not.toBe(before.conditions[0]?.lastTransitionTime);
  expect(after.history?.[0]?.firstReconciled).toBe(before.history?.[0]?.firstReconciled);
  expect(after.history?.[0]?.totalReconciliations).toBeGreaterThan(before.history?.[0]?.totalReconciliations ?? 0);
});

describe('failures keep the observed generation at -1', () => {
  test.each<[recording: string, path: string, more: object, text: string]>([
    ['kustomization-build-failed', './bad-build', {}, 'kustomize build failed: accumulating resources'],
    ['kustomization-path-not-found', './nope', {}, 'kustomization path not found: stat '],
    [
      'kustomization-apply-failed',
      './invalid',
      {},
      'Service/default/fx-bad dry-run failed (Invalid): Service "fx-bad" is invalid',
    ],
    [
      'kustomization-source-missing',
      './ok',
      { sourceRef: { kind: 'GitRepository', name: 'does-not-exist' } },
      'GitRepository.source.toolkit.fluxcd.io "does-not-exist" not found',
    ],
    [
      'kustomization-dependency-missing',
      './ok',
      { dependsOn: [{ name: 'nobody' }] },
      "dependency 'flux-system/nobody' not found",
    ],
  ])('%s', async (recording, path, more, text) => {
    const world = await withFlux();
    await kustomize(world, 'app', path, more);
    await world.clock.sleep(20_000);
    const status = await statusOf(world, 'app');
    const before = recorded<{ status: Status }>(`flux/${recording}`).status;
    expect(shapeOf(status)).toEqual(shapeOf(before));
    expect([ready(status), status.observedGeneration]).toEqual([ready(before), -1]);
    expect(message(status)).toContain(text);
  });

  test('kustomization-health-check-failed: a Deployment that gave up ends the wait early', async () => {
    const world = await withFlux([{ kind: 'component-crashes', component: 'ok' }]);
    await kustomize(world, 'app', './ok');
    await world.minutes(12);
    const status = await statusOf(world, 'app');
    expect(status.history?.[0]?.lastReconciledStatus).toBe('HealthCheckFailed');
    expect(shapeOf(status)).toEqual(shapeOfRecorded('kustomization-health-check-failed'));
    expect(message(status)).toContain(
      "failed early due to stalled resources: [Deployment/default/ok status: 'Failed']",
    );
  });
});

test('a dependency is waited for', async () => {
  const world = await withFlux();
  await kustomize(world, 'first', './ok');
  await kustomize(world, 'second', './more', { dependsOn: [{ name: 'first' }] });
  await world.minutes(2);
  expect(message(await statusOf(world, 'second'))).toBe("dependency 'flux-system/first' is not ready");
  await world.minutes(20);
  expect(ready(await statusOf(world, 'second'))).toBe('True(ReconciliationSucceeded)');
});

test('without wait a Kustomization is ready over a broken Deployment', async () => {
  const world = await withFlux([{ kind: 'component-crashes', component: 'ok' }]);
  await kustomize(world, 'no-wait', './ok', { wait: false });
  await world.clock.sleep(10_000);
  const status = await statusOf(world, 'no-wait');
  expect([ready(status), status.conditions.some(({ type }) => type === 'Healthy')]).toEqual([
    'True(ReconciliationSucceeded)',
    false,
  ]);
});

test('what somebody deletes comes back at the next interval', async () => {
  const world = await withFlux();
  await kustomize(world, 'ready', './ok');
  await world.minutes(10);
  const path = '/apis/apps/v1/namespaces/default/deployments/ok';
  await world.call('DELETE', path);
  await world.clock.sleep(1000);
  expect((await world.call('GET', path)).status).toBe(404);
  await world.minutes(1);
  expect((await world.call('GET', path)).status).toBe(200);
});

test('a deleted Kustomization prunes what it applied, a suspended one leaves it', async () => {
  const world = await withFlux();
  await kustomize(world, 'pruned', './ok', { deletionPolicy: 'WaitForTermination' });
  await kustomize(world, 'left', './more');
  await world.minutes(10);
  await world.patch(`${KUSTOMIZATIONS}/left`, { spec: { suspend: true } });
  for (const name of ['pruned', 'left']) await world.call('DELETE', `${KUSTOMIZATIONS}/${name}`);
  await world.minutes(2);
  expect(await world.items(KUSTOMIZATIONS)).toEqual([]);
  expect(
    (await world.items('/apis/apps/v1/namespaces/default/deployments')).map(({ metadata }) => metadata.name),
  ).toEqual(['more']);
});

async function release(world: WorldUnderTest, url: string, version: string, more: object = {}): Promise<void> {
  await world.apply(`${HELM_REPOSITORIES}/charts`, {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmRepository',
    metadata: { name: 'charts', namespace: 'flux-system' },
    spec: { url, interval: '1h' },
  });
  const spec = {
    interval: '10m',
    timeout: '10m',
    chart: { spec: { chart: 'kyverno', version, sourceRef: { kind: 'HelmRepository', name: 'charts' } } },
    ...more,
  };
  await world.apply(`${RELEASES}/kyverno`, {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'kyverno', namespace: 'flux-system' },
    spec,
  });
}

describe('a HelmRelease', () => {
  test('installs its chart and is ready when its workloads are', async () => {
    const world = await withFlux();
    await release(world, 'https://kyverno.github.io/kyverno', '3.8.2');
    await world.minutes(1);
    expect(ready(await statusOf(world, 'kyverno', RELEASES))).toBe('Unknown(Progressing)');
    await world.minutes(9.8);
    const status = await statusOf(world, 'kyverno', RELEASES);
    expect([ready(status), status.observedGeneration]).toEqual(['True(InstallSucceeded)', 1]);
    expect(status.history).toMatchObject([{ chartName: 'kyverno', chartVersion: '3.8.2', status: 'deployed' }]);
  });

  test.each([
    [
      'version',
      'https://kyverno.github.io/kyverno',
      '99.0.0',
      "no 'kyverno' chart with version matching '99.0.0' found",
    ],
    ['repository', 'https://kyverno.github.io/kyvernooo', '3.8.2', 'failed to fetch Helm repository index'],
  ])('a %s that does not exist makes its source not ready', async (_, url, version, text) => {
    const world = await withFlux();
    await release(world, url, version);
    await world.minutes(2);
    const status = await statusOf(world, 'kyverno', RELEASES);
    expect(ready(status)).toBe('False(SourceNotReady)');
    expect(message(status)).toContain(text);
  });

  test('that does not come up is installed again as often as it may, then stalls', async () => {
    const world = await withFlux([{ kind: 'component-crashes', component: 'kyverno' }]);
    await release(world, 'https://kyverno.github.io/kyverno', '3.8.2', { install: { remediation: { retries: 1 } } });
    await world.minutes(10.2);
    expect(message(await statusOf(world, 'kyverno', RELEASES))).toContain('context deadline exceeded');
    await world.minutes(15);
    const { conditions } = await statusOf(world, 'kyverno', RELEASES);
    expect(conditions.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'Stalled=True',
      'Ready=False',
      'Released=False',
    ]);
  });
});
