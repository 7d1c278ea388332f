import { UserError } from './errors';
import { nearest } from './nearest';

const FULL_SHA = /^[0-9a-f]{40}$/;
/** How many refs a refusal lists when none is near. */
const LISTED = 5;

/**
 * The commit that a ref means, from the output of `git ls-remote`: a branch, a tag (an annotated one is followed to its
 * commit), a full ref name such as `refs/tags/v1`, or a full SHA. A SHA need not be listed: it may lie behind a tip.
 * @throws UserError when the ref does not exist or is ambiguous.
 */
export function resolveRef(lsRemote: string, ref: string, repository: string): string {
  const refs = parseRefs(lsRemote);
  if (FULL_SHA.test(ref)) return ref;
  const branch = refs.get(`refs/heads/${ref}`);
  const tag = refs.get(`refs/tags/${ref}^{}`) ?? refs.get(`refs/tags/${ref}`);
  if (branch !== undefined && tag !== undefined && branch !== tag) {
    throw new UserError(
      `The ref ${ref} of ${repository} is a branch and a tag; write refs/heads/${ref} or refs/tags/${ref}`,
    );
  }
  const commit = refs.get(`${ref}^{}`) ?? refs.get(ref) ?? tag ?? branch;
  if (commit !== undefined) return commit;
  throw new UserError(`The ref ${ref} does not exist in ${repository}; ${hint(ref, refs)}`);
}

function parseRefs(lsRemote: string): ReadonlyMap<string, string> {
  const lines = lsRemote.split('\n').map((line) => line.split('\t'));
  return new Map(lines.flatMap(([sha, name]) => (sha && name ? [[name, sha] as const] : [])));
}

function hint(ref: string, refs: ReadonlyMap<string, string>): string {
  if (/^[0-9a-f]{7,39}$/.test(ref)) return 'a commit must be given with all 40 digits of its SHA';
  const names = [...refs.keys()]
    .filter((name) => /^refs\/(heads|tags)\//.test(name) && !name.endsWith('^{}'))
    .map((name) => name.replace(/^refs\/(heads|tags)\//, ''));
  if (names.length === 0) return 'the repository has no branches and no tags yet';
  const near = nearest(ref, names);
  if (near !== undefined) return `did you mean ${near}`;
  return `it has ${names.slice(0, LISTED).join(', ')}${names.length > LISTED ? ` and ${names.length - LISTED} more` : ''}`;
}
