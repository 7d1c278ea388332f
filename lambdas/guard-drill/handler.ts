import { z } from 'zod';
import type { Host } from '../../adapters/host';
import { lambdaEntry } from '../lambda-entry';
import { environmentSchema, type Environment } from './environment';
import { startTeardownOnce } from './start-teardown';

/** The part of "Step Functions Execution Status Change" that matters here. */
const eventSchema = z.object({ detail: z.object({ executionArn: z.string(), status: z.string() }) });
type Event = z.infer<typeof eventSchema>;

const WORDS: Record<string, string> = { ABORTED: 'was aborted', TIMED_OUT: 'timed out', FAILED: 'failed' };

/**
 * The guard: an execution that was aborted or timed out runs no Catch, so nothing inside it can tear down. A drill that
 * failed in the ordinary way has closed itself before its execution ended and is left alone.
 */
export async function guardDrill(
  { detail }: Event,
  host: Host,
  environment: Environment,
): Promise<{ started: boolean }> {
  const open = await host.history.openDrills();
  const drill = open.find((record) => record.executionArn === detail.executionArn);
  if (!drill) return { started: false };
  const why = `its execution ${WORDS[detail.status] ?? `ended as ${detail.status}`} while it was ${drill.phase.replaceAll('-', ' ')}`;
  await startTeardownOnce(drill.drillId, why, host, environment.TEARDOWN_MACHINE_ARN);
  return { started: true };
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: guardDrill });
