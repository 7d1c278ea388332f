import { FAULTS, FAULT_KINDS, faultInWords, type Plan } from '../local/simulation/faults';
import type { Combination } from '../local/simulation/matrix';
import type { Outcome } from '../local/simulation/simulate-drill';
import { countsOf, type Brief } from '../local/simulation/summary';

/** How many stories are told at the end of a batch. */
const MOST_STORIES = 3;

/** What came of many drills. */
export function batchLines(briefs: readonly Brief[], seconds: number): string[] {
  const broken = briefs.filter(({ violations }) => violations.length > 0);
  return [
    `${briefs.length} drills in ${seconds.toFixed(1)} s: ${(briefs.length / seconds).toFixed(0)} a second`,
    'Faults that happened:',
    ...tableOf(countsOf(briefs.flatMap(({ injected }) => injected))),
    'Verdicts:',
    ...tableOf(countsOf(briefs.flatMap(({ verdicts }) => verdicts))),
    'Drills that raised an alarm:',
    ...tableOf(countsOf(briefs.flatMap(({ alarms }) => alarms))),
    `Drills that left something, listed and alarmed: ${briefs.filter(({ left }) => left > 0).length}`,
    broken.length === 0
      ? 'Every invariant held.'
      : `${broken.length} DRILLS BROKE AN INVARIANT: seeds ${broken.map(({ seed }) => seed).join(', ')}`,
    ...tableOf(
      countsOf(
        broken
          .flatMap(({ violations }) => new Set(violations.map(({ invariant }) => invariant)))
          .flatMap((set) => [...set]),
      ),
    ),
    ...broken.slice(0, MOST_STORIES).flatMap(({ seed, story = [] }) => ['', `The drill of seed ${seed}:`, ...story]),
  ];
}

/** Counts, the most frequent first. */
function tableOf(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `  ${String(count).padStart(6)}  ${name}`);
}

/** The drill of one plan, as it went. */
export function storyLines({ plan, story, verdicts, alarms, left, violations }: Outcome): string[] {
  return [
    `The drill of seed ${plan.seed}:`,
    ...planLines(plan).map((line) => `  ${line}`),
    '',
    ...story,
    '',
    `Verdicts: ${verdicts.join(', ') || 'none'}; alarms: ${alarms.join(', ') || 'none'}; left: ${left}`,
    violations.length === 0 ? 'Every invariant held.' : `${violations.length} invariants did not hold.`,
  ];
}

/** What a plan says, a line each. */
export function planLines({ scenery, faults }: Pick<Plan, 'scenery' | 'faults'>): string[] {
  return [
    ...Object.entries(scenery).map(([what, value]) => (value === true ? what : `${what} ${String(value)}`)),
    ...faults.map(faultInWords),
  ];
}

/** Letters of the cells, and what they mean. */
const LEGEND = {
  p: 'passed',
  f: 'passed with findings',
  R: 'failed, and nothing is left',
  L: 'failed, and what is left is listed and alarmed',
  n: 'no drill was opened',
  '?': 'THE FAULT DID NOT HAPPEN',
  X: 'AN INVARIANT DID NOT HOLD',
} as const;

/** The table of every task state times every fault. */
export function matrixLines(
  all: readonly Combination[],
  briefs: ReadonlyMap<string, Brief>,
): { readonly lines: readonly string[]; readonly isGood: boolean } {
  const rows = [...new Set(all.map(({ machine, state }) => `${machine}: ${state}`))];
  const width = Math.max(...rows.map((row) => row.length));
  const reasons = [...new Set(all.flatMap(({ reason }) => reason ?? []))];
  const broken: string[] = [];
  const cell = (combination: Combination): string => {
    const { machine, state, kind, reason } = combination;
    if (reason !== undefined) return String(reasons.indexOf(reason) + 1);
    const brief = briefs.get(`${machine}: ${state}: ${kind}`);
    const letter = letterOf(combination, brief);
    if (letter === 'X') broken.push('', `${machine}: ${state}: ${kind}`, ...(brief?.story ?? []));
    if (letter === '?') broken.push(`${machine}: ${state}: ${kind} did not happen`);
    return letter;
  };
  const table = rows.map((row) => {
    const cells = all.filter(({ machine, state }) => `${machine}: ${state}` === row).map(cell);
    return `${row.padEnd(width)}  ${cells.map((text) => text.padStart(2)).join(' ')}`;
  });
  const possible = all.filter(({ plan }) => plan !== undefined).length;
  return {
    lines: [
      `${''.padEnd(width)}  ${FAULT_KINDS.map((_, index) => column(index).padStart(2)).join(' ')}`,
      ...table,
      '',
      ...FAULT_KINDS.map((kind, index) => `${column(index).padStart(2)}  ${kind}: ${FAULTS[kind]}`),
      '',
      ...Object.entries(LEGEND).map(([letter, meaning]) => ` ${letter}  ${meaning}`),
      ...reasons.map((reason, index) => ` ${index + 1}  cannot be: ${reason}`),
      '',
      `${possible} of ${all.length} combinations were drilled.`,
      broken.length === 0 ? 'Every fault happened and every invariant held.' : 'NOT EVERY INVARIANT HELD:',
      ...broken,
    ],
    isGood: broken.length === 0,
  };
}

function letterOf({ kind }: Combination, brief: Brief | undefined): keyof typeof LEGEND {
  if (!brief || !brief.injected.includes(kind)) return '?';
  if (brief.violations.length > 0) return 'X';
  const [verdict] = brief.verdicts;
  if (verdict === undefined) return 'n';
  if (verdict === 'passed') return 'p';
  if (verdict === 'passed-with-findings') return 'f';
  return brief.left > 0 ? 'L' : 'R';
}

/** `A`, `B` … for the columns. */
function column(index: number): string {
  return String.fromCharCode(65 + index);
}
