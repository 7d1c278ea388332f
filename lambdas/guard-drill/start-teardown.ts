import type { Host } from '../../adapters/host';
import type { DrillRecord } from '../../domain/record';

/** A teardown that died is started again, but not for ever: what kills three of them needs a person. */
const ATTEMPTS = 3;

type Starter = Pick<Host, 'clock' | 'executions' | 'history' | 'log'>;

/**
 * Ends a drill that is dead: an execution that still runs is stopped, so that nobody else closes the drill, and its
 * teardown is started once.
 * @param why as `causeOfDeath` says it.
 * @returns whether a teardown runs now, or has closed the drill.
 */
export async function endDeadDrill(
  { drillId, executionArn }: Pick<DrillRecord, 'drillId' | 'executionArn'>,
  why: string,
  host: Starter,
  teardownMachineArn: string,
): Promise<boolean> {
  const execution = await host.executions.execution(executionArn);
  if (execution?.status === 'RUNNING') await host.executions.stop(executionArn, `The drill is dead: ${why}`);
  return startTeardownOnce(drillId, why, host, teardownMachineArn);
}

/**
 * Notes that an open drill was interrupted and starts its teardown. The execution is named after the drill, so however
 * often it is asked for, and by whomever, one teardown runs; only one that ended without closing the drill is followed
 * by another.
 * @param why end of the sentence that the report gives, such as `its execution was aborted`.
 * @returns whether a teardown runs now, or has closed the drill.
 */
export async function startTeardownOnce(
  drillId: string,
  why: string,
  host: Starter,
  teardownMachineArn: string,
): Promise<boolean> {
  await host.history.putFailureOnce(drillId, {
    where: 'Drill',
    cause: 'interrupted',
    sentence: `The drill was interrupted: ${why}`,
    at: host.clock.now().toISOString(),
    evidence: [],
  });
  const isClosed = async (): Promise<boolean> => (await host.history.record(drillId))?.status === 'closed';
  return startTeardown(drillId, host, teardownMachineArn, isClosed);
}

/** Starts the teardown of a closed drill that left something, unless one runs; as often in all as that of a dead one. */
export function startTeardownAgain(drillId: string, host: Starter, teardownMachineArn: string): Promise<boolean> {
  return startTeardown(drillId, host, teardownMachineArn, async () => false);
}

/** @param isDone asked when a teardown has ended, before another one is started. */
async function startTeardown(
  drillId: string,
  { executions, log }: Starter,
  teardownMachineArn: string,
  isDone: () => Promise<boolean>,
): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const name = attempt === 1 ? `guard-${drillId}` : `guard-${drillId}-${attempt}`;
    const before = await executions.execution(`${teardownMachineArn.replace(':stateMachine:', ':execution:')}:${name}`);
    if (before?.status === 'RUNNING') return true;
    if (before && (await isDone())) return true;
    if (before) continue;
    await executions.start(teardownMachineArn, { drillId }, name);
    return true;
  }
  log(`${ATTEMPTS} teardowns of ${drillId} ended without closing it; see the runbook`);
  return false;
}
