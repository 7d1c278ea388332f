import { messageOf } from '../domain/errors';
import { inventoryScopeOf } from '../domain/inventory-scope';
import type { InventoryItem } from '../domain/ports/inventory';
import type { DrillStory } from '../domain/record';
import { sweepPlan, type SweepStep } from '../domain/sweep-plan';
import { leaksAfter, teardownOf } from '../domain/teardown';
import type { Host } from './host';

/** What a sweep needs of its host, in the Lambda and on the command line. */
export type SweepHost = Pick<Host, 'clock' | 'history' | 'inventory' | 'log'>;

/** What exists of the drill now, and what the sweep would do with it. Changes nothing. */
export async function planSweep(
  story: DrillStory,
  { clock, history, inventory }: SweepHost,
): Promise<readonly SweepStep[]> {
  const scope = inventoryScopeOf(story);
  const items = await inventory.find(scope);
  if (items.length === 0) return [];
  return sweepPlan(items, story.record, {
    account: await inventory.account(),
    lease: await history.lease(story.record.target),
    now: clock.now().toISOString(),
    scope,
  });
}

/**
 * Deletes what the plan says, in its order. One that cannot be asked for now does not keep the others: the next round
 * tries it again.
 * @returns why each resource that was not deleted was not, by its ARN.
 */
export async function carryOut(
  plan: readonly SweepStep[],
  { inventory, log }: SweepHost,
): Promise<ReadonlyMap<string, string>> {
  const obstacles = new Map<string, string>();
  for (const { item, obstacle } of plan) {
    const why = obstacle ?? (await remove(item, inventory));
    if (why !== undefined) obstacles.set(item.arn, why);
    log(why === undefined ? `deleting ${item.arn}` : `not deleted: ${item.arn}: ${why}`);
  }
  return obstacles;
}

async function remove(item: InventoryItem, inventory: SweepHost['inventory']): Promise<string | undefined> {
  try {
    return await inventory.remove(item);
  } catch (error) {
    return `AWS could not be asked to delete it: ${messageOf(error)}`;
  }
}

/** Books the leaks as a round has left them and, after the last round, the outcome of the teardown. */
export async function bookSweep(
  story: DrillStory,
  round: {
    readonly seen: readonly InventoryItem[];
    readonly left: readonly InventoryItem[];
    readonly obstacles: ReadonlyMap<string, string>;
    readonly isLast: boolean;
  },
  { clock, history }: SweepHost,
): Promise<void> {
  const { drillId } = story.record;
  const leaks = leaksAfter(story, round.seen, round.left, round.obstacles);
  await history.put(
    drillId,
    leaks.map((item) => ({ type: 'leak', item })),
  );
  if (!round.isLast) return;
  await history.change(drillId, { teardown: teardownOf(story, round.left.length, clock.now().toISOString()) });
}
