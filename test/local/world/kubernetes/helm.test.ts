import { INSTALL_ARGOCD, WorldUnderTest } from './world-under-test';

const ARGO = ['argo-cd', '--repo', 'https://argoproj.github.io/argo-helm'];

test('upgrade --install --wait takes its time and leaves a release that runs', async () => {
  const world = new WorldUnderTest();
  const before = world.clock.now().getTime();
  const { code, stdout } = await world.helm([...INSTALL_ARGOCD, '--version', '10.1.1', '--wait', '--timeout', '10m']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('Release "argocd" does not exist. Installing it now.')]);
  const minutes = (world.clock.now().getTime() - before) / 60_000;
  expect(minutes).toBeGreaterThan(1.5);
  expect(minutes).toBeLessThan(4);
  const deployments = await world.items('/apis/apps/v1/namespaces/argocd/deployments');
  expect(deployments.map(({ metadata, status }) => [metadata.name, status?.['readyReplicas']])).toContainEqual([
    'argocd-repo-server',
    1,
  ]);
  const list = await world.helm(['list', '-n', 'argocd', '-o', 'json']);
  expect(JSON.parse(list.stdout)).toMatchObject([
    { name: 'argocd', revision: '1', status: 'deployed', chart: 'argo-cd-10.1.1' },
  ]);
});

test('custom resources are served once the chart that brings their definitions is installed', async () => {
  const world = new WorldUnderTest();
  const path = '/apis/argoproj.io/v1alpha1/applications';
  expect((await world.call('GET', path)).text).toBe('404 page not found\n');
  await world.installArgoCd();
  expect((await world.call('GET', path)).status).toBe(200);
});

test.each([
  [
    'version',
    ['upgrade', '--install', 'a', ...ARGO, '--version', '99.9.9'],
    'Error: chart "argo-cd" version "99.9.9" not found in https://argoproj.github.io/argo-helm repository\n',
  ],
  [
    'chart',
    ['upgrade', '--install', 'a', 'argo-cdd', '--repo', 'https://argoproj.github.io/argo-helm'],
    'Error: chart "argo-cdd" not found in https://argoproj.github.io/argo-helm repository\n',
  ],
  ['alias', ['upgrade', '--install', 'a', 'argo/argo-cd'], 'Error: repo argo not found\n'],
  [
    'namespace',
    ['upgrade', '--install', 'a', ...ARGO, '-n', 'nowhere'],
    'Error: INSTALLATION FAILED: namespaces "nowhere" not found\n',
  ],
  ['release', ['uninstall', 'a'], 'Error: uninstall: Release not loaded: a: release: not found\n'],
])('a %s that does not exist is refused in the words of helm', async (_, args, stderr) => {
  expect(await new WorldUnderTest().helm(args)).toMatchObject({ code: 1, stderr });
});

test('a repository that was added is found by its alias', async () => {
  const world = new WorldUnderTest();
  await world.helm(['repo', 'add', 'argo', 'https://argoproj.github.io/argo-helm']);
  expect((await world.helm(['repo', 'update'])).stdout).toContain(
    'Successfully got an update from the "argo" chart repository',
  );
  expect(
    (await world.helm(['upgrade', '--install', 'argocd', 'argo/argo-cd', '-n', 'argocd', '--create-namespace'])).code,
  ).toBe(0);
});

test('pods that crash make --wait fail at its timeout', async () => {
  const world = new WorldUnderTest(undefined, [{ kind: 'component-crashes', component: 'argocd-server' }]);
  const { code, stderr } = await world.helm([...INSTALL_ARGOCD, '--wait', '--timeout', '3m']);
  expect([code, stderr]).toEqual([1, 'Error: context deadline exceeded\n']);
});

test('a cluster that cannot be reached is told apart', async () => {
  const world = new WorldUnderTest(undefined, [{ kind: 'cluster-unreachable' }]);
  const { code, stderr } = await world.helm(['list']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('Error: Kubernetes cluster unreachable: ')]);
});

test('uninstall removes what the release made, except definitions', async () => {
  const world = new WorldUnderTest();
  await world.installArgoCd();
  await world.helm(['uninstall', 'argocd', '-n', 'argocd']);
  await world.minutes(1);
  expect(await world.items('/apis/apps/v1/namespaces/argocd/deployments')).toEqual([]);
  expect((await world.call('GET', '/apis/argoproj.io/v1alpha1/applications')).status).toBe(200);
});

test('values by file and by --set reach the chart', async () => {
  const world = new WorldUnderTest();
  const args = [...INSTALL_ARGOCD, '--values', 'values.yaml', '--set', 'configs.cm.admin\\.enabled=false'];
  await world.helm(args, { 'values.yaml': 'configs: {cm: {url: https://argocd.example.com}}\n' });
  const settings = await world.get('/api/v1/namespaces/argocd/configmaps/argocd-cm');
  expect(settings['data']).toMatchObject({ url: 'https://argocd.example.com', 'admin.enabled': false });
});
