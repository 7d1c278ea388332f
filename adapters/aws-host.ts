import { AwsAccountChecks } from './aws-account-checks';
import { awsClients, lazily } from './aws-clients';
import { AwsEks } from './aws-eks';
import { AwsInventory } from './aws-inventory';
import { CloudTrailEvents } from './cloudtrail-events';
import { CodeBuildBuilds } from './codebuild-builds';
import { DynamoDbHistory } from './dynamodb-history';
import { DynamoDbTable } from './dynamodb-table';
import type { Host, HostEnvironment } from './host';
import { processRunner } from './process-runner';
import { S3ObjectStore } from './s3-object-store';
import { SesMailer } from './ses-mailer';
import { SfnExecutions } from './sfn-executions';
import { systemClock } from './system-clock';

/**
 * The real host. Every adapter is made when it is first asked for, from the process's own SDK clients; what `overrides`
 * gives is used instead and reaches the adapters too (the clock).
 */
export function awsHost(environment: HostEnvironment, overrides: Partial<Host> = {}): Host {
  const { clock = systemClock } = overrides;
  const clients = awsClients();
  const host: Host = lazily<Host>({
    clock: () => clock,
    history: () => new DynamoDbHistory(new DynamoDbTable(clients.dynamodb, needed(environment, 'TABLE_NAME'), clock)),
    evidence: () => host.objects(needed(environment, 'EVIDENCE_BUCKET')),
    objects: () => (bucket) => new S3ObjectStore(clients.s3, bucket),
    mailer: () => new SesMailer(clients.ses, environment.CONFIGURATION_SET),
    eks: () => new AwsEks(clients.eks, clock),
    builds: () => new CodeBuildBuilds(clients.codebuild),
    executions: () => new SfnExecutions(clients.sfn),
    inventory: () => new AwsInventory(clients),
    accountChecks: () => new AwsAccountChecks(clients),
    trail: () => new CloudTrailEvents(clients.cloudtrail, clock),
    commands: () => processRunner,
    log: () => (line) => void process.stdout.write(`${line}\n`),
    ...given(overrides),
  });
  return host;
}

/** Overrides as makers; a property that is there but undefined overrides nothing. */
function given(overrides: Partial<Host>): { [Name in keyof Host]?: () => Host[Name] } {
  const present = Object.entries(overrides).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, () => value]));
}

function needed(environment: HostEnvironment, name: keyof HostEnvironment): string {
  const value = environment[name];
  if (value === undefined) throw new Error(`environment variable ${name} is not set, and this code needs it`);
  return value;
}
