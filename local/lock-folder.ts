import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../domain/errors';

/**
 * Makes the folder and keeps two local drills out of it: they would share tables and infrastructure. The lock of a
 * process that is dead is taken over.
 * @returns a function that gives the folder back.
 * @throws UserError when a living process has it, or it cannot be written.
 */
export function lockFolder(directory: string): () => void {
  const file = join(directory, 'lock');
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (!existsSync(file)) {
      throw new UserError(
        `${directory} cannot be written (${messageOf(error)}); name another folder with --state-dir.`,
      );
    }
    const owner = Number(readFileSync(file, 'utf8'));
    if (owner !== process.pid && isAlive(owner)) {
      throw new UserError(
        `Process ${owner} works in ${directory} already; wait for it, or give a drill a folder of its own with --state-dir.`,
      );
    }
    writeFileSync(file, String(process.pid));
  }
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
