import { formatDuration } from '../domain/duration';
import { LAYERS } from '../domain/layers';
import type { DrillRecord } from '../domain/record';
import { textTable } from '../domain/report/text';
import { OUTCOME_WORDS } from '../domain/report/words';
import { phaseWords } from './progress-view';

/** Drills as a table: when, how they ended, and the time of each layer. */
export function historyTable(records: readonly DrillRecord[]): string {
  if (records.length === 0) return 'No drills yet.\n';
  const head = ['Drill', 'Opened', 'Outcome', ...LAYERS, 'total', 'Findings', 'Leaks'];
  return `${textTable([head, ...records.map(row)]).join('\n')}\n`;
}

function row(record: DrillRecord): string[] {
  const layers = LAYERS.map((layer) => record.layers[layer]).map((time) => (time ? formatDuration(time.seconds) : '–'));
  return [
    record.drillId,
    record.openedAt.slice(0, 16).replace('T', ' '),
    record.verdict ? OUTCOME_WORDS[record.verdict.outcome] : phaseWords(record.phase),
    ...layers,
    record.times ? formatDuration(record.times.totalSeconds) : '–',
    String(record.counts?.findings ?? '–'),
    String(record.counts?.leaks ?? '–'),
  ];
}
