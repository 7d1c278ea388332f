import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { document, documents } from '../support/documents';

const ROOT = join(__dirname, '..', '..');
const FOLDERS = [
  'adapters',
  'bench',
  'bin',
  'buildspecs',
  'cli',
  'docs',
  'domain',
  'examples',
  'lambdas',
  'lib',
  'local',
  'test',
];

/** A path in backticks from the root, such as `lib/alarms.ts`; one with a placeholder names no file. */
const NAMED_PATH = new RegExp(`\`((?:${FOLDERS.join('|')})/[\\w./-]*)\``, 'g');

const all = documents().map(({ path, text }) => [path, text] as const);

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter((target) => !/^\w+:/.test(target));
}

/** The anchor that a heading gets. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function isAlive(path: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const resolved = file === '' ? path : join(dirname(path), file);
  if (!existsSync(join(ROOT, resolved))) return false;
  if (anchor === undefined) return true;
  return [...document(resolved).matchAll(/^#+ (.+)$/gm)].some(([, heading]) => anchorOf(heading!) === anchor);
}

test.each(all)('the links of %s lead somewhere', (path, text) => {
  expect(linksOf(text).filter((target) => !isAlive(path, target))).toEqual([]);
});

test.each(all)('the files that %s names exist', (_, text) => {
  const named = [...text.matchAll(NAMED_PATH)].map(([, path]) => path!);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('the index of decisions lists every one of them', () => {
  const decisions = readdirSync(join(ROOT, 'docs', 'adr')).filter((name) => /^\d{4}-/.test(name));
  expect(linksOf(document('docs/adr/README.md')).toSorted()).toEqual(decisions.toSorted());
});
