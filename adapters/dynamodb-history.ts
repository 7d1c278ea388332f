import { DrillError, ErrorName } from '../domain/errors';
import {
  detailKeyOf,
  drillPartitionOf,
  HISTORY_INDEX,
  indexKeysOf,
  leaseKeyOf,
  OPEN,
  openedKeyOf,
  quarterPartitionOf,
  recordKeyOf,
  scheduleKeyOf,
  slotKeyOf,
  SLOTS,
  sortable,
  targetPartitionOf,
  toldKeyOf,
  TTL_ATTRIBUTE,
} from '../domain/history-keys';
import type { Layer } from '../domain/layers';
import type { Closing, Detail, History, Lease, Page, RecordChanges, Slot } from '../domain/ports/history';
import { type DrillRecord, type DrillStory, type Failure } from '../domain/record';
import type { DynamoDbTable } from './dynamodb-table';
import {
  alreadyApplied,
  cursorOf,
  drillClosed,
  duplicateDrill,
  leaseHeld,
  noSuchDrill,
  openedKeyFrom,
  teardownBegun,
} from './history-errors';
import { itemsOf, leaseSchema, read, readRecord, slotSchema, storyOf, toldSchema } from './history-items';

const SECONDS_PER_DAY = 86_400;
/** A claim only guards against a second delivery within hours; it is kept long enough to explain one. */
const CLAIM_DAYS = 30;
/** How long an expired lease stays readable before DynamoDB may remove it. */
const LEASE_DAYS = 7;
/** What is told once is told of a quarter or of a resource; after a year it may be told again. */
const TOLD_DAYS = 400;

/**
 * The history in one DynamoDB table. docs/history.md lists the items, the indexes and the key condition of every
 * question. Several items that belong together are written one after another, each conditionally, in an order in which
 * every prefix is harmless, so that a repeated call finishes what an interrupted one began.
 */
export class DynamoDbHistory implements History {
  constructor(private readonly table: DynamoDbTable) {}

  async open(record: DrillRecord, leaseExpiresAt: string): Promise<void> {
    const known = await this.record(record.drillId);
    if (known?.status === 'closed') throw drillClosed(record.drillId);
    if (known) return;
    if (record.scheduledAt !== undefined) await this.claimSchedule(record, record.scheduledAt);
    await this.takeLease(record, leaseExpiresAt);
    const written = await this.table.putIf(
      { ...recordKeyOf(record.drillId), ...indexKeysOf(record), data: record },
      'attribute_not_exists(PK)',
    );
    // Only another try of the same Open drill can have written it in between; it may even be closed by now.
    if (!written) await this.openRecord(record.drillId);
  }

  async claimSchedule(record: DrillRecord, scheduledAt: string): Promise<void> {
    const key = scheduleKeyOf(record.target, scheduledAt);
    const claimed = await this.table.putIf(
      { ...key, data: { drillId: record.drillId }, [TTL_ATTRIBUTE]: daysAfter(record.openedAt, CLAIM_DAYS) },
      'attribute_not_exists(PK) OR #data.#drillId = :drillId',
      { ':drillId': record.drillId },
    );
    if (claimed) return;
    const claim = (await this.table.get(key))?.data as { drillId: string } | undefined;
    throw duplicateDrill(record.target, scheduledAt, claim?.drillId ?? 'another drill');
  }

  private async takeLease(record: DrillRecord, leaseExpiresAt: string): Promise<void> {
    const { target, drillId, executionArn } = record;
    const now = sortable(record.openedAt);
    const expiresAt = sortable(leaseExpiresAt);
    const lease: Lease = { target, drillId, executionArn, takenAt: now, heartbeatAt: now, expiresAt };
    const taken = await this.table.putIf(
      { ...leaseKeyOf(target), data: lease, [TTL_ATTRIBUTE]: daysAfter(expiresAt, LEASE_DAYS) },
      'attribute_not_exists(PK) OR (#data.#drillId <> :drillId AND #data.#expiresAt <= :now)',
      { ':drillId': drillId, ':now': now },
    );
    if (taken) return;
    const holder = await this.lease(target);
    if (holder?.drillId === drillId) return;
    if (holder) throw leaseHeld(holder);
    throw new DrillError(ErrorName.Transient, `the lease of "${target}" was given back just now; try again`);
  }

  async record(drillId: string): Promise<DrillRecord | undefined> {
    const item = await this.table.get(recordKeyOf(drillId));
    return item && readRecord(item);
  }

