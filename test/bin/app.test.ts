import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

test('a configuration that does not exist is refused in one sentence, with exit code 1', () => {
  const { status, stderr } = spawnSync(process.execPath, ['bin/launch.cjs', 'bin/app.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ config: 'missing.yaml' }) },
  });
  expect(stderr).toBe('missing.yaml does not exist; write it, or name another by -c config=PATH.\n');
  expect(status).toBe(1);
});
