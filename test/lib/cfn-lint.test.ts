import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleStack } from '../support/stack';

const installed = spawnSync('cfn-lint', ['--version']).status === 0;
const title = 'cfn-lint finds nothing in the template';

// W3005 (a dependency that is implied already) is CDK's own, and warnings too make cfn-lint exit with an error.
(installed ? test : test.skip)(installed ? title : `${title} (skipped: cfn-lint is not installed)`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'cluster-drill-lint-'));
  const file = join(directory, 'template.json');
  writeFileSync(file, JSON.stringify(sampleStack().template));
  const { status, stdout } = spawnSync('cfn-lint', ['-i', 'W3005', '--', file], { encoding: 'utf8' });
  rmSync(directory, { recursive: true });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
