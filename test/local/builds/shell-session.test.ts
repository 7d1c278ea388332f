import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ShellSession } from '../../../local/builds/shell-session';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'shell-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const environment = { PATH: process.env['PATH'] ?? '' };

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('statuses come back one by one, whatever the commands do to the shell', async () => {
  let shell = new ShellSession({ directory, environment, output: 'ignore' });
  const statuses: number[] = [];
  for (const command of ['true', 'false', 'exit 7', 'set -e', 'false', 'kill -9 $$', 'true']) {
    const { status, next } = await shell.execute(command);
    statuses.push(status);
    shell = next;
  }
  await shell.end();
  // A shell that was killed stays dead: its last status is all that there is to tell.
  expect(statuses).toEqual([0, 1, 7, 0, 1, 137, 137]);
});

test('what a command leaves in the background ends with the shell', async () => {
  const shell = new ShellSession({ directory, environment, output: 'ignore' });
  await shell.execute('sleep 300 & echo $! > pid');
  const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'));
  expect(isAlive(pid)).toBe(true);
  await shell.end();
  await until(() => !isAlive(pid));
});

test('nothing survives the process that started the shell, even when that is killed', async () => {
  const parent = join(directory, 'parent.cjs');
  buildSync({
    stdin: {
      contents: `
        import { ShellSession } from './local/builds/shell-session';
        const shell = new ShellSession({ directory: process.argv[2], environment: process.env, output: 'ignore' });
        void shell.execute('sleep 300 & echo $! > sleep.pid; echo $$ > bash.pid; wait');`,
      resolveDir: join(__dirname, '../../..'),
    },
    outfile: parent,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  });
  const started = spawn(process.execPath, [parent, directory], { stdio: 'ignore' });
  await until(() => existsSync(join(directory, 'bash.pid')) && readFileSync(join(directory, 'bash.pid')).length > 0);
  const pids = ['sleep.pid', 'bash.pid'].map((file) => Number(readFileSync(join(directory, file), 'utf8')));
  expect(pids.map(isAlive)).toEqual([true, true]);
  started.kill('SIGKILL');
  await until(() => !pids.some(isAlive));
});

test('a machine without bash is told of, not waited for', async () => {
  const shell = new ShellSession({ directory, environment: { PATH: directory }, output: 'ignore' });
  await expect(shell.execute('true')).rejects.toMatchObject({ code: 'ENOENT' });
  await shell.end();
});
