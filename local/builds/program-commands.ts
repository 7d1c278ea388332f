import type { CommandRunner } from '../../domain/ports/command-runner';
import type { Program } from '../program';

/**
 * Runs stand-in programs within this process, and every other command by `others` (git, for real).
 * @param environment the build's variables, which a child process would have inherited.
 */
export function programCommands(
  programs: Readonly<Record<string, Program>>,
  others: CommandRunner,
  environment: Readonly<Record<string, string>>,
): CommandRunner {
  return {
    run: async (command, args, options) => {
      const program = programs[command];
      if (!program) return others.run(command, args, { ...options, env: { ...environment, ...options.env } });
      const stop = new AbortController();
      const terminate = (): void => stop.abort('SIGTERM');
      if (options.signal?.aborted) terminate();
      options.signal?.addEventListener('abort', terminate, { once: true });
      let stdout = '';
      let stderr = '';
      let lineStart = 0;
      try {
        const exitCode = await program({
          args,
          cwd: options.cwd,
          env: { ...environment, ...options.env },
          stdout: (text) => {
            stdout += text;
            for (let end = stdout.indexOf('\n', lineStart); end >= 0; end = stdout.indexOf('\n', lineStart)) {
              options.onLine?.(stdout.slice(lineStart, end));
              lineStart = end + 1;
            }
          },
          stderr: (text) => {
            stderr += text;
          },
          signal: stop.signal,
        });
        if (lineStart < stdout.length) options.onLine?.(stdout.slice(lineStart));
        return { exitCode, stdout, stderr };
      } finally {
        options.signal?.removeEventListener('abort', terminate);
      }
    },
  };
}
