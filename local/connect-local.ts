import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hostOf, type Connection } from '../cli/connection';
import type { Clock } from '../domain/clock';
import { UserError } from '../domain/errors';
import { evidenceBucketOf, MACHINE } from '../domain/names';
import type { Settings } from '../domain/settings';
import { systemClock } from '../adapters/system-clock';
import { createEndpoint } from './endpoint';
import { lockFolder } from './lock-folder';
import { createDynamoDb } from './services/dynamodb';
import { S3 } from './services/s3';
import { folderObjects } from './services/s3/folder-objects';
import type { Place } from './intrinsics';

/** How often a watcher of a local drill reads: two hours pass in seconds. */
const EVERY_MILLISECONDS = 400;

/** A connection to the local endpoint that `AWS_ENDPOINT_URL` names. */
export function connectionTo(
  { account, region }: Place,
  clock: Clock,
  close: () => Promise<void> = async () => {},
): Connection {
  return {
    ...hostOf(account, region),
    clock,
    drillMachineArn: `arn:aws:states:${region}:${account}:stateMachine:${MACHINE.drill}`,
    everyMilliseconds: EVERY_MILLISECONDS,
    close,
  };
}

/**
 * Opens history and reports of the drills that ran on this machine, for queries.
 * @throws UserError when there were none, or another process has them open.
 */
export async function connectLocal(directory: string, { account, region }: Settings): Promise<Connection> {
  const tables = join(directory, 'tables');
  if (!existsSync(tables))
    throw new UserError(`No drill has run on this machine yet (${directory} has no history); run "drill run" first.`);
  const unlock = lockFolder(directory);
  const dynamoDb = await createDynamoDb({ path: tables });
  const s3 = new S3({
    clock: systemClock,
    buckets: [evidenceBucketOf(account, region)],
    objects: folderObjects(join(directory, 's3')),
  });
  const endpoint = await createEndpoint({ services: { dynamodb: dynamoDb.service, s3: s3.service } });
  pointSdkAt(endpoint.url, region);
  return connectionTo({ account, region }, systemClock, async () => {
    await endpoint.close();
    await dynamoDb.close();
    unlock();
  });
}

/** From here on every SDK client of this process talks to the local endpoint, with credentials that mean nothing. */
export function pointSdkAt(url: string, region: string): void {
  process.env['AWS_ENDPOINT_URL'] = url;
  process.env['AWS_REGION'] = region;
  process.env['AWS_ACCESS_KEY_ID'] = 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'local';
  delete process.env['AWS_SESSION_TOKEN'];
  delete process.env['AWS_PROFILE'];
}
