import type { KubernetesObject } from '../ports/kubernetes';
import { LABEL } from '../names';
import { type ArgoApplication, type ArgoSource, sourcesOf } from './argo-shape';

/** What the drill pinned: the commit, and the repository it is a commit of (as the root Application names it). */
export interface Pin {
  readonly commit: string;
  readonly repository: string;
}

const FULL_SHA = /^[0-9a-f]{40}$/;
/** An exact chart version; anything else (`*`, `1.x`, `~2`) is a range that the repository's index resolves. */
const EXACT_VERSION = /^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/;

/**
 * The revision that each source of an Application must be at, undefined where any is right:
 * - the bootstrap repository itself: the drill's commit (also without the pin label; that it floats is then the error),
 * - a chart: its version, when it is exact,
 * - another git repository: its full SHA, when it names one.
 */
export function expectedRevisions(application: KubernetesObject, pin: Pin): readonly (string | undefined)[] {
  return sourcesOf((application as ArgoApplication).spec ?? {}).map((source) => expectedRevision(source, pin));
}

function expectedRevision(source: ArgoSource, pin: Pin): string | undefined {
  const { targetRevision = 'HEAD' } = source;
  if (source.chart) return EXACT_VERSION.test(targetRevision) ? targetRevision : undefined;
  if (sameRepository(source.repoURL, pin.repository)) return pin.commit;
  return FULL_SHA.test(targetRevision) ? targetRevision : undefined;
}

/**
 * A source of the bootstrap repository that does not name the commit: it follows a branch and holds the commit only by
 * chance. In words, with the mend; undefined when there is none.
 */
export function floatingSource(application: KubernetesObject, pin: Pin): string | undefined {
  const floating = sourcesOf((application as ArgoApplication).spec ?? {}).find(
    (source) => !source.chart && sameRepository(source.repoURL, pin.repository) && source.targetRevision !== pin.commit,
  );
  return floating && `its targetRevision is ${floating.targetRevision || 'HEAD'}; label it ${LABEL.pin}: commit`;
}

/**
 * What was last deployed as a whole. `status.sync.revision` is only what was compared; after a partial sync (self-heal,
 * a sync of selected resources) the operation speaks for these resources alone, and the history for the rest.
 */
export function deployedRevisions({ status }: ArgoApplication): readonly string[] {
  const { operationState, history } = status ?? {};
  return revisionsOf(isPartial(status?.operationState) ? history?.at(-1) : operationState?.syncResult);
}

export function comparedRevisions({ status }: ArgoApplication): readonly string[] {
  return revisionsOf(status?.sync);
}

/** Whether an operation was for some of the resources only. */
export function isPartial(operationState: NonNullable<ArgoApplication['status']>['operationState']): boolean {
  return (operationState?.operation?.sync?.resources?.length ?? 0) > 0;
}

/** The first revision that is not the expected one, in words; undefined when all are right. */
export function wrongRevision(
  actual: readonly string[],
  expected: readonly (string | undefined)[],
): { readonly actual: string; readonly expected: string } | undefined {
  for (const [index, revision] of expected.entries()) {
    if (revision !== undefined && !sameRevision(actual[index], revision)) {
      return { actual: actual[index] || 'nothing', expected: revision };
    }
  }
  return undefined;
}

/** A revision as a person reads it: the first seven digits of a SHA, anything else as it is. */
export function short(revision: string): string {
  return FULL_SHA.test(revision) ? revision.slice(0, 7) : revision;
}

/** `revisions` of several sources (then `revision` is empty or absent), else the one `revision`. */
function revisionsOf(holder: { revision?: string; revisions?: readonly string[] } | undefined): readonly string[] {
  if (holder?.revisions && holder.revisions.length > 0) return holder.revisions;
  return holder?.revision ? [holder.revision] : [];
}

/** Chart versions may be written with or without a leading `v`. */
function sameRevision(actual: string | undefined, expected: string): boolean {
  return actual !== undefined && actual.replace(/^v(?=\d)/, '') === expected.replace(/^v(?=\d)/, '');
}

/** Whether two URLs name the same repository. */
function sameRepository(one: string | undefined, other: string): boolean {
  return one !== undefined && plainUrl(one) === plainUrl(other);
}

/** A URL without what does not matter: `.git`, a trailing slash, upper case. */
function plainUrl(url: string): string {
  return url
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
}
