import { type Rule, conditionOf, deletion, inWords, reading, unobserved } from './object-reading';

/**
 * A PodDisruptionBudget only has to be computed by its controller. Allowing no disruption now (`InsufficientPods`) is its
 * work and not an illness: with `maxUnavailable: 0` it says so while all pods are healthy. Any other reason
 * (`SyncFailed`) means that it could not be computed, and then it blocks every eviction.
 */
export const judgeDisruptionBudget: Rule = (object) => {
  const unsettled = deletion(object) ?? unobserved(object);
  if (unsettled) return unsettled;
  const allowed = conditionOf(object, 'DisruptionAllowed');
  if (allowed?.status === 'False' && allowed.reason !== 'InsufficientPods') {
    return reading(object, 'degraded', inWords(allowed));
  }
  return reading(object, 'healthy', 'status.observedGeneration is current');
};
