import { type Rule, conditionOf, deletion, inWords, reading } from './object-reading';

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
