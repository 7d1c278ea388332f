import type { Host } from '../../adapters/host';
import type { DrillRecord, DrillStory, Readiness } from '../../domain/record';

/** How many drills back are looked at: older ones have been tried again by each of these. */
const EARLIER_DRILLS = 5;

/** What closed drills of the target left in the account. */
export interface EarlierLeaks {
  /** Whether they are being removed now. */
  readonly beingSwept: boolean;
  /** What is still there, a warning of the new drill's readiness and so one of its findings. */
  readonly left: readonly Readiness[];
}

/**
 * Tears the closed drills of the target down once more whose teardown could not prove that nothing is left: once for
 * each new drill, whose id is part of the teardown's name.
 */
export async function sweepEarlierLeaks(
  { drillId, target }: DrillRecord,
  { executions, history, log }: Host,
  teardownMachineArn: string,
): Promise<EarlierLeaks> {
  const { records } = await history.drillsOf(target, { limit: EARLIER_DRILLS });
  const leaking = records.filter(
    (record) => record.drillId !== drillId && record.status === 'closed' && hasLeft(record),
  );
  let beingSwept = false;
  const left: Readiness[] = [];
  for (const earlier of leaking) {
    const name = `sweep-${earlier.drillId}-${drillId.slice(-6)}`;
    const teardown = await executions.execution(
      `${teardownMachineArn.replace(':stateMachine:', ':execution:')}:${name}`,
    );
    if (!teardown) {
      await executions.start(teardownMachineArn, { drillId: earlier.drillId }, name);
      log(`drill ${earlier.drillId} left something; it is torn down once more`);
    }
    if (!teardown || teardown.status === 'RUNNING') beingSwept = true;
    // The list may lag behind the teardown that has just ended.
    const now = await history.story(earlier.drillId);
    if (now && hasLeft(now.record)) left.push(warning(now));
  }
  return { beingSwept, left };
}

function hasLeft({ teardown }: DrillRecord): boolean {
  return teardown?.outcome !== 'nothing-left';
}

function warning({ leaks, record: { drillId } }: DrillStory): Readiness {
  const arns = leaks.filter(({ status }) => status !== 'swept').map(({ arn }) => arn);
  return {
    name: `leaks of ${drillId}`,
    status: 'warned',
    sentence: `Tearing drill ${drillId} down once more did not remove what it had left: ${arns.join(', ') || 'nobody knows what'}`,
  };
}
