import * as z from 'zod';
import type { Host } from '../../adapters/host';
import type { DrillRecord } from '../../domain/record';
import { timesOf } from '../../domain/timing';
import { judge } from '../../domain/verdict';
import { lambdaEntry } from '../lambda-entry';
import { storyOf } from '../story-of';
import { environmentSchema } from './environment';

const eventSchema = z.object({ drillId: z.string() });

export interface Judged {
  readonly passed: boolean;
  readonly outcome: string;
}

/** *Judge drill*: verdict and findings, the record closed once, lease and slot given back. Judged again, the first verdict stands. */
export async function judgeDrill({ drillId }: z.infer<typeof eventSchema>, { clock, history }: Host): Promise<Judged> {
  const story = await storyOf(history, drillId);
  const record = story.record.verdict ? story.record : await close();
  await history.releaseLease(record.target, drillId);
  await history.releaseSlots(drillId);
  const { outcome } = record.verdict!;
  return { passed: outcome !== 'failed', outcome };

  async function close(): Promise<DrillRecord> {
    const times = timesOf(story);
    const { verdict, findings } = judge(story, times);
    await history.put(
      drillId,
      findings.map((item) => ({ type: 'finding', item })),
    );
    const counts = {
      findings: findings.length,
      leaks: story.leaks.filter((leak) => leak.status !== 'swept').length,
      manualSteps: story.manualSteps.filter((step) => step.status !== 'declared').length,
    };
    return history.close(drillId, { closedAt: clock.now().toISOString(), verdict, counts, times });
  }
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: judgeDrill });
