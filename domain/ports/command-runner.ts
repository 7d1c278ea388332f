export interface CommandOptions {
  readonly cwd: string;
  /** Added to the process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with every whole line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Sends SIGTERM to the command; the call still resolves with its exit. */
  readonly signal?: AbortSignal;
}

export interface CommandResult {
  /** 128 + the signal's number when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs programs on PATH (`git`, `terraform`, `helm`), without a shell: arguments are passed as they are. */
export interface CommandRunner {
  /** Rejects only when the program cannot be started (`ENOENT`). */
  run(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult>;
}
