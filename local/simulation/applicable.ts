import { MACHINE_OF_BUILD } from './direct-builds';
import type { FaultKind, Place } from './faults';

/** Task states that run an execution and do nothing by themselves. */
const NESTING: ReadonlySet<string> = new Set(['Bootstrap cluster', 'Tear down cluster']);
/** Before these there is no cluster that anything could happen to. */
const BEFORE_CLUSTER: ReadonlySet<string> = new Set([
  'Open drill',
  'Check readiness',
  'Note failed readiness',
  'Bootstrap cluster',
  'Provision cluster',
]);

const OF_PROCESSES: ReadonlySet<FaultKind> = new Set([
  'timeout',
  'crash',
  'table-slow',
  'clock-ahead',
  'clock-behind',
  'hang',
]);

/** Why a fault cannot happen at a state, in words; undefined when it can. */
export function reasonAgainst(kind: FaultKind, { machine, state }: Place): string | undefined {
  if (NESTING.has(state) && OF_PROCESSES.has(kind)) return 'the states of its execution have it';
  if (kind === 'killed' && !(state in MACHINE_OF_BUILD)) return 'it is no build';
  if (kind === 'half-made' && state !== 'Provision cluster') return 'it makes nothing';
  if (kind === 'half-destroyed' && state !== 'Destroy cluster') return 'Terraform destroys nothing there';
  if ((kind === 'vanished' || kind === 'unreachable') && BEFORE_CLUSTER.has(state)) return 'there is no cluster yet';
  if (machine === 'Guard' && !OF_GUARD.has(kind)) return 'it is no state';
  return undefined;
}

/** What may happen to the Lambdas of the guard, which are no states of a machine. */
const OF_GUARD: ReadonlySet<FaultKind> = new Set([
  'api-error',
  'throttling',
  'timeout',
  'crash',
  'table-full',
  'table-slow',
  'clock-ahead',
  'clock-behind',
  'second-same',
]);
