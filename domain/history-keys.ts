import { quarterOf } from './names';

/**
 * Keys of the history table, shared by the construct that makes it and the adapter that reads it. The access patterns
 * they serve are in docs/history.md.
 */
export const HISTORY_KEY = { partition: 'PK', sort: 'SK' } as const;

/** Sort key of all three indexes: `<openedAt>#<drillId>`, so that drills of the same instant keep an order. */
export const OPENED_KEY = 'openedKey';

/** The global secondary indexes; all project every attribute. Only records carry their keys. */
export const HISTORY_INDEX = {
  /** Drills of a target. */
  byTarget: { name: 'by-target', partition: 'byTarget', sort: OPENED_KEY },
  /** Drills of a quarter. */
  byQuarter: { name: 'by-quarter', partition: 'byQuarter', sort: OPENED_KEY },
  /** Drills that were not closed; sparse, as `close` removes the attribute. */
  open: { name: 'open', partition: 'open', sort: OPENED_KEY },
} as const;

/** When DynamoDB may remove an item, in epoch seconds; only leases, claims and what was told have it. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** The one value of the `open` index's partition key. */
export const OPEN = 'OPEN';

export interface HistoryKey {
  readonly PK: string;
  readonly SK: string;
}

export const RECORD = 'RECORD';

export function drillPartitionOf(drillId: string): string {
  return `DRILL#${drillId}`;
}

export function recordKeyOf(drillId: string): HistoryKey {
  return { PK: drillPartitionOf(drillId), SK: RECORD };
}

/** Prefixes of the sort keys of a drill's detail items; what follows is the item's identity within the drill. */
export const DETAIL = {
  layer: 'LAYER#',
  span: 'SPAN#',
  'manual-step': 'MANUAL#',
  failure: 'FAILURE#',
  finding: 'FINDING#',
  leak: 'LEAK#',
  readiness: 'READINESS#',
  outputs: 'OUTPUTS#',
} as const;
export type DetailType = keyof typeof DETAIL;

export function detailKeyOf(drillId: string, type: DetailType, identity: string): HistoryKey {
  return { PK: drillPartitionOf(drillId), SK: `${DETAIL[type]}${identity}` };
}

export function leaseKeyOf(target: string): HistoryKey {
  return { PK: `LEASE#${target}`, SK: 'LEASE' };
}

/** One partition for all slots, so that one Query shows which are taken. */
export const SLOTS = 'SLOTS';

export function slotKeyOf(slot: number): HistoryKey {
  return { PK: SLOTS, SK: `SLOT#${String(slot).padStart(3, '0')}` };
}

/** That something was told to people, so that it is not told every day. */
export function toldKeyOf(subject: string): HistoryKey {
  return { PK: `TOLD#${subject}`, SK: 'TOLD' };
}

/** The claim of a scheduled time, by which a second delivery of the same time is known. */
export function scheduleKeyOf(target: string, scheduledAt: string): HistoryKey {
  return { PK: `SCHEDULE#${target}#${sortable(scheduledAt)}`, SK: 'SCHEDULE' };
}

export function targetPartitionOf(target: string): string {
  return `TARGET#${target}`;
}

export function quarterPartitionOf(quarter: string): string {
  return `QUARTER#${quarter}`;
}

/** The index keys of an open record. */
export function indexKeysOf(record: { target: string; openedAt: string; drillId: string }): Record<string, string> {
  return {
    [HISTORY_INDEX.byTarget.partition]: targetPartitionOf(record.target),
    [HISTORY_INDEX.byQuarter.partition]: quarterPartitionOf(quarterOf(record.openedAt)),
    [HISTORY_INDEX.open.partition]: OPEN,
    [OPENED_KEY]: openedKeyOf(record),
  };
}

export function openedKeyOf(record: { openedAt: string; drillId: string }): string {
  return `${sortable(record.openedAt)}#${record.drillId}`;
}

/** An instant as UTC with milliseconds, so that text order is time order whatever zone it was written in. */
export function sortable(instant: string): string {
  return new Date(instant).toISOString();
}
