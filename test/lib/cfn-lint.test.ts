import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LONG, LONG_OBSTACLE } from '../support/long-tests';
import { sampleStack } from '../support/stack';

/** It takes eight seconds. */
const obstacle = !LONG
  ? LONG_OBSTACLE
  : spawnSync('cfn-lint', ['--version']).status !== 0 && 'cfn-lint is not installed here';

function lint(): { status: number | null; stdout: string } {
  const directory = mkdtempSync(join(tmpdir(), 'cluster-drill-lint-'));
  try {
    const file = join(directory, 'template.json');
    writeFileSync(file, JSON.stringify(sampleStack().template));
    // W3005 (a dependency that is implied already) is CDK's own, and warnings too make cfn-lint exit with an error.
    return spawnSync('cfn-lint', ['-i', 'W3005', '--', file], { encoding: 'utf8' });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

if (!obstacle) {
  test('cfn-lint finds nothing in the template', () => {
    expect(lint()).toMatchObject({ status: 0, stdout: '' });
  });
} else {
  test.todo(`cfn-lint finds nothing in the template (${obstacle})`);
}
