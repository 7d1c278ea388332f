import { type Rule, conditionOf, deletion, inWords, reading } from './object-reading';

/** An Argo CD ApplicationSet: `ErrorOccurred` is good when False, `ResourcesUpToDate` when True. */
export const judgeApplicationSet: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const error = conditionOf(object, 'ErrorOccurred');
  if (error?.status === 'True') return reading(object, 'degraded', inWords(error));
  const upToDate = conditionOf(object, 'ResourcesUpToDate');
  if (upToDate?.status === 'False') return reading(object, 'degraded', inWords(upToDate));
  const rollout = conditionOf(object, 'RolloutProgressing');
  if (rollout?.status === 'True') return reading(object, 'progressing', inWords(rollout));
  if (!upToDate) return reading(object, 'progressing', 'status.conditions has no ResourcesUpToDate yet');
  return reading(object, 'healthy', inWords(upToDate), upToDate.lastTransitionTime);
};
