import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { secondsBetween } from '../../domain/clock';
import { inventoryScopeOf } from '../../domain/inventory-scope';
import { leakOf } from '../../domain/leak';
import type { InventoryItem } from '../../domain/ports/inventory';
import type { DrillStory, Leak } from '../../domain/record';
import { deletionObstacle, SWEEP_SECONDS } from '../../domain/sweep';
import { inSweepOrder } from '../../domain/sweep-order';
import { teardownOf } from '../../domain/teardown';
import { lambdaEntry } from '../lambda-entry';
import { storyOf } from '../story-of';
import { environmentSchema } from './environment';

const eventSchema = z.object({ drillId: z.string() });

export interface Swept {
  readonly left: number;
  /** Whether another round may help: something is left and the time for sweeping is not over. */
  readonly again: boolean;
  readonly waitSeconds: number;
}

/** Deletions settle within tens of seconds to minutes, and an inventory is some twenty requests. */
const ROUND_SECONDS = 120;

/**
 * *Sweep leaks*, one round: deletes what may be deleted, in dependency order; the next round sees what came of it. The
 * last round, when nothing is there any more or the time is over, writes the outcome of the teardown. With nothing to
 * sweep it is the proof that nothing is left.
 */
export async function sweepLeaks({ drillId }: z.infer<typeof eventSchema>, host: Host): Promise<Swept> {
  const { clock, history, inventory } = host;
  const story = await storyOf(history, drillId);
  const scope = inventoryScopeOf(story);
  const items = await inventory.find(scope);
  const obstacles = items.length > 0 ? await remove(items, story, host) : new Map<string, string>();

  const now = clock.now().toISOString();
  const began = story.spans.find((span) => span.id === 'sweep')?.startedAt ?? now;
  const again = items.length > 0 && secondsBetween(began, now) < SWEEP_SECONDS;
  const left = again || items.length === 0 ? items : await inventory.find(scope);
  await history.put(
    drillId,
    leaksAfter(story, items, left, obstacles).map((item) => ({ type: 'leak', item })),
  );
  if (again) await noteSweeping(drillId, began, host);
  else await history.change(drillId, { teardown: teardownOf(story, left.length, now) });
  return { left: left.length, again, waitSeconds: ROUND_SECONDS };
}

async function noteSweeping(drillId: string, startedAt: string, { history }: Host): Promise<void> {
  await history.change(drillId, { phase: 'sweeping-leaks' });
  await history.put(drillId, [
    { type: 'span', item: { id: 'sweep', kind: 'teardown', name: 'sweep', startedAt, outcome: 'running' } },
  ]);
}

async function remove(items: readonly InventoryItem[], story: DrillStory, host: Host): Promise<Map<string, string>> {
  const { record } = story;
  const scope = inventoryScopeOf(story);
  const facts = {
    account: await host.inventory.account(),
    lease: await host.history.lease(record.target),
    now: host.clock.now().toISOString(),
    vpcIds: scope.vpcId === undefined ? [] : [scope.vpcId],
    volumeIds: scope.volumeIds,
  };
  const obstacles = new Map<string, string>();
  for (const item of inSweepOrder(items)) {
    const obstacle = deletionObstacle(item, record, facts) ?? (await host.inventory.remove(item));
    if (obstacle !== undefined) obstacles.set(item.arn, obstacle);
    host.log(obstacle === undefined ? `deleting ${item.arn}` : `not deleted: ${item.arn}: ${obstacle}`);
  }
  return obstacles;
}

/** What was a leak before this round or is one now: left where it still exists, otherwise swept. */
function leaksAfter(
  story: DrillStory,
  items: readonly InventoryItem[],
  left: readonly InventoryItem[],
  obstacles: Map<string, string>,
): Leak[] {
  const stillThere = new Map(left.map((item) => [item.arn, item]));
  const gone = [
    ...story.leaks.filter((leak) => !stillThere.has(leak.arn)),
    ...items.filter((item) => !stillThere.has(item.arn)).map((item) => leakOf(item, 'swept')),
  ].map((leak): Leak => ({ ...leak, status: 'swept' }));
  const seen = new Map(gone.map((leak) => [leak.arn, leak]));
  return [...seen.values(), ...left.map((item) => leakOf(item, 'left', obstacles.get(item.arn)))];
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: sweepLeaks });
