import { CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { S3Client } from '@aws-sdk/client-s3';
import { SESClient } from '@aws-sdk/client-ses';
import { SFNClient } from '@aws-sdk/client-sfn';
import { CodeBuildBuilds } from '../../adapters/codebuild-builds';
import { S3ObjectStore } from '../../adapters/s3-object-store';
import { SesMailer } from '../../adapters/ses-mailer';
import { SfnExecutions } from '../../adapters/sfn-executions';
import type { BuildOutcome } from '../../local/builds/build-runner';
import { Chance } from '../../local/chance';
import { createDrillClock } from '../../local/clock';
import { createEndpoint, type Endpoint } from '../../local/endpoint';
import type { Service } from '../../local/service';
import { CodeBuild } from '../../local/services/codebuild';
import { S3 } from '../../local/services/s3';
import { memoryObjects } from '../../local/services/s3/object-storage';
import { createSes } from '../../local/services/ses';
import { StepFunctions } from '../../local/services/step-functions';
import { WorldState } from '../../local/world/world-state';
import { describeBuildsContract, PROJECTS } from './builds';
import { describeExecutionsContract } from './executions';
import { describeMailerContract } from './mailer';
import { describeObjectStoreContract } from './object-store';

/** The services of the local endpoint, seen through the adapters and SDK clients that AWS sees. */
const place = { region: 'eu-central-1', account: '000000000000' };
const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function serve(services: Readonly<Record<string, Service>>): Promise<Endpoint> {
  const endpoint = await createEndpoint({ services });
  opened.push(endpoint);
  return endpoint;
}

function newClock() {
  return createDrillClock({ start: new Date('2026-10-05T06:00:00Z'), speed: 'unpaced' });
}

describeObjectStoreContract('the local S3', async () => {
  const s3 = new S3({ clock: newClock(), buckets: ['evidence'], objects: memoryObjects() });
  const { url } = await serve({ s3: s3.service });
  return new S3ObjectStore(new S3Client({ endpoint: url }), 'evidence');
});

describeMailerContract('the local SES', async () => {
  const ses = createSes({ clock: newClock(), region: place.region, unverified: ['new@example.com'] });
  const { url } = await serve({ ses: ses.service });
  return {
    mailer: new SesMailer(new SESClient({ endpoint: url }), 'cluster-drill'),
    unverifiedSender: 'new@example.com',
    accepted: async () =>
      ses.mails.map(({ from, to, subject, html = '', text = '' }) => ({ from, to: to.join(), subject, html, text })),
  };
});

describeExecutionsContract('the local Step Functions', async () => {
  const tokens: string[] = [];
  const ask = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: 'ask', Payload: { 'taskToken.$': '$$.Task.Token' } },
    End: true,
  };
  const stepFunctions = new StepFunctions({
    ...place,
    clock: newClock(),
    state: new WorldState(),
    machines: [
      { name: 'echo', definition: { StartAt: 'Echo', States: { Echo: { Type: 'Pass', End: true } } } },
      { name: 'ask', definition: { StartAt: 'Ask', States: { Ask: ask } } },
    ],
    tasks: {
      lambda: async (_, payload) => void tokens.push((payload as { taskToken: string }).taskToken),
      startBuild: () => Promise.reject(new Error('no builds here')),
    },
  });
  const { url } = await serve({ states: stepFunctions.service });
  const arn = `arn:aws:states:${place.region}:${place.account}:stateMachine:`;
  return {
    executions: new SfnExecutions(new SFNClient({ endpoint: url })),
    echo: `${arn}echo`,
    ask: `${arn}ask`,
    async token() {
      while (tokens.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      return tokens.at(-1)!;
    },
  };
});

describeBuildsContract('the local CodeBuild', async () => {
  const ends = new Map<string, (succeeded: boolean) => void>();
  // Slow enough that no build reaches its timeout of 90 minutes (5.4 s) while the test looks at it.
  const clock = createDrillClock({ start: new Date('2026-10-05T06:00:00Z'), speed: 1000 });
  const codebuild = new CodeBuild({
    ...place,
    clock,
    state: new WorldState(),
    chance: new Chance(7),
    projects: PROJECTS.map((name) => ({
      name,
      buildspec: 'version: 0.2\nphases: {build: {commands: [node step.cjs]}}\n',
      environment: {},
      sourceDirectory: '/nowhere',
      timeoutMinutes: 90,
    })),
    runner: (order) => {
      const outcome = new Promise<BuildOutcome>((resolve) => {
        order.phaseStarted('build');
        const end = (succeeded: boolean): void => {
          order.phaseEnded('build', succeeded ? undefined : 'COMMAND_EXECUTION_ERROR exit status 1');
          resolve({ succeeded, exported: {} });
        };
        order.signal.addEventListener('abort', () => end(false));
        ends.set(order.id, end);
      });
      // The build itself does nothing, so that time passes for the others.
      return clock.idle(outcome);
    },
  });
  const { url } = await serve({ codebuild: codebuild.service });
  const client = new CodeBuildClient({ endpoint: url });
  return {
    builds: new CodeBuildBuilds(client),
    async start(projectName, drillId) {
      const environmentVariablesOverride = [{ name: 'DRILL_ID', value: drillId }];
      const { build } = await client.send(new StartBuildCommand({ projectName, environmentVariablesOverride }));
      const id = build!.id!;
      while (!ends.has(id)) await new Promise((resolve) => setTimeout(resolve, 5));
      return { id, end: (succeeded) => ends.get(id)!(succeeded) };
    },
  };
});
