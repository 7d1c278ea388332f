import { execFileSync } from 'node:child_process';
import { UserError } from '../../domain/errors';

/** The most that one answer of git may hold: a bootstrap repository is text of a few hundred KB. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Runs git in a folder and returns what it prints. @throws Error with git's own words in `stderr`. */
export function git(directory: string, args: readonly string[]): string {
  return gitBytes(directory, args).toString('utf8').trim();
}

/** Like `git`, with an input, for answers that are not text or end in white space that matters. */
export function gitBytes(directory: string, args: readonly string[], input: string | Buffer = ''): Buffer {
  try {
    return execFileSync('git', ['-C', directory, ...args], {
      // The user's own settings (hooks, signing, templates) must not change what a drill sees.
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: MAX_BYTES,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UserError('There is no git on PATH, and a local drill fetches its repository with it; install git.');
  }
}

/** What git said was wrong on standard error when a call of `git` failed, in one line; its advice is left out. */
export function gitWords(error: unknown): string {
  const { stderr } = error as { stderr?: Buffer };
  const lines = (stderr?.toString() ?? String(error)).trim().split('\n');
  const wrong = lines.filter((line) => /^(error|fatal): /.test(line));
  return (wrong.length > 0 ? wrong : lines.slice(-1))
    .map((line) => line.replace(/^(error|fatal): /, '').replace(/\.$/, ''))
    .join('; ');
}
