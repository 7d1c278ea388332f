import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { bookSweep, carryOut, planSweep } from '../../adapters/sweep-round';
import { secondsBetween } from '../../domain/clock';
import { inventoryScopeOf } from '../../domain/inventory-scope';
import { leaseEnd } from '../../domain/lease';
import type { Detail } from '../../domain/ports/history';
import { ROUND_SECONDS, SWEEP_SECONDS } from '../../domain/sweep';
import { sweepSince } from '../../domain/teardown';
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

/**
 * *Sweep leaks*, one round: deletes what the plan allows, in dependency order; the next round sees what came of it. The
 * last round, when nothing is there any more or the time is over, writes the outcome of the teardown. With nothing to
 * sweep it is the proof that nothing is left.
 */
export async function sweepLeaks({ drillId }: z.infer<typeof eventSchema>, host: Host): Promise<Swept> {
  const { clock, history, inventory } = host;
  const story = await storyOf(history, drillId);
  await history.renewLease(story.record.target, drillId, clock.now().toISOString(), leaseEnd(clock.now()));
  const plan = await planSweep(story, host);
  const seen = plan.map(({ item }) => item);
  const now = clock.now().toISOString();
  const began = sweepSince(story, now);
  const obstacles = await carryOut(plan, host);
  const again = seen.length > 0 && secondsBetween(began, now) < SWEEP_SECONDS;
  const left = again || seen.length === 0 ? seen : await inventory.find(inventoryScopeOf(story));
  if (again) await history.change(drillId, { phase: 'sweeping-leaks' });
  await bookSweep(story, { seen, left, obstacles, isLast: !again }, host);
  // A sweep that found nothing in its first round was none.
  if (again || began !== now) await history.put(drillId, [spanOf(began, again ? undefined : now, left.length)]);
  return { left: left.length, again, waitSeconds: ROUND_SECONDS };
}

function spanOf(startedAt: string, finishedAt: string | undefined, left: number): Detail {
  const span = { id: 'sweep', kind: 'teardown', name: 'sweep', startedAt } as const;
  if (finishedAt === undefined) return { type: 'span', item: { ...span, outcome: 'running' } };
  return { type: 'span', item: { ...span, finishedAt, outcome: left === 0 ? 'succeeded' : 'failed' } };
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: sweepLeaks });
