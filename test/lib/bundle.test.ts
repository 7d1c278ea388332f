import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILDS } from '../../domain/names';
import { bundle, type CodeFolders } from '../../lib/bundle';
import { LAMBDAS, type LambdaName } from '../../lib/entries';

const directory = mkdtempSync(join(tmpdir(), 'cluster-drill-bundle-'));
let folders: CodeFolders;
beforeAll(async () => {
  folders = await bundle(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

test.each(Object.keys(LAMBDAS) as LambdaName[])('%s is bundled small, as the SDK comes with the runtime', (name) => {
  expect(statSync(join(folders.lambda(name), 'index.js')).size).toBeLessThan(700_000);
});

test('a bundled Lambda exports the handler that its function names', () => {
  // Resolved from here, as the runtime resolves the SDK from its own folder.
  const file = join(folders.lambda('judge-drill'), 'index.js');
  const script = `console.log(typeof require(${JSON.stringify(file)}).handler)`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    env: { ...process.env, NODE_PATH: join(__dirname, '../../node_modules') },
  });
  expect(stdout.trim()).toBe('function');
});

test.each(BUILDS)('the file of %s runs its own step and needs nothing beside it', (name) => {
  const { status, stderr } = spawnSync(process.execPath, ['step.cjs'], {
    cwd: folders.build(name),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
  });
  // Without its variables every step ends at once, with a complaint about them.
  expect(stderr).toContain('DRILL_ID');
  expect(status).toBe(1);
});

test.each(BUILDS)('the tools of %s can be installed and checked beside its step', (name) => {
  expect(statSync(join(folders.build(name), 'install-tools.sh')).size).toBeGreaterThan(0);
  expect(statSync(join(folders.build(name), 'tool-checksums.txt')).size).toBeGreaterThan(0);
});
