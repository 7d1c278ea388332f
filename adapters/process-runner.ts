import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import type { CommandOptions, CommandResult, CommandRunner } from '../domain/ports/command-runner';

/**
 * Runs programs as child processes, without a shell. Standard input is empty and there is no terminal, so nothing can
 * wait for an answer.
 *
 * Each has a process group of its own: whoever stops a build signals its whole group and this process as well, and a
 * Terraform that is told twice to stop leaves at once, without the state of what it was making ("Two interrupts
 * received"). So it hears of it once, from here. When this process is killed, the program ends at its next line of
 * output, which nobody reads any longer.
 */
export const processRunner: CommandRunner = { run };

function run(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const stdout = new TextCollector(options.onLine);
    const stderr = new TextCollector();
    child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));

    const stop = (): void => void child.kill('SIGTERM');
    if (options.signal?.aborted) stop();
    options.signal?.addEventListener('abort', stop, { once: true });
    const finish = (settle: () => void): void => {
      options.signal?.removeEventListener('abort', stop);
      settle();
    };
    child.once('error', (error) => finish(() => reject(error)));
    // `close` comes after `exit`, when all output has been read.
    child.once('close', (code, signal) => {
      const exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
      finish(() => resolve({ exitCode, stdout: stdout.end(), stderr: stderr.end() }));
    });
  });
}

/** Joins chunks of UTF-8 to a text and hands out each whole line; the last one also without its newline. */
class TextCollector {
  private readonly decoder = new StringDecoder('utf8');
  private readonly parts: string[] = [];
  private rest = '';

  constructor(private readonly onLine?: (line: string) => void) {}

  add(chunk: Buffer): void {
    this.take(this.decoder.write(chunk));
  }

  end(): string {
    this.take(this.decoder.end());
    if (this.rest !== '') this.onLine?.(this.rest);
    return this.parts.join('');
  }

  private take(text: string): void {
    this.parts.push(text);
    if (!this.onLine) return;
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  }
}
