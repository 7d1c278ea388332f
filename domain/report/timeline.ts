import { secondsBetween } from '../clock';
import { formatDuration } from '../duration';
import { escapeHtml } from '../escape-html';
import { LAYERS, type Layer } from '../layers';
import type { Span } from '../record';

const WIDTH = 1000;
const LABEL_WIDTH = 250;
const ROW = 22;
/** What a figure such as `12m 02s` needs. */
const LABEL_ROOM = 60;
const TOP = 30;
/** The longest resources and components of a layer that are drawn; the rest would be slivers. */
const ROWS_PER_LAYER = 8;

const COLOURS: Record<Span['kind'], string> = {
  layer: '#1d4f8c',
  build: '#6b7a90',
  resource: '#6aa3d9',
  component: '#4c9f70',
  human: '#d98f2b',
  teardown: '#8a6fae',
};
const FAILED = '#b3261e';

/**
 * The timeline as an SVG picture: a row per span, by layer, on one axis of minutes since the drill's first span. Each
 * bar carries its figures as a tooltip, and failed ones are red and marked, so that colour is not the only sign.
 * @param endedAt end of bars that have none of their own.
 */
export function renderTimeline(spans: readonly Span[], endedAt: string): string {
  const rows = chosen(spans);
  const first = rows[0];
  if (!first) return '';
  const start = rows.reduce(
    (earliest, span) => (Date.parse(span.startedAt) < Date.parse(earliest) ? span.startedAt : earliest),
    first.startedAt,
  );
  const total = Math.max(60, ...rows.map((span) => secondsBetween(start, span.finishedAt ?? endedAt)));
  const x = (instant: string): number =>
    LABEL_WIDTH + (secondsBetween(start, instant) / total) * (WIDTH - LABEL_WIDTH - 10);
  const height = TOP + rows.length * ROW + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Timeline of the drill" font-family="system-ui,sans-serif" font-size="12">
${axis(total, height, start, x)}
${rows.map((span, index) => row(span, index, x, endedAt)).join('\n')}
</svg>`;
}

/** Builds and people by start, the layers with their longest parts below each, and the teardown with its own. */
function chosen(spans: readonly Span[]): Span[] {
  const down = spans.filter((span) => span.kind === 'teardown' || isTeardownBuild(span));
  const up = spans.filter((span) => !down.includes(span));
  const ofLayer = (layer: Layer): Span[] => {
    const own = up.filter((span) => span.layer === layer);
    const [head, parts] = split(own, (span) => span.kind === 'layer');
    const [rest, others] = split(parts, (span) => span.kind === 'resource' || span.kind === 'component');
    return [...byStart(head), ...byStart([...others, ...longest(rest.filter(saysSinceWhen))])];
  };
  const [destroyed, steps] = split(down, (span) => span.layer !== undefined);
  const before = up.filter((span) => span.layer === undefined && span.kind !== 'resource');
  return [...byStart(before), ...LAYERS.flatMap(ofLayer), ...byStart([...steps, ...longest(destroyed)])];
}

/**
 * EKS does not say since when a part of the cluster is active, so its component ends with the read that saw it; the
 * Terraform resource beside it has the true time.
 */
function saysSinceWhen({ kind, layer, outcome }: Span): boolean {
  return kind !== 'component' || layer !== 'cluster' || outcome !== 'succeeded';
}

function longest(spans: readonly Span[]): Span[] {
  return spans.toSorted((a, b) => length(b) - length(a)).slice(0, ROWS_PER_LAYER);
}

function split(spans: readonly Span[], test: (span: Span) => boolean): [Span[], Span[]] {
  return [spans.filter(test), spans.filter((span) => !test(span))];
}

function isTeardownBuild(span: Span): boolean {
  return span.name === 'drain-cluster' || span.name === 'destroy-cluster';
}

function byStart(spans: readonly Span[]): Span[] {
  return spans.toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt) || a.id.localeCompare(b.id));
}

function length(span: Span): number {
  return span.finishedAt ? secondsBetween(span.startedAt, span.finishedAt) : Number.MAX_SAFE_INTEGER;
}

function axis(total: number, height: number, start: string, x: (instant: string) => number): string {
  const step = [5, 10, 15, 30, 60, 120].find((minutes) => total / (minutes * 60) <= 12) ?? 240;
  const ticks = Array.from({ length: Math.floor(total / (step * 60)) + 1 }, (_, index) => index * step);
  return ticks
    .map((minutes) => {
      const at = x(new Date(Date.parse(start) + minutes * 60_000).toISOString()).toFixed(1);
      return `<line x1="${at}" y1="${TOP - 6}" x2="${at}" y2="${height - 6}" stroke="#d5dae1"/><text x="${at}" y="${TOP - 12}" text-anchor="middle" fill="#52606d">${minutes}m</text>`;
    })
    .join('\n');
}

function row(span: Span, index: number, x: (instant: string) => number, endedAt: string): string {
  const y = TOP + index * ROW;
  const left = x(span.startedAt);
  const width = Math.max(2, x(span.finishedAt ?? endedAt) - left);
  const failed = span.outcome === 'failed';
  const took = formatDuration(secondsBetween(span.startedAt, span.finishedAt ?? endedAt));
  const name = span.name.length > 34 ? `${span.name.slice(0, 33)}…` : span.name;
  const indent = span.kind === 'layer' || span.layer === undefined ? 0 : 14;
  const label = labelOf(left, width);
  return `<g><title>${escapeHtml(`${span.kind} ${span.name}: ${took}, ${span.outcome}${span.detail ? ` (${span.detail})` : ''}`)}</title>
<text x="${indent}" y="${y + 14}" fill="#1f2933"${span.kind === 'layer' ? ' font-weight="bold"' : ''}>${failed ? '✗ ' : ''}${escapeHtml(name)}</text>
<rect x="${left.toFixed(1)}" y="${y + 3}" width="${width.toFixed(1)}" height="${ROW - 8}" rx="2" fill="${failed ? FAILED : COLOURS[span.kind]}"/>
<text x="${label.x.toFixed(1)}" y="${y + 14}" font-size="11" text-anchor="${label.anchor}" fill="${label.fill}">${took}</text></g>`;
}

/** A figure stands in its bar; beside it when the bar is too short, on the side where there is room. */
function labelOf(left: number, width: number): { x: number; anchor: 'start' | 'end'; fill: string } {
  if (width > LABEL_ROOM) return { x: left + 4, anchor: 'start', fill: '#ffffff' };
  const beside = left + width + 4;
  return beside + LABEL_ROOM > WIDTH
    ? { x: left - 4, anchor: 'end', fill: '#52606d' }
    : { x: beside, anchor: 'start', fill: '#52606d' };
}
