import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { RepositoryFiles } from '../domain/repository-files';

/** The files of a checkout, without git's own. Links are not followed: they may lead out of the repository. */
export function readRepository(folder: string): RepositoryFiles {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.startsWith('.git/'))
    .toSorted();
  const known = new Set(paths);
  return { paths, text: (path) => (known.has(path) ? readFileSync(join(folder, path), 'utf8') : undefined) };
}
