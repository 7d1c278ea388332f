import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { inventoryScopeOf } from '../../domain/inventory-scope';
import { leakOf } from '../../domain/leak';
import { leaseEnd } from '../../domain/lease';
import { lambdaEntry } from '../lambda-entry';
import { storyOf } from '../story-of';
import { environmentSchema } from './environment';

const eventSchema = z.object({ drillId: z.string() });

/** *Find leaks*: lists what of the drill still exists after destroy. */
export async function findLeaks(
  { drillId }: z.infer<typeof eventSchema>,
  { clock, history, inventory }: Host,
): Promise<{ found: number }> {
  await history.change(drillId, { phase: 'finding-leaks' });
  const story = await storyOf(history, drillId);
  await history.renewLease(story.record.target, drillId, clock.now().toISOString(), leaseEnd(clock.now()));
  const items = await inventory.find(inventoryScopeOf(story));
  await history.put(
    drillId,
    items.map((item) => ({ type: 'leak', item: leakOf(item, 'found', story.record.settings) })),
  );
  return { found: items.length };
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: findLeaks });
