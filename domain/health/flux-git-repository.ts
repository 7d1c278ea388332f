import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';
import { type GitRepository, isOfCommit } from './flux-shape';
import { conditionOf, deletion, inWords, reading } from './object-reading';

/** How a Flux GitRepository stands that must hold the drill's commit. */
export function judgeGitRepository(object: KubernetesObject, commit: string): ObjectReading {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { metadata, spec, status } = object as GitRepository;
  if (spec?.suspend) return reading(object, 'suspended', 'spec.suspend is true: nothing is fetched');
  const ready = conditionOf(object, 'Ready');
  // While it fails, observedGeneration is not written, so the failure is looked at first.
  if (ready?.status === 'False') return reading(object, 'degraded', inWords(ready));
  if (!ready || (ready.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return reading(object, 'progressing', ready ? 'Ready is of an earlier generation' : 'has no Ready condition yet');
  }
  const { artifact } = status ?? {};
  if (ready.status !== 'True') return reading(object, 'progressing', inWords(ready));
  if (!isOfCommit(artifact?.revision, commit)) {
    return reading(
      object,
      'degraded',
      `status.artifact.revision is ${artifact?.revision ?? 'absent'}, not ${commit.slice(0, 7)}`,
    );
  }
  return reading(object, 'healthy', `status.artifact.revision is ${artifact?.revision}`, artifact?.lastUpdateTime);
}
