import * as z from 'zod';
import { readDrillInput, type DrillRequest } from '../../domain/drill-input';
import { DrillError, ErrorName } from '../../domain/errors';
import { clusterNameOf, drillIdOf, MACHINE } from '../../domain/names';
import type { DrillRecord } from '../../domain/record';
import type { Host } from '../../adapters/host';
import { leaseEnd } from '../../domain/lease';
import { lambdaEntry } from '../lambda-entry';
import { readTargets } from '../read-targets';
import { environmentSchema, type Environment } from './environment';
import { startTeardownOnce } from '../guard-drill/start-teardown';

const eventSchema = z.object({ input: z.unknown(), executionArn: z.string(), startedAt: z.string() });
type Event = z.infer<typeof eventSchema>;

/** What the state machine carries from state to state; everything else is read from the record. */
export interface OpenedDrill {
  readonly drillId: string;
  readonly target: string;
  readonly deadlineSeconds: number;
  readonly terraformVersion: string;
}

/** *Open drill*: validates the input, drops a duplicate, takes the lease and writes the record. */
export async function openDrill(event: Event, host: Host, environment: Environment): Promise<OpenedDrill> {
  const request = readDrillInput(event.input, await readTargets(host, environment));
  const record = newRecord(event, request);
  try {
    await host.history.open(record, leaseEnd(host.clock.now()));
  } catch (error) {
    if (error instanceof DrillError && error.name === ErrorName.LeaseHeld)
      await refuseForHolder(record.target, host, environment);
    throw error;
  }
  return {
    drillId: record.drillId,
    target: record.target,
    deadlineSeconds: record.settings.deadlineSeconds,
    terraformVersion: record.settings.terraform.version,
  };
}

function newRecord({ executionArn, startedAt }: Event, { settings, ref, scheduledAt }: DrillRequest): DrillRecord {
  const drillId = drillIdOf(settings.name, executionArn, startedAt);
  return {
    drillId,
    target: settings.name,
    trigger: scheduledAt === undefined ? 'demand' : 'schedule',
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
    executionArn,
    status: 'open',
    phase: 'opening',
    openedAt: startedAt,
    settings,
    ref,
    clusterName: clusterNameOf(drillId),
    layers: {},
  };
}

/** When the lease's holder is dead, has it torn down (once, whoever else noticed), and says so instead of the plain refusal. */
async function refuseForHolder(target: string, host: Host, environment: Environment): Promise<void> {
  const lease = await host.history.lease(target);
  if (!lease) return;
  const execution = await host.executions.execution(lease.executionArn);
  if (execution?.status === 'RUNNING') return;
  const why = `its execution is ${execution?.status ?? 'gone'}`;
  const runs = await startTeardownOnce(lease.drillId, why, host, environment.TEARDOWN_MACHINE_ARN);
  const dead = `Drill ${lease.drillId} of target ${target} died`;
  throw new DrillError(
    ErrorName.LeaseHeld,
    runs
      ? `${dead} and is being torn down now; start this drill again when its report has come`
      : `${dead}, and so did its teardowns; mend what the last one says, then start ${MACHINE.teardown} with {"drillId": "${lease.drillId}"}`,
  );
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: openDrill });
