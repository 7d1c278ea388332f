import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readRepository } from '../../buildspecs/read-repository';
import type { RepositoryFiles } from '../../domain/repository-files';

/** The texts of files by path; undefined in an edit takes the file out. */
export type Texts = Readonly<Record<string, string | undefined>>;

/** The files of examples/bootstrap, with some replaced, added or taken out. */
export function exampleFiles(edits: Texts = {}): RepositoryFiles {
  return repositoryFiles({ ...exampleTexts(), ...edits });
}

export function exampleTexts(): Record<string, string> {
  const files = readRepository(join(__dirname, '../../examples/bootstrap'));
  return Object.fromEntries(files.paths.map((path) => [path, files.text(path)!]));
}

/** A repository of these texts alone. */
export function repositoryFiles(texts: Texts): RepositoryFiles {
  const paths = Object.keys(texts).filter((path) => texts[path] !== undefined);
  return { paths: paths.toSorted(), text: (path) => texts[path] };
}

/** A git repository in a temporary folder. */
export class GitRepository {
  readonly url = mkdtempSync(join(tmpdir(), 'drill-git-'));

  constructor() {
    this.git('init', '--quiet', '--initial-branch', 'main');
  }

  /** Commits these files over what is there. @returns the commit. */
  commit(texts: Readonly<Record<string, string>>): string {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(join(this.url, dirname(path)), { recursive: true });
      writeFileSync(join(this.url, path), text);
    }
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', 'change');
    return this.git('rev-parse', 'HEAD');
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
    return execFileSync('git', [...identity, ...args], { cwd: this.url, encoding: 'utf8' }).trim();
  }

  remove(): void {
    rmSync(this.url, { recursive: true, force: true });
  }
}
