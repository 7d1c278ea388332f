import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { DrillError, ErrorName, messageOf } from '../../domain/errors';
import { LAYERS } from '../../domain/layers';
import { keepLease } from '../../domain/lease';
import { manualStepMail } from '../../domain/manual-step-mail';
import type { DrillRecord, ManualStep } from '../../domain/record';
import { lambdaEntry } from '../lambda-entry';
import { openStoryOf } from '../story-of';
import { environmentSchema } from './environment';

const eventSchema = z.object({
  drillId: z.string(),
  layer: z.enum(LAYERS),
  manualStep: z.string(),
  taskToken: z.string(),
});

/**
 * *Await manual step*: keeps the callback token with the step and tells the recipients how to confirm it. The state
 * machine then waits until somebody does; the time between is booked as human time.
 */
export async function awaitManualStep(
  { drillId, manualStep, taskToken }: z.infer<typeof eventSchema>,
  host: Host,
): Promise<void> {
  const { clock, history } = host;
  const { record, manualSteps } = await openStoryOf(history, drillId);
  const step = manualSteps.find(({ name }) => name === manualStep);
  if (!step) throw new DrillError(ErrorName.DrillClosed, `Drill ${drillId} declares no manual step "${manualStep}"`);
  // Nothing works for the drill until the person has: the lease lasts for as long as the step may wait.
  await keepLease(record, history, clock.now(), record.settings.manualStepDeadlineSeconds);
  const requestedAt = step.requestedAt ?? clock.now().toISOString();
  const waiting: ManualStep = { ...step, status: 'waiting', taskToken, requestedAt };
  await history.put(drillId, [{ type: 'manual-step', item: waiting }]);
  await tell(record, waiting, host);
}

/** A request that cannot be mailed must not fail the drill: `drill watch` and the console show the step as well. */
async function tell(record: DrillRecord, step: ManualStep, { log, mailer }: Host): Promise<void> {
  const { from, to } = record.settings.report;
  for (const recipient of to) {
    try {
      await mailer.send({ from, to: recipient, ...manualStepMail(record, step) });
    } catch (error) {
      log(`${recipient} could not be told of the manual step ${step.name}: ${messageOf(error)}`);
    }
  }
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: awaitManualStep });
