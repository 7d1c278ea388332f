import { type Rule, conditionOf, deletion, inWords, reading } from './object-reading';

/**
 * A CustomResourceDefinition. `Established` stays True while it is being deleted. Names that another definition has, and
 * a schema with violations, need somebody's mend, but the other definition may still go.
 */
export const judgeDefinition: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const accepted = conditionOf(object, 'NamesAccepted');
  if (accepted?.status === 'False') return reading(object, 'degraded', inWords(accepted));
  const violated = conditionOf(object, 'NonStructuralSchema');
  if (violated?.status === 'True') return reading(object, 'degraded', inWords(violated));
  const established = conditionOf(object, 'Established');
  if (established?.status === 'True') {
    return reading(object, 'healthy', inWords(established), established.lastTransitionTime);
  }
  if (!established) return reading(object, 'progressing', 'status.conditions has no Established yet');
  return reading(object, established.reason === 'Installing' ? 'progressing' : 'degraded', inWords(established));
};
