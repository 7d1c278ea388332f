import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { ABANDONED_NOTICE, abandonedMail, subjectsOf, type Abandoned } from '../../domain/abandoned';
import { lambdaEntry } from '../lambda-entry';
import { readTargets } from '../read-targets';
import { tellOnce } from '../tell-once';
import { tearDownTheDead } from './dead-drills';
import { environmentSchema, type Environment } from './environment';
import { freeHoldings } from './free-holdings';
import { lookForLeaks } from './leaks';
import { Looks } from './look';
import { reportTheUnreported } from './unreported';

/**
 * The patrol, the guard's hourly round, for what no event tells: EventBridge delivers the end of an execution at best
 * effort, and a resource that outlives its drill ends nothing. Every look may be taken twice, and by two rounds at once.
 * @throws Error with every look that failed, when all have been taken.
 */
export async function patrolDrills(
  _event: unknown,
  host: Host,
  environment: Environment,
): Promise<{ abandoned: readonly Abandoned[] }> {
  const looks = new Looks(host.log);
  const abandoned: Abandoned[] = [];
  const { TEARDOWN_MACHINE_ARN } = environment;
  await looks.take('open drills', async () => {
    abandoned.push(...(await tearDownTheDead(host, TEARDOWN_MACHINE_ARN, looks)));
  });
  await looks.take('leaks', async () => {
    abandoned.push(...(await lookForLeaks(host, TEARDOWN_MACHINE_ARN, looks)));
  });
  await looks.take('unreported drills', () => reportTheUnreported(host, TEARDOWN_MACHINE_ARN, looks));
  noteAbandoned(abandoned, host.log);
  // Last, as they need the deployed targets: without those a dead drill is torn down all the same.
  await looks.take('deployed targets', async () => {
    const targets = await readTargets(host, environment);
    await freeHoldings(targets, host, looks);
    await tellOnce(abandoned.flatMap(subjectsOf), abandonedMail(abandoned), targets, host);
  });
  looks.conclude();
  return { abandoned };
}

/** A line of the log for each resource, at every round: the alarm counts them for as long as there are any. */
function noteAbandoned(all: readonly Abandoned[], log: Host['log']): void {
  for (const { drillId, resources, why } of all) {
    for (const resource of resources.length > 0 ? resources : [drillId])
      log(JSON.stringify({ notice: ABANDONED_NOTICE, drillId, resource, why }));
  }
}

export const handler = lambdaEntry({ environment: environmentSchema, event: z.unknown(), run: patrolDrills });
