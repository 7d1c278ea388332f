import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRepository } from '../../buildspecs/read-repository';
import type { RepositoryFiles } from '../../domain/repository-files';
import { git } from '../../local/repository/git';
import { importCommit, textFile } from '../../local/repository/import-commit';

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

  private head: string | undefined;

  constructor() {
    this.git('init', '--quiet', '--bare', '--template=', '--initial-branch=main');
  }

  /** Commits these files over what is there. @returns the commit. */
  commit(texts: Readonly<Record<string, string>>): string {
    const files = Object.entries(texts).map(([path, text]) => textFile(path, text));
    importCommit(this.url, 'main', 'change', files, this.head);
    return (this.head = this.git('rev-parse', 'HEAD'));
  }

  git(...args: string[]): string {
    return git(this.url, args);
  }

  remove(): void {
    rmSync(this.url, { recursive: true, force: true });
  }
}
