import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gitBytes } from './git';

/** A file of a commit, as git knows it. */
interface CommittedFile {
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000';
  readonly content: Buffer;
}

/** Name and date of the commits that a local drill makes: the same files give the same commit everywhere. */
const COMMITTER = `cluster-drill <cluster-drill@example.com> ${Date.UTC(2026) / 1000} +0000`;

export function textFile(path: string, text: string): CommittedFile {
  return { path, mode: '100644', content: Buffer.from(text) };
}

/** All files below a folder, without what is named in `leftOut`. */
export function filesBelow(folder: string, leftOut: ReadonlySet<string>, within = ''): CommittedFile[] {
  return readdirSync(join(folder, within))
    .filter((name) => !leftOut.has(name))
    .flatMap((name): CommittedFile[] => {
      const path = within === '' ? name : `${within}/${name}`;
      const file = join(folder, path);
      const stat = lstatSync(file);
      if (stat.isDirectory()) return filesBelow(folder, leftOut, path);
      if (stat.isSymbolicLink()) return [{ path, mode: '120000', content: Buffer.from(readlinkSync(file)) }];
      return [{ path, mode: stat.mode & 0o111 ? '100755' : '100644', content: readFileSync(file) }];
    });
}

/**
 * Adds one commit to a branch of a repository, without a working tree: a single call of git, and a single pack in place
 * of a folder for every other object.
 * @param parent a revision whose files stay where they are not replaced; none for a branch that begins with this commit.
 */
export function importCommit(
  repository: string,
  branch: string,
  message: string,
  files: readonly CommittedFile[],
  parent?: string,
): void {
  const stream = [
    `commit refs/heads/${branch}\ncommitter ${COMMITTER}\n`,
    ...data(Buffer.from(message)),
    parent === undefined ? '' : `from ${parent}\n`,
    ...files.flatMap(({ path, mode, content }) => [`M ${mode} inline ${quoted(path)}\n`, ...data(content)]),
  ];
  const input = Buffer.concat(stream.map((part) => Buffer.from(part)));
  gitBytes(repository, ['-c', 'fastimport.unpackLimit=1', 'fast-import', '--quiet'], input);
}

function data(content: Buffer): (Buffer | string)[] {
  return [`data ${content.length}\n`, content, '\n'];
}

/** As fast-import reads paths, whatever is in them. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
