import {
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  CodeBuildClient,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import type { BuildRunner } from '../../../local/builds/build-runner';
import { Chance } from '../../../local/chance';
import { createDrillClock } from '../../../local/clock';
import { createEndpoint } from '../../../local/endpoint';
import type { Endpoint } from '../../../local/endpoint';
import { CodeBuild } from '../../../local/services/codebuild';
import { WorldState } from '../../../local/world/world-state';

const projectName = 'cluster-drill-provision-cluster';
const clock = createDrillClock({ start: new Date('2026-11-02T05:00:00Z'), speed: 'unpaced' });
const state = new WorldState();

let runner: BuildRunner;
let codebuild: CodeBuild;
let endpoint: Endpoint;
let client: CodeBuildClient;

function createCodeBuild(world: WorldState): CodeBuild {
  return new CodeBuild({
    clock,
    state: world,
    chance: new Chance(7),
    region: 'eu-central-1',
    account: '000000000000',
    projects: [
      {
        name: projectName,
        buildspec: 'version: 0.2\nphases: {build: {commands: [node step.cjs]}}\n',
        environment: { TABLE_NAME: 'history', DRILL_ID: 'none' },
        sourceDirectory: '/nowhere',
        timeoutMinutes: 90,
      },
    ],
    runner: (order) => runner(order),
  });
}

beforeAll(async () => {
  codebuild = createCodeBuild(state);
  endpoint = await createEndpoint({ services: { codebuild: codebuild.service } });
  client = new CodeBuildClient({ endpoint: endpoint.url });
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

/** Waits for the build's end without being a worker of the clock. */
async function ended(id: string): Promise<void> {
  const isComplete = async (): Promise<boolean | undefined> =>
    (await client.send(new BatchGetBuildsCommand({ ids: [id] }))).builds?.[0]?.buildComplete;
  while (!(await isComplete())) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function startBuild(): Promise<string> {
  const { build } = await client.send(
    new StartBuildCommand({
      projectName,
      environmentVariablesOverride: [{ name: 'DRILL_ID', value: 'shop-1', type: 'PLAINTEXT' }],
    }),
  );
  return build?.id ?? '';
}

test('a started build runs by itself and is described as CodeBuild does', async () => {
  let drillId: string | undefined;
  runner = async (order) => {
    drillId = order.environment['DRILL_ID'];
    order.phaseStarted('build');
    await clock.sleep(600_000);
    order.phaseEnded('build');
    return { succeeded: true, exported: {} };
  };
  const id = await startBuild();
  expect(id).toMatch(new RegExp(`^${projectName}:[0-9a-f-]{36}$`));
  await ended(id);
  const { builds, buildsNotFound } = await client.send(new BatchGetBuildsCommand({ ids: [id, 'none:1'] }));
  expect(buildsNotFound).toEqual(['none:1']);
  expect(drillId).toBe('shop-1');
  expect(builds?.[0]).toMatchObject({
    arn: `arn:aws:codebuild:eu-central-1:000000000000:build/${id}`,
    buildStatus: 'SUCCEEDED',
    currentPhase: 'COMPLETED',
    startTime: new Date('2026-11-02T05:00:00Z'),
    environment: {
      environmentVariables: [
        { name: 'TABLE_NAME', value: 'history' },
        { name: 'DRILL_ID', value: 'shop-1' },
      ],
    },
  });
  const build = builds?.[0]?.phases?.find((phase) => phase.phaseType === 'BUILD');
  expect(build).toMatchObject({ phaseStatus: 'SUCCEEDED', durationInSeconds: 600 });
});

test('a build is stopped by its id', async () => {
  runner = async (order) => {
    order.phaseStarted('build');
    await new Promise((resolve) => order.signal.addEventListener('abort', resolve));
    return { succeeded: false, exported: {} };
  };
  const id = await startBuild();
  await client.send(new StopBuildCommand({ id }));
  await ended(id);
  const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
  expect(builds?.[0]).toMatchObject({ buildStatus: 'STOPPED' });
  await expect(client.send(new StopBuildCommand({ id: 'none:1' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a build that cannot be run is a FAULT with the reason', async () => {
  runner = async () => {
    throw new Error('bash is not there');
  };
  const id = await startBuild();
  await ended(id);
  const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
  expect(builds?.[0]?.buildStatus).toBe('FAULT');
  expect(builds?.[0]?.phases?.at(-2)).toMatchObject({
    phaseStatus: 'FAULT',
    contexts: [{ statusCode: 'INTERNAL_ERROR', message: 'bash is not there' }],
  });
});

test('builds of a project are listed newest first, or oldest first when asked', async () => {
  const newest = await client.send(new ListBuildsForProjectCommand({ projectName }));
  const oldest = await client.send(new ListBuildsForProjectCommand({ projectName, sortOrder: 'ASCENDING' }));
  expect(newest.ids).toHaveLength(3);
  expect(newest.ids).toEqual(oldest.ids?.toReversed());
  await expect(client.send(new ListBuildsForProjectCommand({ projectName: 'other' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('projects are described with their environment', async () => {
  const { projects, projectsNotFound } = await client.send(
    new BatchGetProjectsCommand({ names: [projectName, 'other'] }),
  );
  expect(projectsNotFound).toEqual(['other']);
  expect(projects).toMatchObject([{ name: projectName, timeoutInMinutes: 90 }]);
});

test('a project that does not exist starts no build, and the clock goes on', async () => {
  await expect(client.send(new StartBuildCommand({ projectName: 'other' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  const before = clock.now().getTime();
  await clock.sleep(1000);
  expect(clock.now().getTime() - before).toBe(1000);
});

test('the state machine gets the build with capital keys and milliseconds', async () => {
  runner = async (order) => {
    order.phaseStarted('build');
    order.phaseEnded('build', 'Error while executing command: node step.cjs. Reason: exit status 1');
    return { succeeded: false, exported: { REVISION: 'abc' } };
  };
  const start = clock.now().getTime();
  const workEnded = clock.work();
  const build = await codebuild.runBuild({ ProjectName: projectName }, new AbortController().signal);
  workEnded();
  expect(build).toMatchObject({
    BuildStatus: 'FAILED',
    BuildComplete: true,
    StartTime: start,
    ExportedEnvironmentVariables: [{ Name: 'REVISION', Value: 'abc' }],
  });
  await expect(
    codebuild.runBuild({ ProjectName: projectName, SourceVersion: 'main' }, new AbortController().signal),
  ).rejects.toMatchObject({ name: 'InvalidInputException', message: 'StartBuild knows no SourceVersion here' });
});

test('all builds stop when the drill ends', async () => {
  runner = async (order) => {
    await new Promise((resolve) => order.signal.addEventListener('abort', resolve));
    return { succeeded: false, exported: {} };
  };
  const id = await startBuild();
  await codebuild.stopAll();
  const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
  expect(builds?.[0]?.buildStatus).toBe('STOPPED');
});

test('a build that was running when the drill was killed is stopped when its world is found again', async () => {
  const world = new WorldState();
  runner = () => new Promise(() => {});
  const killed = createCodeBuild(world);
  void killed.runBuild({ ProjectName: projectName }, new AbortController().signal);
  const found = createCodeBuild(world);
  const [record] = world.section('codebuild', () => ({ builds: [] as { id: string }[] })).builds;
  const answer = await found.service({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': 'CodeBuild_20161006.BatchGetBuilds' },
    body: Buffer.from(JSON.stringify({ ids: [record?.id] })),
  });
  expect(JSON.parse(String(answer.body))).toMatchObject({ builds: [{ buildStatus: 'STOPPED', buildComplete: true }] });
});

test('the same seed gives the same builds', async () => {
  runner = async () => ({ succeeded: true, exported: {} });
  expect(await firstBuild()).toEqual(await firstBuild());
});

/** Id and duration of the first build of a new world. */
async function firstBuild(): Promise<unknown> {
  const workEnded = clock.work();
  const build = await createCodeBuild(new WorldState()).runBuild(
    { ProjectName: projectName },
    new AbortController().signal,
  );
  workEnded();
  return [build['Id'], Number(build['EndTime']) - Number(build['StartTime'])];
}
