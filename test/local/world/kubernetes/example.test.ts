import { join } from 'node:path';
import type { Manifest } from '../../../../local/world/kubernetes/manifest';
import { conditionIn, fieldIn } from './shape';
import {
  application,
  APPLICATIONS,
  COMMIT,
  filesBelow,
  REPOSITORY,
  repositoryOf,
  WorldUnderTest,
} from './world-under-test';

const EXAMPLE = filesBelow(join(__dirname, '../../../../examples/bootstrap'));
const LAYERS = ['foundation', 'platform', 'applications'] as const;
/** What a healthy example is to take, in minutes. */
const EXPECTED = { foundation: [7, 13], platform: [20, 32], applications: [6, 13] } as const;

/** The root Application as the drill applies it: children of the repository itself are pinned to the commit. */
function root(): Manifest {
  const pin = `- {op: replace, path: /spec/source/repoURL, value: '${REPOSITORY}'}\n- {op: replace, path: /spec/source/targetRevision, value: ${COMMIT}}\n`;
  const source = {
    repoURL: REPOSITORY,
    targetRevision: COMMIT,
    path: 'gitops/argocd',
    kustomize: {
      patches: [{ target: { kind: 'Application', labelSelector: 'cluster-drill/pin=commit' }, patch: pin }],
    },
  };
  return application('bootstrap', '', {
    source,
    destination: { server: 'https://kubernetes.default.svc', namespace: 'argocd' },
  });
}

const healthOf = ({ status }: Manifest): { status: string; lastTransitionTime: string } =>
  (status?.['health'] ?? {}) as { status: string; lastTransitionTime: string };

test('all Applications of the example become healthy layer by layer, in the time that a team would need', async () => {
  const world = new WorldUnderTest(repositoryOf(EXAMPLE));
  await world.installArgoCd();
  await world.apply(`${APPLICATIONS}/bootstrap`, root());
  const start = world.clock.now().getTime();
  await world.minutes(60);
  const applications = await world.items(APPLICATIONS);
  expect(
    applications.map((app) => [app.metadata.name, healthOf(app).status]).filter(([, status]) => status !== 'Healthy'),
  ).toEqual([]);
  let from = start;
  for (const layer of LAYERS) {
    const inLayer = applications.filter(({ metadata }) => metadata.labels?.['cluster-drill/layer'] === layer);
    const created = inLayer.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''));
    const healthy = Math.max(...inLayer.map((app) => Date.parse(healthOf(app).lastTransitionTime)));
    // No layer begins before the one below is healthy (timestamps are whole seconds).
    expect(Math.min(...created)).toBeGreaterThanOrEqual(from - 1000);
    const minutes = (healthy - from) / 60_000;
    expect([layer, minutes >= EXPECTED[layer][0], minutes <= EXPECTED[layer][1], minutes]).toEqual([
      layer,
      true,
      true,
      minutes,
    ]);
    from = healthy;
  }
});

test('the children of the repository itself are pinned to the commit by the root', async () => {
  const world = new WorldUnderTest(repositoryOf(EXAMPLE));
  await world.installArgoCd();
  await world.apply(`${APPLICATIONS}/bootstrap`, root());
  await world.minutes(70);
  const web = await world.get(`${APPLICATIONS}/web`);
  expect(fieldIn(web, 'spec.source.targetRevision')).toBe(COMMIT);
  expect(fieldIn(web, 'status.sync.revision')).toBe(COMMIT);
});

test('a component that is taken out of the example makes no Application', async () => {
  const name = Object.keys(EXAMPLE).find((path) => path.endsWith('gitops/argocd/platform/kyverno.yaml'))!;
  const kustomization = EXAMPLE['gitops/argocd/kustomization.yaml']!.replace(/^.*kyverno\.yaml\n/m, '');
  const world = new WorldUnderTest(
    repositoryOf({ ...EXAMPLE, [name]: '', 'gitops/argocd/kustomization.yaml': kustomization }),
  );
  await world.installArgoCd();
  await world.apply(`${APPLICATIONS}/bootstrap`, root());
  await world.minutes(60);
  expect((await world.items(APPLICATIONS)).map(({ metadata }) => metadata.name)).not.toContain('kyverno');
});

test('all Kustomizations of the example become ready with Flux', async () => {
  const world = new WorldUnderTest(repositoryOf(EXAMPLE));
  await world.installFlux();
  const source = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/bootstrap';
  const kustomizations = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations';
  await world.apply(source, {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'bootstrap', namespace: 'flux-system' },
    spec: { url: REPOSITORY, interval: '10m', ref: { commit: COMMIT } },
  });
  const spec = {
    path: './gitops/flux',
    interval: '10m',
    prune: true,
    sourceRef: { kind: 'GitRepository', name: 'bootstrap' },
  };
  await world.apply(`${kustomizations}/bootstrap`, {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'bootstrap', namespace: 'flux-system' },
    spec,
  });
  await world.minutes(60);
  const objects = [
    ...(await world.items(kustomizations)),
    ...(await world.items('/apis/helm.toolkit.fluxcd.io/v2/helmreleases')),
  ];
  const unready = objects.filter((object) => conditionIn(object, 'Ready')?.status !== 'True');
  expect(objects.length).toBeGreaterThan(8);
  expect(unready.map(({ metadata }) => metadata.name)).toEqual([]);
});

/** All Applications after 72 minutes, with or without a restart after twelve. */
async function applicationsAfter(restarts: boolean): Promise<string> {
  const world = new WorldUnderTest(repositoryOf(EXAMPLE));
  await world.installArgoCd();
  await world.apply(`${APPLICATIONS}/bootstrap`, root());
  await world.minutes(12);
  if (restarts) world.restart();
  await world.minutes(60);
  return (await world.call('GET', APPLICATIONS)).text;
}

test('a world that is kept as text and read again goes on as if nothing had happened', async () => {
  expect(await applicationsAfter(true)).toBe(await applicationsAfter(false));
});
