import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeApplication } from '../../../domain/health/argo-application';
import { judgeGitRepository } from '../../../domain/health/flux-source';
import { recorded } from './recording';
import { NEVER_ASKED, type Judged, judgedObjects } from './recorded-table';

/**
 * How every recorded object is read, with the reason, beside what Argo CD and kstatus say of it. Whoever changes a rule
 * sees here what else it changes; `UPDATE_TABLE=1 npx jest recorded-objects` writes the table anew.
 */
const TABLE = join(__dirname, 'recorded-objects.txt');
const HEAD = 'recording | object | reading | Argo CD | kstatus | reason';

function lineOf({ id, object, reading, argo, kstatus }: Judged): string {
  const { namespace, name } = object.metadata;
  const named = `${object.kind} ${namespace ? `${namespace}/` : ''}${name}`;
  return [id, named, reading.status, argo, kstatus, reading.reason].join(' | ');
}

test('every recorded object is read as the table says', () => {
  const lines = [HEAD, ...judgedObjects().map(lineOf)];
  if (process.env['UPDATE_TABLE']) writeFileSync(TABLE, `${lines.join('\n')}\n`);
  expect(lines).toEqual(readFileSync(TABLE, 'utf8').trimEnd().split('\n'));
});

test('every reading has a reason, and every object was shown to Argo CD and to kstatus', () => {
  for (const { reading, argo, kstatus } of judgedObjects()) {
    expect(reading.reason).toMatch(/\w/);
    expect([argo, kstatus]).not.toContain('?');
  }
});

test('every recorded answer of the API is replayed by a test, holds objects of the table, or is never asked for', () => {
  const answers = readdirSync(join(__dirname, '../../recorded/kubernetes')).flatMap(
    (file) => /^(api-.*)\.json$/.exec(file)?.[1] ?? [],
  );
  const replaying = ['adapters/kubernetes-client.test.ts', 'local/world/kubernetes/api-server.test.ts']
    .map((path) => readFileSync(join(__dirname, '../..', path), 'utf8'))
    .join('\n');
  const judged = new Set(judgedObjects().map(({ id }) => /\/(.*?)(#|$)/.exec(id)![1]));
  const used = (name: string): boolean => replaying.includes(name) || judged.has(name);
  expect(answers.filter((name) => !used(name))).toEqual(Object.keys(NEVER_ASKED));
});

describe('with a commit pinned', () => {
  const commit = '4e2f35dcb210e38bc66434f43f49035fbefe1ecd';

  test('a GitRepository must hold it', () => {
    const object = recorded('flux', 'gitrepository-patched-ready-at-commit');
    expect(judgeGitRepository(object, commit).status).toBe('healthy');
    expect(judgeGitRepository(object, '0'.repeat(40)).reason).toContain('not 0000000');
  });

  test('an Application of another repository does not', () => {
    const object = recorded('argocd', 'application-synced-healthy-full-sha');
    const { reconciledAt } = object.status as { reconciledAt: string };
    const pin = { commit, repository: 'https://git.example.com/another.git' };
    expect(judgeApplication(object, pin, new Date(reconciledAt)).status).toBe('healthy');
  });
});
