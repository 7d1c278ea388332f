import type { Fault } from '../../../../local/scenarios';
import type { Fields, Manifest } from '../../../../local/world/kubernetes/manifest';
import { conditionIn, fieldIn, recorded, shapeOf } from './shape';
import {
  application,
  APPLICATIONS,
  COMMIT,
  INSTALL_ARGOCD,
  REPOSITORY,
  repositoryOf,
  WorldUnderTest,
} from './world-under-test';

const configMap = (name: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`;
const deployment = (name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {containers: [{name: app, image: 'registry.example.com/${name}:1.0.0'}]}\n`;
const service = (name: string, port: number): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {ports: [{port: ${port}}]}\n`;

const child = (name: string, wave: number): string =>
  JSON.stringify({
    ...application(name, `apps/${name}`),
    metadata: {
      name,
      namespace: 'argocd',
      annotations: { 'argocd.argoproj.io/sync-wave': String(wave) },
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    },
  });

const FILES: Readonly<Record<string, string>> = {
  'apps/web/config.yaml': configMap('web'),
  'apps/web/service.yaml': service('web', 80),
  'apps/web/deployment.yaml': deployment('web'),
  'apps/one/deployment.yaml': deployment('one'),
  'apps/two/deployment.yaml': deployment('two'),
  'apps/invalid/config.yaml': configMap('invalid'),
  'apps/invalid/service.yaml': service('bad-port', 99_999_999),
  'apps/broken/deployment.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: [unclosed\n',
  'apps/lost/kustomization.yaml': 'resources: [nope.yaml]\n',
  'apps/unknown/widget.yaml': 'apiVersion: drill.example.com/v1\nkind: Widget\nmetadata: {name: w}\n',
  'parent/one.json': child('one', 0),
  'parent/two.json': child('two', 1),
};

async function withArgo(
  options: { readonly lua?: boolean; readonly faults?: readonly Fault[] } = {},
): Promise<WorldUnderTest> {
  const world = new WorldUnderTest(repositoryOf(FILES), options.faults);
  await world.installArgoCd(options.lua ?? true);
  return world;
}

async function apply(world: WorldUnderTest, manifest: Manifest): Promise<void> {
  await world.apply(`${APPLICATIONS}/${manifest.metadata.name}`, manifest);
}

interface Status {
  sync: { status: string; revision: string };
  health: { status: string; lastTransitionTime: string };
  operationState?: {
    phase: string;
    message?: string;
    startedAt: string;
    finishedAt?: string;
    retryCount?: number;
    operation: { initiatedBy: Fields };
    syncResult?: { revision: string; resources: Fields[] };
  };
  conditions?: { type: string; message: string; lastTransitionTime: string }[];
  history?: Fields[];
  reconciledAt: string;
  resources?: Fields[];
}

async function statusOf(world: WorldUnderTest, name: string): Promise<Status> {
  return (await world.get(`${APPLICATIONS}/${name}`)).status as unknown as Status;
}

const brief = ({ sync, health, operationState }: Status): string =>
  `${sync.status}/${health.status}/${operationState?.phase ?? '-'}`;

test('an Application has no status, then syncs, then is healthy, in the recorded shape', async () => {
  const world = await withArgo();
  await apply(world, application('web', 'apps/web'));
  expect((await world.get(`${APPLICATIONS}/web`)).status).toBeUndefined();
  await world.clock.sleep(5000);
  expect(brief(await statusOf(world, 'web'))).toBe('Synced/Progressing/Succeeded');
  await world.minutes(10);
  const status = await statusOf(world, 'web');
  expect(brief(status)).toBe('Synced/Healthy/Succeeded');
  expect(shapeOf(status)).toEqual(
    shapeOf(recorded<Manifest>('argocd/application-synced-healthy-full-sha').status).filter(
      (path) => !/retry\.backoff/.test(path),
    ),
  );
  expect([status.sync.revision, status.operationState?.syncResult?.revision]).toEqual([COMMIT, COMMIT]);
});

test('the health time is when it changed, the operation time when the sync ended, reconciledAt goes on', async () => {
  const world = await withArgo();
  await apply(world, application('web', 'apps/web'));
  await world.minutes(20);
  const { health, operationState, reconciledAt } = await statusOf(world, 'web');
  const created = Date.parse((await world.get(`${APPLICATIONS}/web`)).metadata.creationTimestamp ?? '');
  const deployed = await world.get('/apis/apps/v1/namespaces/apps/deployments/web');
  const available = conditionIn(deployed, 'Available');
  expect(
    Math.abs(Date.parse(health.lastTransitionTime) - Date.parse(available?.lastTransitionTime ?? '')),
  ).toBeLessThanOrEqual(1000);
  expect(Date.parse(operationState?.finishedAt ?? '') - created).toBeLessThan(10_000);
  expect(world.clock.now().getTime() - Date.parse(reconciledAt)).toBeLessThanOrEqual(150_000);
});

const chart = (repoURL: string, targetRevision: string): Manifest =>
  application('app', '', { source: { repoURL, chart: 'kyverno', targetRevision } });

describe('a source that cannot be rendered', () => {
  test.each<[what: string, manifest: Manifest, message: RegExp]>([
    [
      'path',
      application('app', 'apps/nope'),
      /^Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = apps\/nope: app path does not exist$/,
    ],
    [
      'revision',
      application('app', '', { source: { repoURL: REPOSITORY, path: 'apps/web', targetRevision: 'v9.9.9' } }),
      /unable to resolve 'v9\.9\.9' to a commit SHA$/,
    ],
    [
      'repository',
      application('app', '', {
        source: { repoURL: 'https://git.example.com/none.git', path: 'apps/web', targetRevision: 'main' },
      }),
      /failed to list refs: repository not found$/,
    ],
    [
      'YAML',
      application('app', 'apps/broken'),
      /Failed to unmarshal "deployment\.yaml": .*error converting YAML to JSON: yaml: line \d+: /,
    ],
    [
      'kustomization',
      application('app', 'apps/lost'),
      /`kustomize build .*apps\/lost` failed exit status 1: Error: accumulating resources: .*nope\.yaml/,
    ],
    [
      'chart version',
      chart('https://kyverno.github.io/kyverno', '99.0.0'),
      /failed exit status 1: Error: chart "kyverno" version "99\.0\.0" not found in https:\/\/kyverno\.github\.io\/kyverno repository$/,
    ],
    [
      'chart repository',
      chart('https://kyverno.github.io/kyvernooo', '3.8.2'),
      /is not a valid chart repository or cannot be reached/,
    ],
  ])(
    'a %s that does not exist is a ComparisonError over a healthy Application without an operation',
    async (_, manifest, message) => {
      const world = await withArgo();
      await apply(world, manifest);
      await world.minutes(5);
      const status = await statusOf(world, 'app');
      expect(brief(status)).toBe('Unknown/Healthy/-');
      expect(status.conditions).toMatchObject([
        { type: 'ComparisonError', message: expect.stringMatching(message) as string },
      ]);
      expect(status.sync.revision).toBe(fieldIn(manifest, 'spec.source.targetRevision'));
    },
  );

  test('its shape is the recorded one', async () => {
    const world = await withArgo();
    await apply(world, application('app', 'apps/nope'));
    await world.minutes(5);
    expect(shapeOf(await statusOf(world, 'app'))).toEqual(
      shapeOf(recorded<Manifest>('argocd/application-missing-path-comparison-error').status),
    );
  });
});

describe('a manifest that the API server refuses', () => {
  const manifest = application('invalid', 'apps/invalid', {
    syncPolicy: {
      automated: { prune: true, selfHeal: true },
      retry: { limit: 2, backoff: { duration: '5s', factor: 2, maxDuration: '1m' } },
      syncOptions: ['CreateNamespace=true'],
    },
  });

  test('a pending retry is Running with an end, in the recorded shape', async () => {
    const world = await withArgo();
    await apply(world, manifest);
    await world.clock.sleep(4000);
    const { operationState } = await statusOf(world, 'invalid');
    expect(operationState).toMatchObject({
      phase: 'Running',
      retryCount: 1,
      finishedAt: expect.any(String) as string,
      message: expect.stringMatching(/Retrying attempt #1 at \d+:\d\dAM\.$/) as string,
    });
    const shape = shapeOf(
      recorded<{ status: { operationState: object } }>('argocd/application-sync-failed-retry-pending').status
        .operationState,
    );
    expect(shapeOf(operationState)).toEqual(
      shape.filter((path) => !path.endsWith('.images[]') && !path.endsWith('.images')),
    );
  });

  test('after its retries it has failed for good, and the same commit is not tried again', async () => {
    const world = await withArgo();
    await apply(world, manifest);
    await world.minutes(30);
    const status = await statusOf(world, 'invalid');
    expect(brief(status)).toBe('OutOfSync/Healthy/Failed');
    expect(status.operationState).toMatchObject({
      retryCount: 2,
      message: expect.stringMatching(/Service "bad-port" is invalid: .* \(retried 2 times\)\.$/) as string,
    });
    expect(
      Date.parse(status.operationState?.finishedAt ?? '') - Date.parse(status.operationState?.startedAt ?? ''),
    ).toBeLessThan(40_000);
    expect(status.conditions).toMatchObject([
      { type: 'SyncError', message: expect.stringMatching(/^Failed last sync attempt to \[/) as string },
    ]);
  });

  test('a namespace that does not exist takes the default five retries, five minutes and some seconds', async () => {
    const world = await withArgo();
    await apply(world, application('web', 'apps/web', { syncPolicy: { automated: {} } }));
    await world.minutes(10);
    const { operationState } = await statusOf(world, 'web');
    const seconds = (Date.parse(operationState?.finishedAt ?? '') - Date.parse(operationState?.startedAt ?? '')) / 1000;
    expect(operationState).toMatchObject({
      phase: 'Failed',
      retryCount: 5,
      message: 'one or more objects failed to apply, reason: namespaces "apps" not found (retried 5 times).',
    });
    expect(Math.round(seconds)).toBeGreaterThanOrEqual(310);
    expect(seconds).toBeLessThan(320);
  });

  test('a kind without its definition names the missing CRD', async () => {
    const world = await withArgo();
    await apply(world, application('unknown', 'apps/unknown'));
    await world.clock.sleep(4000);
    expect((await statusOf(world, 'unknown')).operationState?.message).toContain(
      'Make sure the "Widget" CRD is installed on the destination cluster.',
    );
  });
});

describe('an app of apps', () => {
  const parent = application('parent', 'parent', {
    destination: { server: 'https://kubernetes.default.svc', namespace: 'argocd' },
  });

  test('with the health check a wave waits for the wave before', async () => {
    const world = await withArgo();
    await apply(world, parent);
    await world.minutes(1);
    const waiting = await statusOf(world, 'parent');
    expect([brief(waiting), waiting.operationState?.message]).toEqual([
      'OutOfSync/Progressing/Running',
      'waiting for healthy state of argoproj.io/Application/one',
    ]);
    expect((await world.items(APPLICATIONS)).map(({ metadata }) => metadata.name)).toEqual(['one', 'parent']);
    await world.minutes(20);
    expect(brief(await statusOf(world, 'parent'))).toBe('Synced/Healthy/Succeeded');
    const [one, two] = [await statusOf(world, 'one'), await world.get(`${APPLICATIONS}/two`)];
    const gap = Date.parse(two.metadata.creationTimestamp ?? '') - Date.parse(one.health.lastTransitionTime);
    expect(gap).toBeLessThanOrEqual(2000);
  });

  test('without it all waves come at once and the parent is healthy before its children', async () => {
    const world = await withArgo({ lua: false });
    await apply(world, parent);
    await world.minutes(1);
    expect(brief(await statusOf(world, 'parent'))).toBe('Synced/Healthy/Succeeded');
    expect(brief(await statusOf(world, 'two'))).toBe('Synced/Progressing/Succeeded');
  });

  test('self-heal undoes what somebody changes in a child, unless the parent was told to stop first', async () => {
    const world = await withArgo();
    await apply(world, parent);
    await world.minutes(25);
    const automated = async (): Promise<unknown> =>
      fieldIn(await world.get(`${APPLICATIONS}/one`), 'spec.syncPolicy.automated');
    await world.patch(`${APPLICATIONS}/one`, { spec: { syncPolicy: { automated: null } } });
    await world.minutes(1);
    expect(await automated()).toEqual({ prune: true, selfHeal: true });
    await world.patch(`${APPLICATIONS}/parent`, { spec: { syncPolicy: { automated: null } } });
    await world.patch(`${APPLICATIONS}/one`, { spec: { syncPolicy: { automated: null } } });
    await world.minutes(5);
    expect(await automated()).toBeUndefined();
  });

  test('a deleted resource comes back while auto-sync is on and stays away when it is off', async () => {
    const world = await withArgo();
    await apply(world, application('web', 'apps/web'));
    await world.minutes(10);
    const path = '/api/v1/namespaces/apps/services/web';
    await world.call('DELETE', path);
    await world.minutes(1);
    expect((await world.call('GET', path)).status).toBe(200);
    const { history, operationState } = await statusOf(world, 'web');
    expect([history?.length, operationState?.operation]).toMatchObject([1, { sync: { autoHealAttemptsCount: 1 } }]);
    await world.patch(`${APPLICATIONS}/web`, { spec: { syncPolicy: { automated: null } } });
    await world.call('DELETE', path);
    await world.minutes(10);
    expect((await world.call('GET', path)).status).toBe(404);
    expect((await statusOf(world, 'web')).sync.status).toBe('OutOfSync');
  });

  test('deleting the parent deletes the children and what they made, and only then is it gone', async () => {
    const world = await withArgo();
    const finalizers = ['resources-finalizer.argocd.argoproj.io'];
    await apply(world, { ...parent, metadata: { ...parent.metadata, finalizers } });
    await world.minutes(25);
    await world.call('DELETE', `${APPLICATIONS}/parent`);
    await world.clock.sleep(1000);
    const stuck = await world.get(`${APPLICATIONS}/parent`);
    expect([stuck.metadata.deletionTimestamp !== undefined, stuck.metadata.finalizers]).toEqual([true, finalizers]);
    await world.minutes(2);
    expect(await world.items(APPLICATIONS)).toEqual([]);
    expect(await world.items('/apis/apps/v1/namespaces/apps/deployments')).toEqual([]);
  });
});

test('a component that crashes makes its Application Degraded after the progress deadline', async () => {
  const world = await withArgo({ faults: [{ kind: 'component-crashes', component: 'web' }] });
  await apply(world, application('web', 'apps/web'));
  await world.minutes(5);
  expect(brief(await statusOf(world, 'web'))).toBe('Synced/Progressing/Succeeded');
  await world.minutes(6);
  expect(brief(await statusOf(world, 'web'))).toBe('Synced/Degraded/Succeeded');
});

test('a person who syncs leaves a name and no automation', async () => {
  const world = await withArgo({ faults: [{ kind: 'person-syncs', component: 'web', user: 'alice@example.com' }] });
  await apply(world, application('web', 'apps/web'));
  await world.minutes(5);
  const { operationState, history } = await statusOf(world, 'web');
  expect(operationState?.operation.initiatedBy).toEqual({ username: 'alice@example.com' });
  expect(history?.map(({ initiatedBy }) => initiatedBy)).toEqual([
    { automated: true },
    { username: 'alice@example.com' },
  ]);
});

test('an Application without auto-sync stays OutOfSync and Missing', async () => {
  const world = await withArgo();
  await apply(world, application('web', 'apps/web', { syncPolicy: {} }));
  await world.minutes(5);
  expect(brief(await statusOf(world, 'web'))).toBe('OutOfSync/Missing/-');
});

test('a project that does not exist makes the Application invalid', async () => {
  const world = await withArgo();
  await apply(world, application('web', 'apps/web', { project: 'nobody' }));
  await world.minutes(5);
  expect(shapeOf(await statusOf(world, 'web'))).toEqual(
    shapeOf(recorded<Manifest>('argocd/application-invalid-project').status),
  );
});

test('nothing is synced before the application controller runs', async () => {
  const world = new WorldUnderTest(repositoryOf(FILES), [
    { kind: 'component-slow', component: 'argocd-application-controller', factor: 10 },
  ]);
  await world.helm(INSTALL_ARGOCD);
  await apply(world, application('web', 'apps/web'));
  await world.minutes(10);
  expect((await world.get(`${APPLICATIONS}/web`)).status).toBeUndefined();
  await world.minutes(25);
  expect(brief(await statusOf(world, 'web'))).toBe('Synced/Healthy/Succeeded');
});
