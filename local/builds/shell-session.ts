import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';

/**
 * What bash runs: it evaluates one command after the other (they come on fd 4, ended by NUL) and tells the exit status
 * of each on fd 3. A command that exits the shell leaves the exported variables on fd 3, for the shell that follows.
 *
 * fd 5 is open as long as the drill's process lives: when it dies, even by SIGKILL, the watchdog ends everything in the
 * process group. SIGTERM only interrupts the running command, so that the shell lives to tell its status.
 */
const LOOP = `
trap : TERM
trap 'export -p >&3' EXIT
(
  trap '' TERM
  read -r _ <&5
  kill -TERM 0
  sleep 5
  kill -KILL 0
) 3>&- 4<&- >/dev/null 2>&1 &
disown
exec 5<&-
while IFS= read -r -d '' -u 4 DRILL_COMMAND; do
  eval "$DRILL_COMMAND"
  printf '%s\\0' "$?" >&3
done
`;

/** Marks a value that a command was asked for, among the exit statuses on fd 3. */
const VALUE = '=';

export interface ShellOptions {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** File descriptor for standard output and error. */
  readonly output: number | 'ignore';
}

/** One bash with a process group of its own, in which all commands of a build run, one at a time. */
export class ShellSession {
  private readonly process: ChildProcess;
  private readonly messages: Duplex;
  private readonly commands: Duplex;
  /** Resolves when bash itself has ended; rejects when there is no bash. */
  private readonly exited: Promise<{ readonly status: number; readonly killed: boolean }>;
  private buffered = '';
  private value = '';
  private answer: ((status: number) => void) | undefined;

  constructor(private readonly options: ShellOptions) {
    this.process = spawn('bash', ['--noprofile', '--norc', '-c', LOOP], {
      cwd: options.directory,
      env: options.environment,
      detached: true,
      stdio: ['ignore', options.output, options.output, 'pipe', 'pipe', 'pipe'],
    });
    const [messages, commands, lifeline] = this.process.stdio.slice(3) as unknown as [Duplex, Duplex, Duplex];
    this.messages = messages;
    this.commands = commands;
    // Writing to a bash that has just died fails here; its exit tells the same.
    for (const stream of [messages, commands, lifeline]) stream.on('error', () => {});
    messages.setEncoding('utf8');
    messages.on('data', (text: string) => this.read(text));
    this.exited = new Promise((resolve, reject) => {
      this.process.once('error', reject);
      this.process.once('exit', (code, signal) =>
        resolve({ status: code ?? 128 + (signal ? constants.signals[signal] : 0), killed: signal !== null }),
      );
    });
    this.exited.catch(() => {});
  }

  /**
   * Runs a command.
   * @returns its exit status, and when it ended the shell (`exit 3`) the session to go on with.
   */
  async execute(command: string): Promise<{ readonly status: number; readonly next: ShellSession }> {
    const answered = new Promise<number>((resolve) => {
      this.answer = resolve;
    });
    this.commands.write(`${command}\0`);
    const result = await Promise.race([
      answered.then((status) => ({ status, exited: false })),
      this.exited.then(({ status, killed }) => ({ status, exited: !killed })),
    ]);
    return { status: result.status, next: result.exited ? await this.successor() : this };
  }

  /** The value of an exported variable; empty when there is none. */
  async exported(name: string): Promise<string> {
    this.value = '';
    await this.execute(`printf '${VALUE}%s\\0' "$(printenv ${name})" >&3`);
    return this.value;
  }

  /** Sends a signal to everything in the process group. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.process.pid === undefined) return;
    try {
      process.kill(-this.process.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Ends the shell and whatever its commands have left running, as the end of a build's container does. */
  async end(): Promise<void> {
    this.commands.end();
    await this.exited.catch(() => {});
    // The watchdog still holds the group, so its number cannot have passed to others.
    this.signal('SIGKILL');
    for (const stream of this.process.stdio) stream?.destroy();
  }

  private read(text: string): void {
    const parts = (this.buffered + text).split('\0');
    this.buffered = parts.pop() ?? '';
    for (const part of parts) {
      if (part.startsWith(VALUE)) this.value = part.slice(VALUE.length);
      else this.answer?.(Number(part));
    }
  }

  /** A shell with the exported variables of this one, which a command has exited. */
  private async successor(): Promise<ShellSession> {
    this.signal('SIGKILL');
    if (!this.messages.readableEnded) await new Promise((resolve) => this.messages.once('end', resolve));
    const next = new ShellSession(this.options);
    await next.execute(this.buffered);
    for (const stream of this.process.stdio) stream?.destroy();
    return next;
  }
}
