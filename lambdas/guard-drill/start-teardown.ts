import type { Host } from '../../adapters/host';

/** A teardown that died is started again, but not for ever: what kills three of them needs a person. */
const ATTEMPTS = 3;

/**
 * Notes that a drill was interrupted and starts its teardown. The execution is named after the drill, so however often
 * it is asked for, and by whomever, one teardown runs; only one that ended without closing the drill is followed by
 * another.
 * @param why end of the sentence that the report gives, such as `its execution was aborted`.
 * @returns whether a teardown runs now.
 */
export async function startTeardownOnce(
  drillId: string,
  why: string,
  { clock, executions, history, log }: Pick<Host, 'clock' | 'executions' | 'history' | 'log'>,
  teardownMachineArn: string,
): Promise<boolean> {
  await history.putFailureOnce(drillId, {
    where: 'Drill',
    cause: 'interrupted',
    sentence: `The drill was interrupted: ${why}`,
    at: clock.now().toISOString(),
    evidence: [],
  });
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const name = attempt === 1 ? `guard-${drillId}` : `guard-${drillId}-${attempt}`;
    const before = await executions.execution(`${teardownMachineArn.replace(':stateMachine:', ':execution:')}:${name}`);
    if (before?.status === 'RUNNING') return true;
    if (before) continue;
    await executions.start(teardownMachineArn, { drillId }, name);
    return true;
  }
  log(`${ATTEMPTS} teardowns of ${drillId} ended without closing it; see the runbook`);
  return false;
}
