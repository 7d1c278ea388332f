import { ABANDONED_NOTICE } from '../../domain/abandoned';
import type { ExecutionRecord } from '../services/step-functions';
import { machineOf } from './places';
import type { SimulatedCloud } from './simulated-cloud';

/** The alarms that what happened would have raised, by their headings in docs/runbook.md. */
export function raisedAlarms(cloud: SimulatedCloud, executions: readonly ExecutionRecord[]): readonly string[] {
  const failed = (machine: string): boolean =>
    executions.some(
      ({ machineArn, status }) => machineOf(machineArn) === machine && status !== 'SUCCEEDED' && status !== 'RUNNING',
    );
  const failing = (entry: string): boolean =>
    cloud.failures.some((failure) => failure.entry === entry) || cloud.deadLetters.includes(entry);
  const raised: Readonly<Record<string, boolean>> = {
    'Failed drill': failed('Drill'),
    'Failed teardown': failed('Teardown'),
    'Unsent report': executions.some(({ arn }) =>
      cloud.stepFunctions.historyOf(arn)?.events.some(({ state }) => state === 'Note unsent report'),
    ),
    'Failed guard': failing('guard-drill'),
    'Failed patrol': failing('patrol-drills'),
    'Abandoned resources': cloud.guardLog.some((line) => line.includes(`"notice":"${ABANDONED_NOTICE}"`)),
  };
  return Object.keys(raised).filter((heading) => raised[heading]);
}
