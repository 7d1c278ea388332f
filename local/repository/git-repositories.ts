import type { Repositories, RepositoryTree } from '../world/kubernetes/gitops/repositories';
import { git, gitBytes, gitWords } from './git';

/**
 * What Argo CD and Flux of the simulated cluster read: the real repository by git, each commit once. Any URL but the
 * target's does not exist, as the drill has no network of its own.
 */
export function gitRepositories(url: string, path: string): Repositories {
  const trees = new Map<string, RepositoryTree>();
  return (asked, revision) => {
    if (asked !== url) return { missing: 'repository', error: `repository '${asked}' not found` };
    try {
      const known = trees.get(revision);
      if (known) return known;
      const commit = git(path, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
      const tree = trees.get(commit) ?? { commit, files: filesAt(path, commit) };
      trees.set(commit, tree);
      return tree;
    } catch (error) {
      return { missing: 'revision', error: gitWords(error) || `unable to resolve '${revision}' to a commit SHA` };
    }
  };
}

/** All files of a commit: one listing, then their contents in one batch (`<sha> blob <size>\n<content>\n` each). */
function filesAt(path: string, commit: string): Record<string, string> {
  const entries = git(path, ['ls-tree', '-r', '-z', commit])
    .split('\0')
    .map((line) => /^\d+ blob (\w+)\t(.+)$/s.exec(line))
    .filter((match) => match !== null);
  const batch = gitBytes(path, ['cat-file', '--batch'], entries.map(([, sha]) => `${sha}\n`).join(''));
  const files: Record<string, string> = {};
  let offset = 0;
  for (const [, , name] of entries) {
    const end = batch.indexOf('\n', offset);
    const size = Number(batch.subarray(offset, end).toString().split(' ').at(-1));
    files[name!] = batch.subarray(end + 1, end + 1 + size).toString('utf8');
    offset = end + 1 + size + 1;
  }
  return files;
}
