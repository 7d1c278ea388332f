import type { Host } from '../../adapters/host';
import { ABANDONED_NOTICE, abandonedMail, subjectsOf, type Abandoned } from '../../domain/abandoned';
import type { Targets } from '../../domain/settings';
import { tellOnce } from '../tell-once';

/** Writes the lines that the alarm counts at every round, and mails what has not been told yet. */
export async function reportAbandoned(all: readonly Abandoned[], targets: Targets, host: Host): Promise<void> {
  for (const { drillId, resources, why } of all) {
    for (const resource of resources.length > 0 ? resources : [drillId])
      host.log(JSON.stringify({ notice: ABANDONED_NOTICE, drillId, resource, why }));
  }
  await tellOnce(all.flatMap(subjectsOf), abandonedMail(all), targets, host);
}
