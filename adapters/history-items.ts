import * as z from 'zod';
import type { Detail, Lease, Slot } from '../domain/ports/history';
import { DETAIL, detailKeyOf, RECORD, type DetailType, type HistoryKey } from '../domain/history-keys';
import {
  drillRecordSchema,
  failureSchema,
  findingSchema,
  layerProgressSchema,
  leakSchema,
  manualStepSchema,
  outputsSchema,
  readinessSchema,
  spanSchema,
  type DrillRecord,
  type DrillStory,
} from '../domain/record';

/** An item of the history table: its key and what it says. */
export interface HistoryItem extends HistoryKey {
  readonly data: unknown;
}

export const leaseSchema: z.ZodType<Lease> = z.object({
  target: z.string(),
  drillId: z.string(),
  executionArn: z.string(),
  takenAt: z.string(),
  heartbeatAt: z.string(),
  expiresAt: z.string(),
});

export const slotSchema: z.ZodType<Slot> = z.object({
  slot: z.number().int(),
  drillId: z.string(),
  target: z.string(),
  takenAt: z.string(),
});

export const toldSchema = z.object({ at: z.string() });

/**
 * What an item says, checked against its schema.
 * @throws Error with a sentence that names the item, when somebody or an older version wrote something else.
 */
export function read<Shape>(schema: z.ZodType<Shape>, item: HistoryItem): Shape {
  const result = schema.safeParse(item.data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = ['data', ...(issue?.path ?? [])].join('.');
  throw new Error(
    `history item ${item.PK} / ${item.SK} cannot be read: ${field}: ${issue?.message ?? 'unknown shape'}; correct or delete the item in the table`,
  );
}

export function readRecord(item: HistoryItem): DrillRecord {
  return read(drillRecordSchema, item);
}

/** The items of some details, each key once: of two with the same identity the later one stands. */
export function itemsOf(drillId: string, details: readonly Detail[]): readonly HistoryItem[] {
  const items = new Map<string, HistoryItem>();
  for (const detail of details) {
    const key = detailKeyOf(drillId, detail.type, identityOf(detail));
    items.set(key.SK, { ...key, data: detail.item });
  }
  return [...items.values()];
}

/** One drill from all items of its partition; undefined without a record. */
export function storyOf(items: readonly HistoryItem[]): DrillStory | undefined {
  const record = items.find(({ SK }) => SK === RECORD);
  return record && { record: readRecord(record), ...detailsOf(items, read) };
}

/** What a drill's story has beside its record. */
export type StoryDetails = Omit<DrillStory, 'record'>;

/** @param readItem gives what an item says. */
export function detailsOf(items: readonly HistoryItem[], readItem: typeof read): StoryDetails {
  const all = <Shape>(type: DetailType, schema: z.ZodType<Shape>): Shape[] =>
    itemsOfType(items, type).map((item) => readItem(schema, item));
  return {
    layers: all('layer', layerProgressSchema),
    spans: all('span', spanSchema),
    manualSteps: all('manual-step', manualStepSchema),
    failures: all('failure', failureSchema),
    findings: all('finding', findingSchema),
    leaks: all('leak', leakSchema),
    readiness: all('readiness', readinessSchema),
    outputs: Object.fromEntries(
      itemsOfType(items, 'outputs').map((item) => [
        item.SK.slice(DETAIL.outputs.length),
        readItem(outputsSchema, item),
      ]),
    ),
  };
}

function itemsOfType(items: readonly HistoryItem[], type: DetailType): readonly HistoryItem[] {
  return items.filter(({ SK }) => SK.startsWith(DETAIL[type]));
}

/** What tells a detail from others of its type within the drill. */
function identityOf(detail: Detail): string {
  switch (detail.type) {
    case 'layer':
      return detail.item.layer;
    case 'span':
    case 'finding':
      return detail.item.id;
    case 'manual-step':
    case 'readiness':
      return detail.item.name;
    case 'failure':
      return detail.item.where;
    case 'leak':
      return detail.item.arn;
    case 'outputs':
      return detail.build;
  }
}
