import { UserError } from '../domain/errors';
import type { ManualStep } from '../domain/record';
import type { Host } from './host';

/**
 * Says that a manual step is done: keeps who says so, then answers the callback, upon which the drill goes on.
 * @throws UserError when the drill does not wait for it.
 */
export async function confirmStep(
  { executions, history }: Pick<Host, 'executions' | 'history'>,
  drillId: string,
  step: ManualStep,
  confirmedBy: string,
): Promise<void> {
  if (step.status !== 'waiting' || step.taskToken === undefined) {
    throw new UserError(
      `Manual step "${step.name}" is ${step.status}; only one that the drill waits for can be confirmed.`,
    );
  }
  await history.put(drillId, [{ type: 'manual-step', item: { ...step, confirmedBy } }]);
  await executions.confirm(step.taskToken, { confirmedBy });
}
