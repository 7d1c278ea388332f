import { posix } from 'node:path';

/** The files of a repository at one commit. Paths are relative to its root, with `/`. */
export interface RepositoryFiles {
  readonly paths: readonly string[];
  /** The text of a file; undefined when there is none of that path. */
  text(path: string): string | undefined;
}

/** The path that `relative` means in the folder `from`; `.` is the root of the repository. */
export function resolvePath(from: string, relative: string): string {
  return posix.join(from, relative).replace(/\/$/, '') || '.';
}

/** Whether there is at least one file below a folder. */
export function hasFolder(files: RepositoryFiles, folder: string): boolean {
  return files.paths.some((path) => isBelow(path, folder));
}

/** Whether a path lies in a folder or below it. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '.' || path.startsWith(`${folder}/`);
}

/** The files directly in a folder. */
export function filesIn(files: RepositoryFiles, folder: string): string[] {
  return files.paths.filter((path) => posix.dirname(path) === folder);
}
