import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapRepository, gitConfiguration } from '../../../local/repository/bootstrap-repository';
import { git, gitBytes } from '../../../local/repository/git';
import { gitRepositories } from '../../../local/repository/git-repositories';

const URL = 'https://git.example.com/platform/bootstrap.git';
let directory: string;
let folder: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'drill-repository-'));
  folder = join(directory, 'folder');
  mkdirSync(join(folder, 'terraform'), { recursive: true });
  writeFileSync(join(folder, 'terraform', 'main.tf'), 'locals { ü = 1 }\n');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const options = (changes = {}) => ({
  source: folder,
  directory: join(directory, 'copy'),
  ref: 'main',
  edits: {},
  ...changes,
});
const head = (path: string): string => git(path, ['rev-parse', 'HEAD']);

test('a plain folder becomes one commit, the same for the same files', () => {
  const first = head(bootstrapRepository(options()));
  expect(head(bootstrapRepository(options()))).toBe(first);
  writeFileSync(join(folder, 'README.md'), 'edited');
  expect(head(bootstrapRepository(options()))).not.toBe(first);
});

test('a commit holds every file as it is: programs, links, bytes and odd names', () => {
  writeFileSync(join(folder, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(folder, 'a "quoted\\\n name'), Buffer.from([0, 255, 10]));
  symlinkSync('run.sh', join(folder, 'link'));
  const path = bootstrapRepository(options());
  const entries = git(path, ['ls-tree', '-r', '-z', 'HEAD']).split('\0').filter(Boolean);
  expect(entries.map((entry) => entry.replace(/ blob \w+\t/, ' '))).toEqual([
    '100644 a "quoted\\\n name',
    '120000 link',
    '100755 run.sh',
    '100644 terraform/main.tf',
  ]);
  expect(gitBytes(path, ['show', 'HEAD:a "quoted\\\n name'])).toEqual(Buffer.from([0, 255, 10]));
});

test('a git repository is drilled as it is, uncommitted edits left out', () => {
  const path = bootstrapRepository(options());
  writeFileSync(join(path, 'uncommitted.txt'), 'x');
  expect(bootstrapRepository(options({ source: path, directory: join(directory, 'other') }))).toBe(path);
  expect(gitRepositories(URL, path)(URL, 'main')).toMatchObject({
    files: { 'terraform/main.tf': 'locals { ü = 1 }\n' },
  });
});

test("a scenario's edits leave the user's repository as it was", () => {
  const path = bootstrapRepository(options());
  const before = head(path);
  const edited = bootstrapRepository(
    options({ source: path, directory: join(directory, 'edited'), edits: { 'manual-steps.yaml': 'steps: []\n' } }),
  );
  expect(edited).not.toBe(path);
  expect(head(path)).toBe(before);
  expect(gitRepositories(URL, edited)(URL, 'main')).toMatchObject({
    files: { 'manual-steps.yaml': 'steps: []\n', 'terraform/main.tf': expect.any(String) },
  });
});

test('an empty folder is a repository without files', () => {
  rmSync(join(folder, 'terraform'), { recursive: true });
  expect(gitRepositories(URL, bootstrapRepository(options()))(URL, 'HEAD')).toMatchObject({ files: {} });
});

test('a URL that cannot be cloned is refused with git’s words', () => {
  expect(() => bootstrapRepository(options({ source: `file://${directory}/nowhere` }))).toThrow(
    /^The repository file:.*nowhere cannot be cloned: .*nowhere' does not appear to be a git repository/,
  );
});

test('a URL has all its branches, and a scenario edits the one that is drilled', () => {
  const path = bootstrapRepository(options());
  git(path, ['branch', 'feature']);
  const url = { source: `file://${path}`, ref: 'feature' };
  const copy = bootstrapRepository(options({ ...url, directory: join(directory, 'cloned') }));
  expect(git(copy, ['rev-parse', 'main', 'feature'])).toBe(git(path, ['rev-parse', 'main', 'feature']));
  const edits = { 'manual-steps.yaml': 'steps: []\n' };
  const edited = bootstrapRepository(options({ ...url, directory: join(directory, 'edited'), edits }));
  expect(gitRepositories(URL, edited)(URL, 'feature')).toMatchObject({ files: edits });
  expect(gitRepositories(URL, edited)(URL, 'main')).not.toMatchObject({ files: edits });
});

test.each([
  ['package.json', 'a file'],
  ['no/such/folder', 'which does not exist'],
])('%s is no repository', (source, what) => {
  expect(() => bootstrapRepository(options({ source }))).toThrow(`--repository is "${source}", ${what};`);
});

test('a revision or repository that is not there is said to be missing', () => {
  const read = gitRepositories(URL, bootstrapRepository(options()));
  expect(read(URL, 'no-such-branch')).toMatchObject({ missing: 'revision' });
  expect(read('https://git.example.com/other.git', 'main')).toMatchObject({ missing: 'repository' });
});

test('git takes the local repository for the URL, and gives out a commit by its SHA', () => {
  const path = bootstrapRepository(options());
  const file = join(directory, 'gitconfig');
  writeFileSync(file, gitConfiguration(URL, path));
  const env = { ...process.env, GIT_CONFIG_GLOBAL: file };
  const target = join(directory, 'checkout');
  mkdirSync(target);
  const run = (...args: string[]): string =>
    execFileSync('git', ['-C', target, ...args], { env, stdio: 'pipe' })
      .toString()
      .trim();
  run('init', '--quiet');
  run('fetch', '--quiet', '--depth', '1', URL, head(path));
  expect(run('rev-parse', 'FETCH_HEAD')).toBe(head(path));
});
