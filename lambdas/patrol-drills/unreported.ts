import type { Host } from '../../adapters/host';
import { secondsBetween } from '../../domain/clock';
import { quarterOf } from '../../domain/names';
import type { DrillRecord } from '../../domain/record';
import { startTeardownAgain } from '../guard-drill/start-teardown';
import type { Looks } from './look';

/** *Send report* and its retries take minutes; one that is still under way is left alone. */
const REPORTING_SECONDS = 30 * 60;

/** Looked for a day long; after that the alarm *Unsent report* has had its reader. */
const LOOKED_FOR_SECONDS = 24 * 3_600;

/**
 * Finds drills that were closed and never reported: the execution was aborted right after the verdict, or the report
 * could not even be stored. The teardown is started again, which changes no verdict and ends with the report.
 */
export async function reportTheUnreported(host: Host, teardownMachineArn: string, looks: Looks): Promise<void> {
  const { clock, executions, history, log } = host;
  const now = clock.now();
  const yesterday = new Date(now.getTime() - LOOKED_FOR_SECONDS * 1000);
  for (const quarter of new Set([yesterday, now].map((at) => quarterOf(at.toISOString())))) {
    for (const { drillId, executionArn } of (await history.drillsIn(quarter)).filter((one) => lacksReport(one, now))) {
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
}

/** `mail` is written with the first try to send, also when all recipients are refused. */
function lacksReport({ closedAt, mail }: DrillRecord, now: Date): boolean {
  if (closedAt === undefined || mail !== undefined) return false;
  const age = secondsBetween(closedAt, now);
  return age > REPORTING_SECONDS && age < LOOKED_FOR_SECONDS;
}
