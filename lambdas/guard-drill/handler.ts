import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { DrillError, ErrorName } from '../../domain/errors';
import type { DrillRecord } from '../../domain/record';
import { endOfExecution, type Ended } from '../../domain/signs-of-life';
import { lambdaEntry } from '../lambda-entry';
import { environmentSchema, type Environment } from './environment';
import { startTeardownOnce } from './start-teardown';

/** The part of "Step Functions Execution Status Change" that matters here. `input` is JSON text; long ones are left out. */
const eventSchema = z.object({
  detail: z.object({
    executionArn: z.string(),
    status: z.string(),
    input: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});
type Event = z.infer<typeof eventSchema>;

/**
 * The guard: an execution that was aborted or timed out runs no Catch, so nothing inside it can tear down. A drill that
 * failed in the ordinary way has closed itself before its execution ended and is left alone; so is a teardown that runs
 * inside a drill, as the drill notices its end.
 */
export async function guardDrill(
  { detail }: Event,
  host: Host,
  environment: Environment,
): Promise<{ started: boolean }> {
  const open = await host.history.openDrills();
  const drill =
    open.find((record) => record.executionArn === detail.executionArn) ?? (await ofTeardown(detail, open, host));
  // The list of open drills may lag behind the close of one.
  if (!drill || (await host.history.record(drill.drillId))?.status !== 'open') return { started: false };
  const why = `${endOfExecution(await withCause(detail, host))} while it was ${drill.phase.replaceAll('-', ' ')}`;
  const started = await startTeardownOnce(drill.drillId, why, host, environment.TEARDOWN_MACHINE_ARN);
  // The failed invocation reaches the dead-letter queue, whose alarm calls a person.
  if (!started)
    throw new DrillError(
      ErrorName.GuardExhausted,
      `Drill ${drill.drillId} could not be torn down; its resources may still be there`,
    );
  return { started };
}

/** Whether every event tells error and cause is not written anywhere; DescribeExecution does. */
async function withCause(detail: Event['detail'], { executions }: Host): Promise<Ended> {
  if (detail.cause !== undefined) return detail;
  const { error, cause } = (await executions.execution(detail.executionArn)) ?? {};
  return { ...detail, error, cause };
}

/** The open drill of a teardown that the guard, or a person, had started. */
async function ofTeardown(
  { input }: Event['detail'],
  open: readonly DrillRecord[],
  { executions }: Host,
): Promise<DrillRecord | undefined> {
  const { drillId } = drillIdSchema.catch({}).parse(parsed(input));
  const drill = open.find((record) => record.drillId === drillId);
  if (!drill) return undefined;
  const execution = await executions.execution(drill.executionArn);
  return execution?.status === 'RUNNING' ? undefined : drill;
}

const drillIdSchema = z.object({ drillId: z.string().optional() });

function parsed(json: string | null | undefined): unknown {
  try {
    return JSON.parse(json ?? '{}');
  } catch {
    return {};
  }
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: guardDrill });
