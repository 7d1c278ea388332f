import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { processRunner } from '../../adapters/process-runner';

const cwd = tmpdir();

function node(script: string, options: Partial<Parameters<typeof processRunner.run>[2]> = {}) {
  return processRunner.run(process.execPath, ['-e', script], { cwd, ...options });
}

test('a program gives its exit code, output and errors', async () => {
  const result = await node('console.log("out"); console.error("err"); process.exitCode = 3');
  expect(result).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
});

test('arguments reach the program as they are, without a shell', async () => {
  const args = ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '$HOME', '; rm -rf x', 'a "b" *'];
  const { stdout } = await processRunner.run(process.execPath, args, { cwd });
  expect(JSON.parse(stdout)).toEqual(['$HOME', '; rm -rf x', 'a "b" *']);
});

test('the environment is added to the one of this process, and the working directory is the given one', async () => {
  const script = 'console.log(JSON.stringify([process.env.DRILL_TEST, !!process.env.PATH, process.cwd()]))';
  const { stdout } = await node(script, { env: { DRILL_TEST: 'yes' } });
  expect(JSON.parse(stdout)).toEqual(['yes', true, realpathSync(cwd)]);
});

test('whole lines come as they are written, also when a chunk ends inside one or inside a character', async () => {
  const lines: string[] = [];
  const script = `
    const bytes = Buffer.from('one\\ntwo é three\\r\\nlast');
    const cut = bytes.indexOf(0xc3) + 1;
    process.stdout.write(bytes.subarray(0, cut));
    setTimeout(() => process.stdout.write(bytes.subarray(cut)), 50);`;
  const { stdout } = await node(script, { onLine: (line) => lines.push(line) });
  expect(lines).toEqual(['one', 'two é three', 'last']);
  expect(stdout).toBe('one\ntwo é three\r\nlast');
});

test('aborting sends SIGTERM and still gives the exit of a program that ends properly', async () => {
  const stop = new AbortController();
  const script = `process.on('SIGTERM', () => { console.log('kept state'); process.exit(7) });
    console.log('ready'); setInterval(() => {}, 1000)`;
  const result = await node(script, { signal: stop.signal, onLine: () => stop.abort() });
  expect(result).toMatchObject({ exitCode: 7, stdout: 'ready\nkept state\n' });
});

test('a program that a signal ended exits with 128 and the number of the signal', async () => {
  const stop = new AbortController();
  const running = node('console.log(1); setInterval(() => {}, 1000)', {
    signal: stop.signal,
    onLine: () => stop.abort(),
  });
  expect((await running).exitCode).toBe(128 + 15);
});

test('a signal that was aborted before stops the program at once', async () => {
  const result = await node('setInterval(() => {}, 1000)', { signal: AbortSignal.abort() });
  expect(result.exitCode).toBe(143);
});

test('a program leads a process group of its own, so a signal to the group of its caller does not reach it', async () => {
  expect((await processRunner.run('bash', ['-c', 'kill -0 -- -$$'], { cwd })).exitCode).toBe(0);
});

test('a program that is not on PATH is an error with its name', async () => {
  await expect(processRunner.run('no-such-program', [], { cwd })).rejects.toMatchObject({
    code: 'ENOENT',
    message: expect.stringContaining('no-such-program'),
  });
});

test('standard input is empty', async () => {
  const { stdout } = await node('console.log(require("fs").readFileSync(0, "utf8").length)');
  expect(stdout).toBe('0\n');
});
