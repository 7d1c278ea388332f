import type { CriticalPath, PathStep } from '../critical-path';
import { formatDuration } from '../duration';

export const PATH_COLUMNS = ['Step', 'Layer', 'Took', 'Share', 'Next in line (slack)'] as const;

/**
 * The critical path as rows. Steps below the share, next to each other, become one row: twenty resources of a second each
 * determined nothing.
 */
export function pathRows({ steps }: CriticalPath, minimumShare: number): string[][] {
  const rows: string[][] = [];
  let small: PathStep[] = [];
  const flush = (): void => {
    if (small.length > 0) rows.push(smallRow(small));
    small = [];
  };
  for (const step of steps) {
    if (step.share < minimumShare && step.outcome === 'succeeded') small.push(step);
    else {
      flush();
      rows.push(row(step));
    }
  }
  flush();
  return rows;
}

function row(step: PathStep): string[] {
  const { next } = step;
  return [
    `${step.outcome === 'succeeded' ? '' : '✗ '}${nameOf(step)}`,
    step.layer ?? '',
    formatDuration(step.seconds),
    percent(step.share),
    next ? `${next.name} (${formatDuration(next.seconds)})` : '',
  ];
}

function smallRow(steps: readonly PathStep[]): string[] {
  const [first] = steps;
  if (steps.length === 1) return row(first!);
  const sum = (of: (step: PathStep) => number): number => steps.reduce((total, step) => total + of(step), 0);
  const layer = steps.every((step) => step.layer === first!.layer) ? (first!.layer ?? '') : '';
  return [
    `${steps.length} short steps`,
    layer,
    formatDuration(sum(({ seconds }) => seconds)),
    percent(sum(({ share }) => share)),
    '',
  ];
}

function nameOf({ kind, name }: PathStep): string {
  if (kind === 'human') return `waiting for a person: ${name}`;
  return kind === 'waiting' ? `waiting ${name}` : name;
}

function percent(share: number): string {
  return share > 0 && share < 0.005 ? '< 1 %' : `${Math.round(share * 100)} %`;
}
