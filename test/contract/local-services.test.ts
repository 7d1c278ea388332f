import { CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import { S3Client } from '@aws-sdk/client-s3';
import { SESClient } from '@aws-sdk/client-ses';
import { SFNClient } from '@aws-sdk/client-sfn';
import { CodeBuildBuilds } from '../../adapters/codebuild-builds';
import { S3ObjectStore } from '../../adapters/s3-object-store';
import { SesMailer } from '../../adapters/ses-mailer';
import { SfnExecutions } from '../../adapters/sfn-executions';
import { createEndpoint, type Endpoint } from '../../local/endpoint';
import type { Service } from '../../local/service';
import { S3 } from '../../local/services/s3';
import { memoryObjects } from '../../local/services/s3/object-storage';
import { createSes } from '../../local/services/ses';
import { describeBuildsContract } from './builds';
import { describeExecutionsContract } from './executions';
import { describeMailerContract } from './mailer';
import { describeObjectStoreContract } from './object-store';
import { echoAndAsk, heldBuilds, newClock, PLACE } from './simulated-services';

/** The services of the local endpoint, seen through the adapters and SDK clients that AWS sees. */
const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function serve(services: Readonly<Record<string, Service>>): Promise<Endpoint> {
  const endpoint = await createEndpoint({ services });
  opened.push(endpoint);
  return endpoint;
}

describeObjectStoreContract('the local S3', async () => {
  const s3 = new S3({ clock: newClock(), buckets: ['evidence'], objects: memoryObjects() });
  const { url } = await serve({ s3: s3.service });
  return new S3ObjectStore(new S3Client({ endpoint: url }), 'evidence');
});

describeMailerContract('the local SES', async () => {
  const ses = createSes({ clock: newClock(), region: PLACE.region, unverified: ['new@example.com'] });
  const { url } = await serve({ ses: ses.service });
  return {
    mailer: new SesMailer(new SESClient({ endpoint: url }), 'cluster-drill'),
    unverifiedSender: 'new@example.com',
    accepted: async () =>
      ses.mails.map(({ from, to, subject, html = '', text = '' }) => ({ from, to: to.join(), subject, html, text })),
  };
});

describeExecutionsContract('the local Step Functions', async () => {
  const { stepFunctions, ...machines } = echoAndAsk();
  const { url } = await serve({ states: stepFunctions.service });
  return { executions: new SfnExecutions(new SFNClient({ endpoint: url })), ...machines };
});

describeBuildsContract('the local CodeBuild', async () => {
  const { codeBuild, ends } = heldBuilds();
  const { url } = await serve({ codebuild: codeBuild.service });
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
