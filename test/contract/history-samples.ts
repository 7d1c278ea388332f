import type { Closing, History } from '../../domain/ports/history';
import type { DrillRecord, Failure } from '../../domain/record';
import { openRecord } from '../support/open-record';
import { minute } from '../support/story';

export const EXPIRES = minute(240);
export const FAILURE: Failure = {
  where: 'provision-cluster',
  cause: 'terraform',
  sentence: 'first',
  at: minute(9),
  evidence: [],
};

export const CLOSING: Closing = {
  closedAt: minute(120),
  verdict: { outcome: 'passed', reasons: ['all layers are healthy'] },
  counts: { findings: 0, leaks: 0, manualSteps: 0 },
  times: { totalSeconds: 4500, machineSeconds: 4500, humanSeconds: 0 },
};

export function drill(id: string, changes: Partial<DrillRecord> = {}): DrillRecord {
  return openRecord({ drillId: id, ...changes });
}

export function by(name: string, at: number): { by: string; at: string } {
  return { by: name, at: minute(at) };
}

/** A drill that is alone with its target. */
export function slotted(id: string): DrillRecord {
  return drill(id, { target: id });
}

/** Opens a drill and gives its lease back, so that the target is free for the next. */
export async function openPast(history: History, record: DrillRecord): Promise<void> {
  await history.open(record, EXPIRES);
  await history.releaseLease(record.target, record.drillId);
}
