import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  ListBuildsForProjectCommand,
  ResourceNotFoundException,
  StopBuildCommand,
  type Build,
} from '@aws-sdk/client-codebuild';
import { mockClient } from 'aws-sdk-client-mock';
import { CodeBuildBuilds } from '../../adapters/codebuild-builds';

const mock = mockClient(CodeBuildClient);
const builds = new CodeBuildBuilds(new CodeBuildClient());

beforeEach(() => {
  mock.reset();
});

function build(id: string, drillId: string, changes: Partial<Build> = {}): Build {
  return {
    id,
    projectName: id.split(':')[0]!,
    buildStatus: 'IN_PROGRESS',
    startTime: new Date('2026-10-05T06:05:00Z'),
    environment: {
      type: 'LINUX_CONTAINER',
      image: 'x',
      computeType: 'BUILD_GENERAL1_SMALL',
      environmentVariables: [
        { name: 'TABLE_NAME', value: 't' },
        { name: 'DRILL_ID', value: drillId },
      ],
    },
    ...changes,
  };
}

test('running builds are those of the drill that have not ended, over all projects', async () => {
  mock.on(ListBuildsForProjectCommand, { projectName: 'provision' }).resolves({ ids: ['provision:1', 'provision:2'] });
  mock.on(ListBuildsForProjectCommand, { projectName: 'drain' }).resolves({ ids: ['drain:1', 'drain:2'] });
  mock.on(ListBuildsForProjectCommand, { projectName: 'destroy' }).resolves({});
  mock.on(BatchGetBuildsCommand, { ids: ['provision:1', 'provision:2'] }).resolves({
    builds: [build('provision:1', 'mine'), build('provision:2', 'another')],
  });
  mock.on(BatchGetBuildsCommand, { ids: ['drain:1', 'drain:2'] }).resolves({
    builds: [build('drain:1', 'mine', { buildStatus: 'FAILED' }), build('drain:2', 'mine')],
  });
  const running = await builds.running(['provision', 'drain', 'destroy'], 'mine');
  expect(running.map(({ id }) => id)).toEqual(['provision:1', 'drain:2']);
  expect(running[0]).toEqual({
    id: 'provision:1',
    project: 'provision',
    status: 'IN_PROGRESS',
    drillId: 'mine',
    startedAt: '2026-10-05T06:05:00.000Z',
  });
  expect(mock.commandCalls(ListBuildsForProjectCommand)[0]?.args[0].input.sortOrder).toBe('DESCENDING');
});

test('a build that has ended tells when', async () => {
  mock.on(BatchGetBuildsCommand).resolves({
    builds: [build('provision:1', 'mine', { buildStatus: 'FAILED', endTime: new Date('2026-10-05T06:30:00Z') })],
  });
  expect(await builds.build('provision:1')).toMatchObject({
    status: 'FAILED',
    finishedAt: '2026-10-05T06:30:00.000Z',
  });
});

test('there is no build of an unknown id', async () => {
  mock.on(BatchGetBuildsCommand).resolves({ builds: [], buildsNotFound: ['a:1'] });
  expect(await builds.build('a:1')).toBeUndefined();
});

test('stopping a build that is gone is no error, another refusal is', async () => {
  mock.on(StopBuildCommand, { id: 'gone:1' }).rejects(new ResourceNotFoundException({ message: 'm', $metadata: {} }));
  mock.on(StopBuildCommand, { id: 'denied:1' }).rejects(new Error('denied'));
  mock.on(StopBuildCommand, { id: 'a:1' }).resolves({});
  await builds.stop('gone:1');
  await builds.stop('a:1');
  await expect(builds.stop('denied:1')).rejects.toThrow('denied');
});
