import type { Host } from '../../adapters/host';
import { secondsBetween } from '../../domain/clock';
import type { DrillRecord } from '../../domain/record';
import { startTeardownAgain } from '../guard-drill/start-teardown';
import type { Looks } from './look';
import { RECENT_SECONDS, recentDrills } from './recent-drills';

/** *Send report* and its retries take minutes; one that is still under way is left alone. */
const REPORTING_SECONDS = 30 * 60;

/**
 * Finds drills that were closed and never reported: the execution was aborted right after the verdict, or the report
 * could not even be stored. The teardown is started again, which changes no verdict and ends with the report.
 */
export async function reportTheUnreported(host: Host, teardownMachineArn: string, looks: Looks): Promise<void> {
  const { clock, executions, history, log } = host;
  const now = clock.now();
  for (const { drillId, executionArn } of (await recentDrills(host)).filter((one) => lacksReport(one, now))) {
    await looks.take(`report of ${drillId}`, async () => {
      // The list may lag behind the mail.
      const record = await history.record(drillId);
      if (!record || !lacksReport(record, now)) return;
      if ((await executions.execution(executionArn))?.status === 'RUNNING') return;
      if (await startTeardownAgain(drillId, host, teardownMachineArn))
        log(`drill ${drillId} was closed without a report; it is torn down again, to be reported`);
    });
  }
}

/**
 * For a day; after that the alarm *Unsent report* has had its reader. `mail` is written with the first try to send, also
 * when all recipients are refused.
 */
function lacksReport({ closedAt, mail }: DrillRecord, now: Date): boolean {
  if (closedAt === undefined || (mail && !mail.unreached)) return false;
  const age = secondsBetween(closedAt, now);
  return age > REPORTING_SECONDS && age < RECENT_SECONDS;
}
