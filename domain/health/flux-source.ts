import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';
import { type FluxSource, isOfCommit } from './flux-shape';
import { type Rule, conditionOf, deletion, inWords, reading } from './object-reading';

/**
 * How a source of Flux stands (GitRepository, HelmRepository, OCIRepository, Bucket, HelmChart): healthy once it holds an
 * artifact of the newest spec. While a fetch fails, `status.observedGeneration` is not written, so the failure is looked
 * at first.
 */
export const judgeSource: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { metadata, spec, status } = object as FluxSource;
  if (spec?.suspend) return reading(object, 'suspended', 'spec.suspend is true: nothing is fetched');
  // source-controller does not reconcile it; helm-controller pulls from it when a release needs a chart.
  if (object.kind === 'HelmRepository' && spec?.type === 'oci') {
    return reading(object, 'healthy', 'spec.type is oci: it is an address, and nothing is fetched');
  }
  const stalled = conditionOf(object, 'Stalled');
  if (stalled?.status === 'True') return reading(object, 'failed', inWords(stalled));
  const ready = conditionOf(object, 'Ready');
  if (ready?.status === 'False') return reading(object, 'degraded', inWords(ready));
  if (!ready || (ready.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return reading(object, 'progressing', ready ? 'Ready is of an earlier generation' : 'has no Ready condition yet');
  }
  if (ready.status !== 'True') return reading(object, 'progressing', inWords(ready));
  const { artifact } = status ?? {};
  if (!artifact?.revision) return reading(object, 'progressing', 'status.artifact.revision is absent');
  // No time: an index or a branch that changes upstream renews the artifact of a source that was healthy all along.
  return reading(object, 'healthy', `status.artifact.revision is ${artifact.revision}`);
};

/** How the GitRepository of the bootstrap stands, which must hold the drill's commit. */
export function judgeGitRepository(object: KubernetesObject, commit: string): ObjectReading {
  const source = judgeSource(object);
  const { revision } = (object as FluxSource).status?.artifact ?? {};
  if (source.status !== 'healthy' || isOfCommit(revision, commit)) return source;
  return reading(object, 'degraded', `status.artifact.revision is ${revision}, not ${commit.slice(0, 7)}`);
}