  async openRecord(drillId: string): Promise<DrillRecord> {
    const record = await this.record(drillId);
    if (!record) throw noSuchDrill(drillId);
    if (record.status === 'closed') throw drillClosed(drillId);
    if (record.teardownBegunAt !== undefined) throw teardownBegun(drillId, record.teardownBegunAt);
    return record;
  }

  async claimApply(drillId: string, buildId: string, at: string): Promise<void> {
    const claimed = await this.table.updateIf(
      recordKeyOf(drillId),
      'SET #data.#apply = :apply',
      '#data.#status = :stillOpen AND attribute_not_exists(#data.#teardownBegunAt) AND attribute_not_exists(#data.#apply)',
      { ':apply': { buildId, claimedAt: sortable(at) }, ':stillOpen': 'open' },
    );
    if (claimed) return;
    const { apply } = await this.openRecord(drillId);
    if (!apply) throw new DrillError(ErrorName.Transient, `the claim of drill ${drillId} could not be read; try again`);
    if (apply.buildId !== buildId) throw alreadyApplied(drillId, apply.buildId);
  }

  async beginTeardown(drillId: string, at: string): Promise<DrillRecord> {
    const begun = await this.table.updateIf(
      recordKeyOf(drillId),
      'SET #data.#teardownBegunAt = if_not_exists(#data.#teardownBegunAt, :at)',
      'attribute_exists(PK)',
      { ':at': sortable(at) },
    );
    if (!begun) throw noSuchDrill(drillId);
    return readRecord(begun);
  }

  async change(drillId: string, changes: RecordChanges): Promise<void> {
    const { assignments, values } = assign(changes);
    if (assignments.length === 0) return;
    const update = `SET ${assignments.join(', ')}`;
    const changed = await this.table.updateIf(recordKeyOf(drillId), update, 'attribute_exists(PK)', values);
    if (!changed) throw noSuchDrill(drillId);
  }

  async claimReport(
    drillId: string,
    { by, at }: { readonly by: string; readonly at: string },
    staleAt: string,
  ): Promise<boolean> {
    const claimed = await this.table.updateIf(
      recordKeyOf(drillId),
      'SET #data.#reportClaim = :claim',
      'attribute_exists(PK) AND (attribute_not_exists(#data.#reportClaim) OR #data.#reportClaim.#by = :by OR #data.#reportClaim.#at < :staleAt)',
      { ':claim': { by, at: sortable(at) }, ':by': by, ':staleAt': sortable(staleAt) },
    );
    if (!claimed && !(await this.record(drillId))) throw noSuchDrill(drillId);
    return claimed !== undefined;
  }

  async setLayerTime(drillId: string, layer: Layer, time: DrillRecord['layers'][Layer] & object): Promise<void> {
    const update = `SET #data.#layers.#${layer} = :time`;
    const changed = await this.table.updateIf(recordKeyOf(drillId), update, 'attribute_exists(PK)', { ':time': time });
    if (!changed) throw noSuchDrill(drillId);
  }

  async close(drillId: string, closing: Closing): Promise<DrillRecord> {
    const { assignments, values } = assign({ ...closing, status: 'closed', phase: 'closed' });
    const closed = await this.table.updateIf(
      recordKeyOf(drillId),
      `SET ${assignments.join(', ')} REMOVE #${HISTORY_INDEX.open.partition}`,
      '#data.#status = :stillOpen',
      { ...values, ':stillOpen': 'open' },
    );
    if (closed) return readRecord(closed);
    const record = await this.record(drillId);
    if (!record) throw noSuchDrill(drillId);
    return record;
  }

  async put(drillId: string, details: readonly Detail[]): Promise<void> {
    await this.table.putAll(itemsOf(drillId, details));
  }

  async putFailureOnce(drillId: string, failure: Failure): Promise<void> {
    await this.table.putIf(
      { ...detailKeyOf(drillId, 'failure', failure.where), data: failure },
      'attribute_not_exists(PK)',
    );
  }

  async story(drillId: string): Promise<DrillStory | undefined> {
    const values = { ':drill': drillPartitionOf(drillId) };
    return storyOf(await this.table.query({ condition: 'PK = :drill', values }));
  }

