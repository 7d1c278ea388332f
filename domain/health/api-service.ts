import { type Rule, conditionOf, deletion, inWords, reading } from './object-reading';

/** An aggregated API. One that is unavailable breaks discovery, and with it deletions and Argo CD, for everybody. */
export const judgeApiService: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const available = conditionOf(object, 'Available');
  if (available?.status === 'True') return reading(object, 'healthy', inWords(available), available.lastTransitionTime);
  return reading(object, 'progressing', available ? inWords(available) : 'status.conditions has no Available yet');
};
