import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '../cli/connection';
import { UserError } from '../domain/errors';
import { evidenceBucketOf } from '../domain/names';
import type { Settings } from '../domain/settings';
import { Chance } from './chance';
import { createDrillClock } from './clock';
import { connectionTo, pointSdkAt } from './connect-local';
import { createEndpoint } from './endpoint';
import { lockFolder } from './lock-folder';
import { createDynamoDb } from './services/dynamodb';
import { infrastructureServices } from './services/infrastructure';
import { S3 } from './services/s3';
import { folderObjects } from './services/s3/folder-objects';
import { AwsResources } from './world/aws-resources';
import type { SimulatedAccount } from './world/simulated-account';
import { WorldState } from './world/world-state';

/**
 * Opens the simulated account that earlier drills of this machine have left, with its history, for a sweep. Its time
 * goes on where the last drill ended, and passes as fast as the sweep waits.
 * @throws UserError when no drill has run here, or one runs now.
 */
export async function connectAccount(directory: string, { account, region }: Settings): Promise<Connection> {
  const tables = join(directory, 'tables');
  if (!existsSync(tables))
    throw new UserError(`No drill has run on this machine yet (${directory} has no history); run "drill run" first.`);
  const unlock = lockFolder(directory);
  const state = new WorldState(join(directory, 'world.json'));
  const time = state.section<{ now: string }>('clock', () => ({ now: '' }));
  const clock = createDrillClock({
    start: time.now === '' ? new Date() : new Date(time.now),
    speed: 'unpaced',
    onAdvance: (now) => void (time.now = now.toISOString()),
  });
  const aws = new AwsResources(state, clock);
  const world: SimulatedAccount = { clock, chance: new Chance(1), aws, account, region };
  const dynamoDb = await createDynamoDb({ path: tables });
  const s3 = new S3({
    clock,
    buckets: [evidenceBucketOf(account, region)],
    objects: folderObjects(join(directory, 's3')),
  });
  const endpoint = await createEndpoint({
    services: {
      dynamodb: dynamoDb.service,
      s3: s3.service,
      ...infrastructureServices(world),
    },
  });
  pointSdkAt(endpoint.url, region);
  return connectionTo({ account, region }, clock, async () => {
    await endpoint.close();
    await dynamoDb.close();
    state.save();
    unlock();
  });
}
