import { awsClients, lazily } from './aws-clients';
import type { Host, HostEnvironment } from './host';
import { processRunner } from './process-runner';
import { systemClock } from './system-clock';

/**
 * The real host. Every adapter is loaded and made when it is first asked for, from the process's own SDK clients; what `overrides`
 * gives is used instead and reaches the adapters too (the clock).
 */
export function awsHost(environment: HostEnvironment, overrides: Partial<Host> = {}): Host {
  const { clock = systemClock } = overrides;
  const clients = awsClients();
  const makers: { [Name in keyof Host]: () => Host[Name] } = {
    clock: () => clock,
    history: () =>
      new (require('./dynamodb-history') as typeof import('./dynamodb-history')).DynamoDbHistory(
        new (require('./dynamodb-table') as typeof import('./dynamodb-table')).DynamoDbTable(
          clients.dynamodb,
          needed(environment, 'TABLE_NAME'),
          clock,
        ),
      ),
    evidence: () => host.objects(needed(environment, 'EVIDENCE_BUCKET')),
    objects: () => (bucket) =>
      new (require('./s3-object-store') as typeof import('./s3-object-store')).S3ObjectStore(clients.s3, bucket),
    mailer: () =>
      new (require('./ses-mailer') as typeof import('./ses-mailer')).SesMailer(
        clients.ses,
        environment.CONFIGURATION_SET,
      ),
    eks: () => new (require('./aws-eks') as typeof import('./aws-eks')).AwsEks(clients.eks, clock),
    builds: () =>
      new (require('./codebuild-builds') as typeof import('./codebuild-builds')).CodeBuildBuilds(clients.codebuild),
    executions: () => new (require('./sfn-executions') as typeof import('./sfn-executions')).SfnExecutions(clients.sfn),
    inventory: () => new (require('./aws-inventory') as typeof import('./aws-inventory')).AwsInventory(clients),
    accountChecks: () =>
      new (require('./aws-account-checks') as typeof import('./aws-account-checks')).AwsAccountChecks(clients),
    secrets: () =>
      new (require('./secrets-manager') as typeof import('./secrets-manager')).SecretsManager(clients.secrets),
    trail: () =>
      new (require('./cloudtrail-events') as typeof import('./cloudtrail-events')).CloudTrailEvents(
        clients.cloudtrail,
        clock,
      ),
    commands: () => processRunner,
    log: () => (line) => void process.stdout.write(`${line}\n`),
  };
  const host = lazily(makers, overrides);
  return host;
}

function needed(environment: HostEnvironment, name: keyof HostEnvironment): string {
  const value = environment[name];
  if (value === undefined) throw new Error(`environment variable ${name} is not set, and this code needs it`);
  return value;
}
