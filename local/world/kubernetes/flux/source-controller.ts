import { createHash } from 'node:crypto';
import { keyOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { findHome } from '../charts';
import { isFailure, type RepositoryFailure, type RepositoryTree } from '../gitops/repositories';
import { goDuration, timestamp } from '../instants';
import type { Fields } from '../manifest';
import { conditionsAt, fluxRuns, nextReconcile, wakeDependents, type FluxCondition } from './flux-objects';

interface GitSpec {
  url?: string;
  interval?: string;
  suspend?: boolean;
  ref?: { branch?: string; tag?: string; commit?: string; name?: string };
}

/** Fetches a GitRepository: an artifact at its commit, or why there is none. */
export function reconcileGitRepository(cluster: Cluster, key: string): void {
  const stored = cluster.byKey(key);
  const spec = (stored?.object.spec ?? {}) as GitSpec;
  if (!stored || spec.suspend || stored.object.metadata.deletionTimestamp || !fluxRuns(cluster, 'source-controller'))
    return;
  const { commit, tag, branch } = spec.ref ?? {};
  const answer = cluster.around.repositories(spec.url ?? '', commit ?? tag ?? branch ?? 'HEAD');
  if (isFailure(answer)) showFetchFailure(cluster, stored, spec, answer);
  else showArtifact(cluster, stored, spec, answer);
}

/** `<branch>@sha1:<commit>`; a commit without a branch stands alone. */
function revisionName(ref: GitSpec['ref'], commit: string): string {
  const name = ref?.branch ?? ref?.tag ?? (ref?.commit ? undefined : 'main');
  return name ? `${name}@sha1:${commit}` : `sha1:${commit}`;
}

function showArtifact(cluster: Cluster, stored: Stored, spec: GitSpec, tree: RepositoryTree): void {
  const revision = revisionName(spec.ref, tree.commit);
  const { name, namespace } = stored.object.metadata;
  const path = `gitrepository/${namespace}/${name}/${tree.commit}.tar.gz`;
  const message = `stored artifact for revision '${revision}'`;
  const known = (stored.object.status?.['artifact'] as Fields | undefined)?.['revision'] === revision;
  const artifact = known
    ? stored.object.status?.['artifact']
    : {
        digest: `sha256:${createHash('sha256').update(tree.commit).digest('hex')}`,
        lastUpdateTime: timestamp(cluster.at),
        path,
        revision,
        size: Object.keys(tree.files).length * 1024,
        url: `http://source-controller.${namespace}.svc.cluster.local./${path}`,
      };
  const conditions: FluxCondition[] = ['Ready', 'ArtifactInStorage'].map((type) => ({
    type,
    status: 'True',
    reason: 'Succeeded',
    message,
  }));
  cluster.setStatus(stored, {
    artifact,
    conditions: conditionsAt(stored, conditions, cluster.at),
    observedGeneration: stored.object.metadata.generation,
  });
  nextReconcile(cluster, stored, goDuration(spec.interval, 60_000));
  if (!known)
    wakeDependents(
      cluster,
      (candidate) => (candidate.object.spec?.['sourceRef'] as Fields | undefined)?.['name'] === name,
    );
}

function showFetchFailure(cluster: Cluster, stored: Stored, spec: GitSpec, failure: RepositoryFailure): void {
  const lead =
    failure.missing === 'repository'
      ? `failed to checkout and determine revision: unable to list remote for '${spec.url}'`
      : 'failed to checkout and determine revision';
  const message = `${lead}: ${failure.error}`;
  const conditions: FluxCondition[] = [
    {
      type: 'Reconciling',
      status: 'True',
      reason: 'ProgressingWithRetry',
      message: 'building artifact: new upstream revision',
    },
    { type: 'Ready', status: 'False', reason: 'GitOperationFailed', message },
    { type: 'FetchFailed', status: 'True', reason: 'GitOperationFailed', message },
  ];
  cluster.setStatus(stored, {
    ...stored.object.status,
    conditions: conditionsAt(stored, conditions, cluster.at),
    observedGeneration: -1,
  });
  nextReconcile(cluster, stored, goDuration(spec.interval, 60_000));
}

/** Fetches the index of a HelmRepository. */
export function reconcileHelmRepository(cluster: Cluster, key: string): void {
  const stored = cluster.byKey(key);
  const spec = (stored?.object.spec ?? {}) as { url?: string; interval?: string; type?: string };
  if (!stored || stored.object.metadata.deletionTimestamp || !fluxRuns(cluster, 'source-controller')) return;
  // An OCI repository has no index and, since Flux 2.2, no status.
  if (spec.type === 'oci') return;
  const problem = findHome(spec.url ?? '');
  const revision = `sha256:${createHash('sha256')
    .update(spec.url ?? '')
    .digest('hex')}`;
  const failed = `failed to fetch Helm repository index: ${problem}`;
  const conditions: FluxCondition[] = problem
    ? [
        { type: 'Ready', status: 'False', reason: 'Failed', message: failed },
        { type: 'FetchFailed', status: 'True', reason: 'Failed', message: failed },
      ]
    : (['Ready', 'ArtifactInStorage'] as const).map((type) => ({
        type,
        status: 'True',
        reason: 'Succeeded',
        message: `stored artifact: revision '${revision}'`,
      }));
  cluster.setStatus(stored, {
    ...(!problem && {
      artifact: {
        digest: revision,
        lastUpdateTime: timestamp(cluster.at),
        path: `helmrepository/${keyOf(stored.object)}/index.yaml`,
        revision,
      },
    }),
    conditions: conditionsAt(stored, conditions, cluster.at),
    observedGeneration: problem ? -1 : stored.object.metadata.generation,
  });
  nextReconcile(cluster, stored, goDuration(spec.interval, 60_000));
  wakeDependents(
    cluster,
    (candidate) =>
      candidate.object.metadata.namespace === stored.object.metadata.namespace &&
      candidate.object.kind === 'HelmRelease',
  );
}
