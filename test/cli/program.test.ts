import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { createProgram } from '../../cli/program';
import { SCENARIOS } from '../../local/scenarios';

const directory = mkdtempSync(join(tmpdir(), 'cluster-drill-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs the command line; what it prints, or the message it ends with. */
async function run(...args: string[]): Promise<string> {
  let printed = '';
  const print = (text: string): void => {
    printed += text;
  };
  const terminal = { out: print, err: print, live: false, columns: 100, colours: pc.createColors(false) };
  try {
    await createProgram(terminal, () => {}).parseAsync(['node', 'drill', '--state-dir', directory, ...args]);
  } catch (error) {
    printed += (error as Error).message;
  }
  return printed;
}

test('help names every command and says how to run a drill on this machine', async () => {
  const help = await run('--help');
  for (const command of ['run', 'start', 'watch', 'confirm', 'history', 'show', 'report', 'stop', 'sweep'])
    expect(help).toMatch(new RegExp(`^  ${command}`, 'm'));
  expect(help).toContain('"drill run" rehearses on this machine');
});

test('the help of run lists every scenario and the exit codes', async () => {
  const help = await run('run', '--help');
  for (const name of Object.keys(SCENARIOS)) expect(help).toContain(name);
  expect(help).toContain('Exit code: 0 for a passed drill');
});

test.each([
  [['run', '--scenario', 'helthy'], 'There is no scenario "helthy"; did you mean "healthy"?'],
  [['run', '--scenario', 'constructor'], 'There is no scenario "constructor"; choose one of healthy'],
  [['run', '--ref', '-x'], 'Write a branch, a tag or a full commit SHA.'],
  [['run', '--target', 'exampel'], 'There is no target "exampel"; did you mean "example"?'],
  [['run', '--repository', '/no/such/folder'], '--repository is "/no/such/folder", which does not exist'],
  [['run', '--repository', __filename], 'program.test.ts", a file; name a folder, a git repository or its URL.'],
  [['--state-dir', __filename, 'run'], 'program.test.ts cannot be written (EEXIST'],
  [['run', '--speed', '0'], 'Write a number above 0.'],
  [['--config', 'missing.yaml', 'history', '--local'], 'missing.yaml cannot be read (ENOENT)'],
  [['history', '--local'], 'No drill has run on this machine yet'],
  [['history', '--quarter', '2026'], '--quarter is "2026"; write a quarter such as 2026Q4.'],
  [['history', '--limit', '0'], 'Write a number above 0.'],
  [['report', '--format', 'toString'], '--format is "toString"; write one of html, md, json.'],
  [['report', '--format', 'pdf'], '--format is "pdf"; write one of html, md, json.'],
  [['--local', 'start'], 'A local drill lives as long as its own command'],
  [['--local', 'confirm', 'drill', 'step'], 'A local drill lives as long as its own command'],
  [['--local', 'stop'], 'No drill is running on this machine'],
  [['--local', 'sweep'], 'No drill has run on this machine yet'],
  [['sweep', '--dryrun'], "unknown option '--dryrun'"],
  [['shw'], 'There is no command "shw"; did you mean "show"?'],
])('%j is refused in a sentence', async (args, sentence) => {
  expect(await run(...args)).toContain(sentence);
});
