import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { leaseEnd } from '../../domain/lease';
import { lambdaEntry } from '../lambda-entry';
import { environmentSchema, type Environment } from './environment';

const eventSchema = z.object({ drillId: z.string(), startedAt: z.string() });

/**
 * *Stop running builds*: from here on nothing of the drill is built any more. A build that still applies would build on what the teardown destroys, so each is stopped and
 * waited for (the machine asks again until none runs). The span `teardown` begins here; asked again it is the same.
 */
export async function stopBuilds(
  { drillId, startedAt }: z.infer<typeof eventSchema>,
  { builds, clock, history, log }: Host,
  { PROJECTS }: Environment,
): Promise<{ running: number; terraformVersion: string }> {
  // Before the builds are listed: one that claimed the apply earlier is among them, and no other one can any more.
  const record = await history.beginTeardown(drillId, clock.now().toISOString());
  await history.renewLease(record.target, drillId, clock.now().toISOString(), leaseEnd(clock.now()));
  await history.change(drillId, { phase: 'stopping-builds' });
  await history.put(drillId, [
    { type: 'span', item: { id: 'teardown', kind: 'teardown', name: 'teardown', startedAt, outcome: 'running' } },
  ]);
  const running = await builds.running(PROJECTS.split(','), drillId);
  for (const build of running) {
    log(`stopping build ${build.id}`);
    await builds.stop(build.id);
  }
  // A teardown by the guard or by hand is given the drill's id alone, and its builds install the drill's Terraform.
  return { running: running.length, terraformVersion: record.settings.terraform.version };
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: stopBuilds });
