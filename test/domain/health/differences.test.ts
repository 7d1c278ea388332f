import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeObject } from '../../../domain/health/judge-object';
import type { ObjectReading } from '../../../domain/record';
import { document } from '../../support/documents';
import { EXAMPLES } from './made-examples';
import { type Judged, judgedObjects } from './recorded-table';

/** The words of the others that agree with a status here. A kind that Argo CD does not check is healthy to it. */
const AGREES: Readonly<Record<ObjectReading['status'], { argo: readonly string[]; kstatus: readonly string[] }>> = {
  healthy: { argo: ['Healthy', '-'], kstatus: ['Current'] },
  progressing: { argo: ['Progressing'], kstatus: ['InProgress'] },
  degraded: { argo: ['Degraded'], kstatus: ['Failed'] },
  failed: { argo: ['Degraded'], kstatus: ['Failed'] },
  suspended: { argo: ['Suspended'], kstatus: [] },
  missing: { argo: ['Missing'], kstatus: ['NotFound'] },
};

interface Difference {
  readonly kind: string;
  readonly example: string;
  readonly words: string;
  readonly why: string;
}

const [, table = ''] = document('docs/health.md').split('## Differences on purpose');
const DIFFERENCES: readonly Difference[] = table
  .split('\n## ')[0]!
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => {
    const [, kind = '', example = '', here = '', argo = '', kstatus = '', why = ''] = line
      .split(' | ')
      .flatMap((cell, index) => (index === 0 ? ['', cell] : [cell]))
      .map((cell) => cell.replaceAll(/^\| |[`|]/g, '').trim());
    return { kind, example, words: wordsOf(here, argo.replace('no check', '-'), kstatus), why };
  });

function wordsOf(...words: string[]): string {
  return words.join(' | ');
}

const judged = new Map([...judgedObjects(), ...madeObjects()].map((each) => [each.id, each]));

function madeObjects(): Judged[] {
  const file = join(__dirname, '../../recorded/other-judges.tsv');
  const said = new Map(
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split('\t') as [string, string, string])
      .map(([id, argo, kstatus]) => [id, { argo, kstatus }]),
  );
  return Object.entries(EXAMPLES).map(([name, { object, related }]) => {
    const id = `made/${name}`;
    return { id, object, reading: judgeObject(object, related), ...said.get(id)! };
  });
}

test.each(DIFFERENCES)('$kind, as $example shows: $words', ({ kind, example, words, why }) => {
  const { object, reading, argo, kstatus } = judged.get(example)!;
  expect(wordsOf(reading.status, argo, kstatus)).toBe(words);
  expect([object.kind, 'any kind']).toContain(kind);
  expect(why).toMatch(/\.$/);
});

test('no object is read differently from Argo CD or kstatus without a row in docs/health.md', () => {
  const rows = new Set(DIFFERENCES.map(({ kind, words }) => `${kind}: ${words}`));
  const unexplained = [...judged.values()].filter(({ object, reading, argo, kstatus }) => {
    const agreed = AGREES[reading.status];
    if (agreed.argo.includes(argo) && agreed.kstatus.includes(kstatus)) return false;
    const words = wordsOf(reading.status, argo, kstatus);
    return !rows.has(`${object.kind}: ${words}`) && !rows.has(`any kind: ${words}`);
  });
  expect(unexplained.map(({ id, reading }) => `${id}: ${reading.status}`)).toEqual([]);
});

test('what was made differs too, or shows that there is no difference where one might be thought', () => {
  const named = new Set(DIFFERENCES.map(({ example }) => example));
  const rest = [...judged.keys()].filter((id) => id.startsWith('made/') && !named.has(id));
  expect(rest).toEqual([
    'made/daemonset-of-another-system',
    'made/helmrelease-out-of-retries',
    'made/helmrepository-oci',
  ]);
});
