import { type Condition, type Rule, type Shaped, conditionOf, deletion, inWords, reading } from './object-reading';

/** Conditions that say "it works" when True, in the order in which kinds prefer them. */
const GOOD = ['Ready', 'Available', 'Established', 'Healthy', 'ResourcesUpToDate'];
/** Conditions that say "it is broken" when True (`ErrorOccurred` of an ApplicationSet: False is the good state). */
const BAD = ['Degraded', 'Failed', 'ReplicaFailure', 'ErrorOccurred'];

/**
 * Any kind that follows the usual conditions, as kstatus reads them: `Stalled` is final, `Reconciling` is work, `Ready`
 * (or `Available`) decides. Conditions of an earlier generation count for nothing. An object with neither a generation
 * nor a status (a ConfigMap, a Secret) has no controller: it is all it can be. One with a generation and no status has
 * not been seen by its controller yet.
 */
export const judgeConditions: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { status } = object as Shaped<object, { observedGeneration: number }>;
  if (status === undefined && object.metadata.generation === undefined) return reading(object, 'healthy', 'it exists');
  const generation = object.metadata.generation ?? 0;
  if (status?.observedGeneration !== undefined && status.observedGeneration < generation) {
    return reading(
      object,
      'progressing',
      `status.observedGeneration is ${status.observedGeneration}, metadata.generation is ${generation}`,
    );
  }
  const current = (status?.conditions ?? []).filter((c) => (c.observedGeneration ?? generation) >= generation);
  const isTrue = (type: string): Condition | undefined =>
    current.find((condition) => condition.type === type && condition.status === 'True');

  const stalled = isTrue('Stalled');
  if (stalled) return reading(object, 'failed', inWords(stalled));
  const bad = BAD.map(isTrue).find(Boolean);
  if (bad) return reading(object, 'degraded', inWords(bad));
  const reconciling = isTrue('Reconciling');
  if (reconciling) return reading(object, 'progressing', inWords(reconciling));
  const verdict = GOOD.map((type) => conditionOf(object, type)).find(Boolean);
  if (!verdict) return reading(object, 'progressing', `status.conditions has none of ${GOOD.join(', ')} yet`);
  if (!current.includes(verdict)) return reading(object, 'progressing', `${verdict.type} is of an earlier generation`);
  return verdict.status === 'True'
    ? reading(object, 'healthy', inWords(verdict), verdict.lastTransitionTime)
    : reading(object, verdict.status === 'False' ? 'degraded' : 'progressing', inWords(verdict));
};
