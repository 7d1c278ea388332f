import { sortable, openedKeyOf, detailKeyOf } from '../domain/history-keys';
import type { Layer } from '../domain/layers';
import { quarterOf } from '../domain/names';
import type { Closing, Detail, History, Lease, Page, RecordChanges, Slot } from '../domain/ports/history';
import type { DrillRecord, DrillStory, Failure } from '../domain/record';
import {
  alreadyApplied,
  cursorOf,
  drillClosed,
  duplicateDrill,
  leaseHeld,
  noSuchDrill,
  openedKeyFrom,
  teardownBegun,
} from '../adapters/history-errors';
import { detailsOf, itemsOf, type HistoryItem, type StoryDetails } from '../adapters/history-items';

/**
 * A history in memory, held to the table's own contract suite, for simulations of many drills. Records and details are
 * copied when they are written, by this process and thus in the right shape; what is read is shared and must not be
 * changed in place.
 */
export class MemoryHistory implements History {
  private readonly records = new Map<string, DrillRecord>();
  private readonly items = new Map<string, Map<string, HistoryItem>>();
  /** The items of a drill as its story tells them, until another one is written. */
  private readonly details = new Map<string, StoryDetails>();
  private readonly leases = new Map<string, Lease>();
  private readonly claims = new Map<string, string>();
  private readonly takenSlots = new Map<number, Slot>();
  private readonly told = new Map<string, string>();

  async open(record: DrillRecord, leaseExpiresAt: string): Promise<void> {
    const known = this.records.get(record.drillId);
    if (known?.status === 'closed') throw drillClosed(record.drillId);
    if (known) return;
    if (record.scheduledAt !== undefined) this.claim(record, record.scheduledAt);
    this.takeLease(record, leaseExpiresAt);
    this.records.set(record.drillId, copied(record));
  }

  async claimSchedule(record: DrillRecord, scheduledAt: string): Promise<void> {
    this.claim(record, scheduledAt);
  }

  private claim({ target, drillId }: DrillRecord, scheduledAt: string): void {
    const key = `${target} ${sortable(scheduledAt)}`;
    const claimant = this.claims.get(key) ?? drillId;
    if (claimant !== drillId) throw duplicateDrill(target, scheduledAt, claimant);
    this.claims.set(key, drillId);
  }

  private takeLease({ target, drillId, executionArn, openedAt }: DrillRecord, leaseExpiresAt: string): void {
    const now = sortable(openedAt);
    const held = this.leases.get(target);
    if (held?.drillId === drillId) return;
    if (held && held.expiresAt > now) throw leaseHeld(held);
    const expiresAt = sortable(leaseExpiresAt);
    this.leases.set(target, { target, drillId, executionArn, takenAt: now, heartbeatAt: now, expiresAt });
  }

  async record(drillId: string): Promise<DrillRecord | undefined> {
    return this.records.get(drillId);
  }

  async openRecord(drillId: string): Promise<DrillRecord> {
    return this.building(drillId);
  }

  async claimApply(drillId: string, buildId: string, at: string): Promise<void> {
    const record = this.building(drillId);
    const { apply } = record;
    if (apply && apply.buildId !== buildId) throw alreadyApplied(drillId, apply.buildId);
    if (!apply) this.records.set(drillId, { ...record, apply: { buildId, claimedAt: sortable(at) } });
  }

  async beginTeardown(drillId: string, at: string): Promise<DrillRecord> {
    const record = this.known(drillId);
    const begun = { ...record, teardownBegunAt: record.teardownBegunAt ?? sortable(at) };
    this.records.set(drillId, begun);
    return begun;
  }

  async change(drillId: string, changes: RecordChanges): Promise<void> {
    if (Object.keys(changes).length === 0) return;
    this.records.set(drillId, { ...this.known(drillId), ...copied(changes) });
  }

  async claimReport(
    drillId: string,
    { by, at }: { readonly by: string; readonly at: string },
    staleAt: string,
  ): Promise<boolean> {
    const record = this.known(drillId);
    const { reportClaim } = record;
    if (reportClaim && reportClaim.by !== by && reportClaim.at >= sortable(staleAt)) return false;
    this.records.set(drillId, { ...record, reportClaim: { by, at: sortable(at) } });
    return true;
  }

  async setLayerTime(drillId: string, layer: Layer, time: DrillRecord['layers'][Layer] & object): Promise<void> {
    const record = this.known(drillId);
    this.records.set(drillId, { ...record, layers: { ...record.layers, [layer]: copied(time) } });
  }

  async close(drillId: string, closing: Closing): Promise<DrillRecord> {
    const record = this.known(drillId);
    if (record.status === 'closed') return record;
    const closed: DrillRecord = { ...record, ...copied(closing), status: 'closed', phase: 'closed' };
    this.records.set(drillId, closed);
    return closed;
  }

