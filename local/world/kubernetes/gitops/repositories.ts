/** A repository's files at one commit, by path. */
export interface RepositoryTree {
  readonly commit: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Why it could not be read, in git's words. */
export interface RepositoryFailure {
  /** `repository`: there is none, or it may not be read; `revision`: it has no such branch, tag or commit. */
  readonly missing: 'repository' | 'revision';
  readonly error: string;
}

/** Reads a repository at a branch, tag or commit; `HEAD` is its default branch. */
export type Repositories = (url: string, revision: string) => RepositoryTree | RepositoryFailure;

export function isFailure(answer: RepositoryTree | RepositoryFailure): answer is RepositoryFailure {
  return 'error' in answer;
}
