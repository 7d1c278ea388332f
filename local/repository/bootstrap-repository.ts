import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../domain/errors';
import { ROOT } from '../../root';
import { git, gitWords } from './git';
import { filesBelow, importCommit, textFile } from './import-commit';

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
  const edited = Object.entries(edits).map(([path, text]) => textFile(path, text));
  if (isGit) {
    clone(source, directory);
    if (edited.length > 0)
      importCommit(directory, ref, 'Edits of the scenario', edited, commitOf(source, directory, ref));
  } else {
    git(directory, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${ref}`]);
    importCommit(directory, ref, 'The bootstrap as it is now', [...filesBelow(source, LEFT_OUT), ...edited]);
  }
  return directory;
}

/** With every branch as its own, so that a drill finds what it would find in the source. */
function clone(source: string, directory: string): void {
  try {
    git(dirname(directory), ['clone', '--quiet', '--bare', '--no-hardlinks', '--', source, basename(directory)]);
  } catch (error) {
    throw new UserError(`The repository ${source} cannot be cloned: ${gitWords(error)}.`);
  }
}

function commitOf(source: string, directory: string, ref: string): string {
  try {
    return git(directory, ['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`]);
  } catch (error) {
    throw new UserError(`The scenario edits ${ref}, which ${source} does not have: ${gitWords(error)}.`);
  }
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