  async put(drillId: string, details: readonly Detail[]): Promise<void> {
    const items = this.itemsToWrite(drillId);
    for (const item of itemsOf(drillId, details)) items.set(item.SK, { ...item, data: copied(item.data) });
  }

  async putFailureOnce(drillId: string, failure: Failure): Promise<void> {
    const key = detailKeyOf(drillId, 'failure', failure.where);
    const items = this.itemsToWrite(drillId);
    if (!items.has(key.SK)) items.set(key.SK, { ...key, data: copied(failure) });
  }

  async story(drillId: string): Promise<DrillStory | undefined> {
    const record = this.records.get(drillId);
    return record && { record, ...this.detailsOf(drillId) };
  }

  async drillsOf(target: string, { limit, after }: { readonly limit: number; readonly after?: string }): Promise<Page> {
    const before = after === undefined ? undefined : openedKeyFrom(after);
    const found = this.select((record) => record.target === target)
      .toReversed()
      .filter((record) => before === undefined || openedKeyOf(record) < before);
    const records = found.slice(0, limit);
    const last = records.at(-1);
    return last && found.length > limit ? { records, next: cursorOf(openedKeyOf(last)) } : { records };
  }

  async drillsIn(quarter: string): Promise<readonly DrillRecord[]> {
    return this.select((record) => quarterOf(record.openedAt) === quarter);
  }

  async openDrills(): Promise<readonly DrillRecord[]> {
    return this.select((record) => record.status === 'open');
  }

  async lease(target: string): Promise<Lease | undefined> {
    return this.leases.get(target);
  }

  async renewLease(target: string, drillId: string, heartbeatAt: string, expiresAt: string): Promise<boolean> {
    const held = this.leases.get(target);
    if (held?.drillId !== drillId) return false;
    this.leases.set(target, { ...held, heartbeatAt: sortable(heartbeatAt), expiresAt: sortable(expiresAt) });
    return true;
  }

  async releaseLease(target: string, drillId: string): Promise<void> {
    if (this.leases.get(target)?.drillId === drillId) this.leases.delete(target);
  }

  async takeSlot(
    { drillId, target }: Pick<DrillRecord, 'drillId' | 'target'>,
    count: number,
    at: string,
  ): Promise<boolean> {
    const taken = [...this.takenSlots.values()];
    if (taken.some((slot) => slot.drillId === drillId)) return true;
    if (taken.length >= count) return false;
    const free = Array.from({ length: count }, (_, index) => index + 1).find((slot) => !this.takenSlots.has(slot));
    if (free === undefined) return false;
    this.takenSlots.set(free, { slot: free, drillId, target, takenAt: sortable(at) });
    return true;
  }

  async slots(): Promise<readonly Slot[]> {
    return [...this.takenSlots.values()].sort((a, b) => a.slot - b.slot);
  }

  async releaseSlots(drillId: string): Promise<void> {
    for (const { slot, drillId: holder } of this.takenSlots.values())
      if (holder === drillId) this.takenSlots.delete(slot);
  }

  async toldAt(subject: string): Promise<string | undefined> {
    return this.told.get(subject);
  }

  async noteTold(subject: string, at: string): Promise<void> {
    if (!this.told.has(subject)) this.told.set(subject, sortable(at));
  }

  private building(drillId: string): DrillRecord {
    const record = this.known(drillId);
    if (record.status === 'closed') throw drillClosed(drillId);
    if (record.teardownBegunAt !== undefined) throw teardownBegun(drillId, record.teardownBegunAt);
    return record;
  }

  private known(drillId: string): DrillRecord {
    const record = this.records.get(drillId);
    if (!record) throw noSuchDrill(drillId);
    return record;
  }

  private detailsOf(drillId: string): StoryDetails {
    let details = this.details.get(drillId);
    if (!details) {
      const items = [...(this.items.get(drillId)?.values() ?? [])].sort((a, b) => (a.SK < b.SK ? -1 : 1));
      this.details.set(drillId, (details = detailsOf(items, (_schema, { data }) => data as never)));
    }
    return details;
  }

  private itemsToWrite(drillId: string): Map<string, HistoryItem> {
    this.details.delete(drillId);
    let items = this.items.get(drillId);
    if (!items) this.items.set(drillId, (items = new Map()));
    return items;
  }

  /** The records that match, oldest first. */
  private select(matches: (record: DrillRecord) => boolean): DrillRecord[] {
    return [...this.records.values()].filter(matches).sort((a, b) => (openedKeyOf(a) < openedKeyOf(b) ? -1 : 1));
  }
}

/** A copy of JSON as the table would keep it: without what is undefined. */
function copied<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copied) as Value;
  const copy: Record<string, unknown> = {};
  for (const key in value) if (value[key] !== undefined) copy[key] = copied(value[key]);
  return copy as Value;
}
