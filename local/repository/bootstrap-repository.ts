import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../domain/errors';
import { ROOT } from '../../root';
import { git, gitWords } from './git';

export interface BootstrapRepositoryOptions {
  /** A folder, a git repository or a URL; by default the example. */
  readonly source?: string;
  /** Where a copy is made when one is needed. */
  readonly directory: string;
  /** The branch that a plain folder becomes. */
  readonly ref: string;
  /** Files that a scenario replaces, by path. */
  readonly edits: Readonly<Record<string, string>>;
}

const EXAMPLE = join(ROOT, 'examples', 'bootstrap');
/** What tools leave in a working folder and no repository holds. */
const LEFT_OUT = new Set(['.git', '.terraform', 'node_modules', '.DS_Store']);

/**
 * Makes the repository that a local drill fetches, and returns its path. A git repository is drilled as it is (its
 * commits, not its working tree); a plain folder and a URL are copied first, and so is whatever a scenario edits.
 * @throws UserError when it cannot be had.
 */
export function bootstrapRepository({ source = EXAMPLE, directory, ref, edits }: BootstrapRepositoryOptions): string {
  const isThere = existsSync(source);
  const isUrl = !isThere && /^[^/]+:/.test(source);
  if (!isUrl && !(isThere && statSync(source).isDirectory())) {
    throw new UserError(
      `--repository is "${source}", ${isThere ? 'a file' : 'which does not exist'}; name a folder, a git repository or its URL.`,
    );
  }
  const isGit = isUrl || existsSync(join(source, '.git')) || existsSync(join(source, 'HEAD'));
  if (isGit && !isUrl && Object.keys(edits).length === 0) return resolve(source);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  if (isGit) clone(source, directory);
  else snapshot(source, directory, ref);
  if (Object.keys(edits).length > 0) {
    if (isGit) checkout(source, directory, ref);
    commitEdits(directory, edits);
  }
  return directory;
}

/** With every branch as its own, so that a drill finds what it would find in the source. */
function clone(source: string, directory: string): void {
  try {
    git(dirname(directory), ['clone', '--quiet', '--no-hardlinks', '--no-checkout', '--', source, basename(directory)]);
    git(directory, ['fetch', '--quiet', '--update-head-ok', 'origin', '+refs/heads/*:refs/heads/*']);
  } catch (error) {
    throw new UserError(`The repository ${source} cannot be cloned: ${gitWords(error)}.`);
  }
}

function checkout(source: string, directory: string, ref: string): void {
  try {
    git(directory, ['checkout', '--quiet', ref, '--']);
  } catch (error) {
    throw new UserError(`The scenario edits ${ref}, which ${source} does not have: ${gitWords(error)}.`);
  }
}

function snapshot(source: string, directory: string, ref: string): void {
  cpSync(source, directory, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  git(directory, ['init', '--quiet', '--template=', `--initial-branch=${ref}`]);
  git(directory, ['add', '--all', '--force']);
  git(directory, ['commit', '--quiet', '--allow-empty', '--no-gpg-sign', '--message', 'The bootstrap as it is now']);
}

function commitEdits(directory: string, edits: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(edits)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  git(directory, ['add', '--all']);
  git(directory, ['commit', '--quiet', '--allow-empty', '--no-gpg-sign', '--message', 'Edits of the scenario']);
}

/**
 * A git configuration by which git, in the builds, takes the repository at `path` for the one at `url`: so the product
 * fetches the URL of drill.yaml, and nothing of it knows where that leads. It stands in for the user's own
 * configuration, which must not change what a drill sees.
 */
export function gitConfiguration(url: string, path: string): string {
  return `[url ${JSON.stringify(`file://${path}`)}]
	insteadOf = ${JSON.stringify(url)}
[uploadpack]
	# Like the git servers people use, the stand-in gives out any commit by its SHA.
	allowAnySHA1InWant = true
[init]
	# Sample hooks, written by every checkout.
	templateDir =
[maintenance]
	auto = false
[safe]
	# A repository may belong to another user than the one who drills it.
	directory = *
`;
}
