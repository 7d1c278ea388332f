import { secondsBetween } from '../domain/clock';
import { formatDuration } from '../domain/duration';
import { LAYERS, type Layer } from '../domain/layers';
import type { ComponentReading, DrillStory, LayerProgress } from '../domain/record';
import type { Terminal } from './terminal';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const BAR_WIDTH = 20;
const INDENT = ' '.repeat(6);
/** Why a layer waits can be long; the view shall stay small enough to be redrawn on any terminal. */
const REASON_LINES = 3;
// oxlint-disable-next-line no-control-regex
const COLOUR = /(\u001B\[\d+m)/g;

/** The live view of a drill: a head line, a line per layer, and under the layer that is awaited what it waits for. */
export function progressView(
  story: DrillStory,
  now: Date,
  frame: number,
  { colours, columns }: Pick<Terminal, 'colours' | 'columns'>,
): string[] {
  const { record } = story;
  const elapsed = formatDuration(secondsBetween(record.openedAt, now));
  const commit = record.commit ? ` at ${record.commit.slice(0, 7)}` : '';
  const spin = colours.cyan(SPINNER[frame % SPINNER.length]!);
  const head = `${spin} ${colours.bold(record.target)}${commit}  ${phaseWords(record.phase)}  ${colours.dim(`${elapsed} of drill time`)}`;
  const lines = [head, ...LAYERS.flatMap((layer) => layerLines(layer, story, now, spin, { colours, columns }))];
  return lines.map((line) => clip(line, columns));
}

/** `awaiting-foundation` as words. */
export function phaseWords(phase: string): string {
  return phase.replaceAll('-', ' ');
}

function layerLines(
  layer: Layer,
  { record, layers }: DrillStory,
  now: Date,
  spin: string,
  { colours, columns }: Pick<Terminal, 'colours' | 'columns'>,
): string[] {
  const objective = record.settings.layers[layer].objectiveSeconds;
  const time = record.layers[layer];
  const name = layer.padEnd(13);
  if (time) {
    const took =
      time.seconds > objective
        ? colours.yellow(formatDuration(time.seconds).padEnd(9))
        : formatDuration(time.seconds).padEnd(9);
    return [`  ${colours.green('✓')} ${name} ${took} ${bar(time.seconds, objective)} of ${formatDuration(objective)}`];
  }
  const progress = layers.find((candidate) => candidate.layer === layer);
  const building = layer === 'cluster' && record.phase === 'provisioning' ? record.bootstrapStartedAt : undefined;
  const since = progress?.awaitedSince ?? building;
  if (!since) return [`  ${colours.dim(`· ${name}`)}`];
  if (progress?.status === 'failed')
    return [`  ${colours.red('✗')} ${name.trimEnd()}`, ...why(progress.reason, { colours, columns })];
  const seconds = secondsBetween(since, now);
  const head = `  ${spin} ${name} ${formatDuration(seconds).padEnd(9)} ${bar(seconds, objective)} of ${formatDuration(objective)}`;
  return progress ? [head, ...waiting(progress, { colours, columns })] : [head];
}

function waiting(
  { components, reason }: LayerProgress,
  { colours, columns }: Pick<Terminal, 'colours' | 'columns'>,
): string[] {
  const signs = components.map((component) => `${sign(component, colours)} ${component.name}`);
  const shown = wrap(signs, '  ', roomOf(columns)).map((line) => `${INDENT}${line}`);
  return [...shown, ...why(reason, { colours, columns })];
}

function why(reason: string, { colours, columns }: Pick<Terminal, 'colours' | 'columns'>): string[] {
  const lines = wrap(reason.split(' '), ' ', roomOf(columns));
  const shown = lines.slice(0, REASON_LINES);
  if (lines.length > shown.length) shown.push(`${shown.pop()!.slice(0, roomOf(columns) - 1)}…`);
  return shown.map((line) => `${INDENT}${colours.dim(line)}`);
}

function roomOf(columns: number): number {
  return columns - 1 - INDENT.length;
}

/** Pieces in as few lines as a width allows; colour codes take no room. */
function wrap(pieces: readonly string[], gap: string, width: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const joined = `${lines.at(-1)}${gap}${piece}`;
    if (lines.length === 0 || joined.replaceAll(COLOUR, '').length > width) lines.push(piece);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

function sign({ status }: ComponentReading, colours: Terminal['colours']): string {
  if (status === 'healthy') return colours.green('✓');
  return status === 'failed' || status === 'degraded' ? colours.red('✗') : colours.dim('…');
}

/** A bar that is full at the objective. */
function bar(seconds: number, objective: number): string {
  const full = Math.max(0, Math.min(BAR_WIDTH, Math.round((seconds / objective) * BAR_WIDTH)));
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}

/** Cuts a line at the terminal's edge (a wrapped line would break the redraw); colour codes take no room. */
function clip(line: string, columns: number): string {
  let room = columns - 1;
  let result = '';
  for (const part of line.split(COLOUR)) {
    if (part.startsWith('\u001B')) {
      result += part;
      continue;
    }
    const letters = [...part];
    result += letters.slice(0, room).join('');
    room -= Math.min(room, letters.length);
  }
  return result;
}