  async drillsOf(target: string, options: { readonly limit: number; readonly after?: string }): Promise<Page> {
    const { limit, after } = options;
    const { name, partition, sort } = HISTORY_INDEX.byTarget;
    const ofTarget = `#${partition} = :target`;
    const items = await this.table.query({
      index: name,
      condition: after === undefined ? ofTarget : `${ofTarget} AND #${sort} < :after`,
      values: {
        ':target': targetPartitionOf(target),
        ...(after !== undefined && { ':after': openedKeyFrom(after) }),
      },
      newestFirst: true,
      // One more than asked for tells whether there is a next page.
      limit: limit + 1,
    });
    const records = items.slice(0, limit).map(readRecord);
    const last = records.at(-1);
    return last && items.length > limit ? { records, next: cursorOf(openedKeyOf(last)) } : { records };
  }

  async drillsIn(quarter: string): Promise<readonly DrillRecord[]> {
    return this.queryIndex(HISTORY_INDEX.byQuarter, quarterPartitionOf(quarter));
  }

  async openDrills(): Promise<readonly DrillRecord[]> {
    return this.queryIndex(HISTORY_INDEX.open, OPEN);
  }

  async lease(target: string): Promise<Lease | undefined> {
    const item = await this.table.get(leaseKeyOf(target));
    return item && read(leaseSchema, item);
  }

  async renewLease(target: string, drillId: string, heartbeatAt: string, expiresAt: string): Promise<boolean> {
    const renewed = await this.table.updateIf(
      leaseKeyOf(target),
      `SET #data.#heartbeatAt = :heartbeatAt, #data.#expiresAt = :expiresAt, #${TTL_ATTRIBUTE} = :removedAfter`,
      '#data.#drillId = :drillId',
      {
        ':heartbeatAt': sortable(heartbeatAt),
        ':expiresAt': sortable(expiresAt),
        ':removedAfter': daysAfter(expiresAt, LEASE_DAYS),
        ':drillId': drillId,
      },
    );
    return renewed !== undefined;
  }

  async releaseLease(target: string, drillId: string): Promise<void> {
    await this.table.deleteIf(leaseKeyOf(target), '#data.#drillId = :drillId', { ':drillId': drillId });
  }

  async takeSlot(
    { drillId, target }: Pick<DrillRecord, 'drillId' | 'target'>,
    count: number,
    at: string,
  ): Promise<boolean> {
    const taken = await this.slots();
    if (taken.some((slot) => slot.drillId === drillId)) return true;
    // Also counts slots beyond `count`, which a deployment with a lower number has left in use.
    if (taken.length >= count) return false;
    for (let slot = 1; slot <= count; slot += 1) {
      if (taken.some((other) => other.slot === slot)) continue;
      const data: Slot = { slot, drillId, target, takenAt: sortable(at) };
      if (await this.table.putIf({ ...slotKeyOf(slot), data }, 'attribute_not_exists(PK)')) return true;
      // Somebody was quicker. If that was another try for the same drill, it has its slot.
      if ((await this.slots()).some((other) => other.drillId === drillId)) return true;
    }
    return false;
  }

  async slots(): Promise<readonly Slot[]> {
    const items = await this.table.query({ condition: 'PK = :slots', values: { ':slots': SLOTS } });
    return items.map((item) => read(slotSchema, item));
  }

  async releaseSlots(drillId: string): Promise<void> {
    for (const { slot } of (await this.slots()).filter((held) => held.drillId === drillId)) {
      await this.table.deleteIf(slotKeyOf(slot), '#data.#drillId = :drillId', { ':drillId': drillId });
    }
  }

  async toldAt(subject: string): Promise<string | undefined> {
    const item = await this.table.get(toldKeyOf(subject));
    return item && read(toldSchema, item).at;
  }

  async noteTold(subject: string, at: string): Promise<void> {
    await this.table.putIf(
      { ...toldKeyOf(subject), data: { at: sortable(at) }, [TTL_ATTRIBUTE]: daysAfter(at, TOLD_DAYS) },
      'attribute_not_exists(PK)',
    );
  }

  private async queryIndex(
    index: (typeof HISTORY_INDEX)[keyof typeof HISTORY_INDEX],
    value: string,
  ): Promise<readonly DrillRecord[]> {
    const items = await this.table.query({
      index: index.name,
      condition: `#${index.partition} = :value`,
      values: { ':value': value },
    });
    return items.map(readRecord);
  }
}

/** Assignments of an update expression for fields of `data`, with their values; what is undefined stays as it is. */
function assign(fields: object): {
  readonly assignments: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
} {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return {
    assignments: given.map(([name]) => `#data.#${name} = :${name}`),
    values: Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
  };
}

/** Epoch seconds, as the TTL attribute wants them. */
function daysAfter(instant: string, days: number): number {
  return Math.floor(Date.parse(instant) / 1000) + days * SECONDS_PER_DAY;
}
