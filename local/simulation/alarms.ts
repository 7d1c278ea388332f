import { ABANDONED_NOTICE } from '../../domain/abandoned';
import type { ExecutionRecord } from '../services/execution-record';
import { machineOf } from './places';
import type { SimulatedCloud } from './simulated-cloud';

type Happened = (cloud: SimulatedCloud, executions: readonly ExecutionRecord[]) => boolean;

/** When the alarms are raised, by their headings in docs/runbook.md. */
export const RAISED_WHEN: Readonly<Record<string, Happened>> = {
  'Failed drill': (_, executions) => hasFailed(executions, 'Drill'),
  'Failed teardown': (_, executions) => hasFailed(executions, 'Teardown'),
  'Unsent report': ({ stepFunctions }, executions) =>
    executions.some(({ arn }) =>
      stepFunctions.historyOf(arn)?.events.some(({ state }) => state === 'Note unsent report'),
    ),
  'Failed guard': (cloud) => isFailing(cloud, 'guard-drill'),
  'Failed patrol': (cloud) => isFailing(cloud, 'patrol-drills'),
  'Abandoned resources': ({ guardLog }) => guardLog.some((line) => line.includes(`"notice":"${ABANDONED_NOTICE}"`)),
};

/** Why a simulated drill can raise none of the others. */
export const NEVER_RAISED: Readonly<Record<string, string>> = {
  'Silent patrol': 'the timers of the simulation always fire, so the patrol is never silent',
  'Missed quarter': 'it tells of drills that were not started, and does nothing for those that were',
  'Failed quarter check': 'the quarter check touches nothing of a drill',
  'Missed start': 'drills are started without EventBridge Scheduler',
};

/** The alarms that what happened would have raised, by their headings in docs/runbook.md. */
export function raisedAlarms(cloud: SimulatedCloud, executions: readonly ExecutionRecord[]): readonly string[] {
  return Object.keys(RAISED_WHEN).filter((heading) => RAISED_WHEN[heading]!(cloud, executions));
}

function hasFailed(executions: readonly ExecutionRecord[], machine: string): boolean {
  return executions.some(
    ({ machineArn, status }) => machineOf(machineArn) === machine && status !== 'SUCCEEDED' && status !== 'RUNNING',
  );
}

function isFailing({ deadLetters, failures }: SimulatedCloud, entry: string): boolean {
  return failures.some((failure) => failure.entry === entry) || deadLetters.includes(entry);
}
