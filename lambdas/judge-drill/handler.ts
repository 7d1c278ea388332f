import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { messageOf } from '../../domain/errors';
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
export async function judgeDrill({ drillId }: z.infer<typeof eventSchema>, host: Host): Promise<Judged> {
  const { clock, history } = host;
  const story = await storyOf(history, drillId);
  const record = story.record.verdict ? story.record : await close();
  await giveBack('lease', () => history.releaseLease(record.target, drillId), host);
  await giveBack('slot', () => history.releaseSlots(drillId), host);
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

/**
 * What a closed drill still holds is in nobody's way for long: the next drill of the target and the patrol free it. So
 * a failure here must not turn the execution of a drill red whose verdict stands.
 */
async function giveBack(what: string, release: () => Promise<void>, { log }: Host): Promise<void> {
  try {
    await release();
  } catch (error) {
    log(`the ${what} was not given back; the next drill or the patrol frees it: ${messageOf(error)}`);
  }
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: judgeDrill });
