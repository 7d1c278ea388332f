import { type Rule, type Shaped, conditionOf, deletion, inWords, reading, unobserved } from './object-reading';

/** A HorizontalPodAutoscaler that cannot scale, or has no metrics to scale by, is of no use. */
export const judgeAutoscaler: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const able = conditionOf(object, 'AbleToScale');
  const active = conditionOf(object, 'ScalingActive');
  if (!able) return reading(object, 'progressing', 'status.conditions has no AbleToScale yet');
  if (able.status !== 'True') return reading(object, 'degraded', inWords(able));
  if (active && active.status !== 'True' && active.reason !== 'ScalingDisabled') {
    return reading(object, 'degraded', inWords(active));
  }
  return reading(object, 'healthy', inWords(able), active?.lastTransitionTime ?? able.lastTransitionTime);
};

/** An aggregated API. One that is unavailable breaks discovery, and with it deletions and Argo CD, for everybody. */
export const judgeApiService: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const available = conditionOf(object, 'Available');
  if (available?.status === 'True') return reading(object, 'healthy', inWords(available), available.lastTransitionTime);
  return reading(object, 'progressing', available ? inWords(available) : 'status.conditions has no Available yet');
};

/** A CustomResourceDefinition: `Established` stays True while it is being deleted. */
export const judgeDefinition: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const accepted = conditionOf(object, 'NamesAccepted');
  if (accepted?.status === 'False') return reading(object, 'degraded', inWords(accepted));
  const established = conditionOf(object, 'Established');
  if (established?.status === 'True') {
    return reading(object, 'healthy', inWords(established), established.lastTransitionTime);
  }
  return reading(
    object,
    'progressing',
    established ? inWords(established) : 'status.conditions has no Established yet',
  );
};

/** A Namespace that is being deleted says what holds it in its conditions. */
export const judgeNamespace: Rule = (object) => {
  const { status } = object as Shaped<object, { phase: string }>;
  const deleted = deletion(object);
  if (deleted) {
    const holds = (status?.conditions ?? []).filter((condition) => condition.status === 'True').map(inWords);
    return reading(object, 'degraded', [deleted.reason, ...holds].join('; '));
  }
  return status?.phase === 'Active'
    ? reading(object, 'healthy', 'status.phase is Active')
    : reading(object, 'progressing', `status.phase is ${status?.phase ?? 'absent'}`);
};

/**
 * A PodDisruptionBudget only has to be seen by its controller. Allowing no disruption now (`InsufficientPods`) is its
 * work and not an illness: with `maxUnavailable: 0` it says so while all pods are healthy.
 */
export const judgeDisruptionBudget: Rule = (object) =>
  deletion(object) ?? unobserved(object) ?? reading(object, 'healthy', 'status.observedGeneration is current');
