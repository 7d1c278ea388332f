import type { Host } from '../../adapters/host';

/**
 * Notes that a drill was interrupted and starts its teardown. The execution is named after the drill, so however often
 * it is asked for, and by whomever, one teardown runs.
 * @param why end of the sentence that the report gives, such as `its execution was aborted`.
 */
export async function startTeardownOnce(
  drillId: string,
  why: string,
  { clock, executions, history }: Pick<Host, 'clock' | 'executions' | 'history'>,
  teardownMachineArn: string,
): Promise<void> {
  await history.putFailureOnce(drillId, {
    where: 'Drill',
    cause: 'interrupted',
    sentence: `The drill was interrupted: ${why}`,
    at: clock.now().toISOString(),
    evidence: [],
  });
  await executions.start(teardownMachineArn, { drillId }, `guard-${drillId}`);
}
