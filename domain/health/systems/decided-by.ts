import { type Rule, type Shaped, deletion, inWords, reading } from '../object-reading';

/**
 * A rule for kinds whose controller writes one condition and means it: True is healthy, False is an illness that may
 * pass (a role or a secret that comes late), Unknown or none is work. A condition of an earlier generation counts for
 * nothing.
 */
export function decidedBy(type: string): Rule {
  return (object) => {
    const deleted = deletion(object);
    if (deleted) return deleted;
    const condition = (object as Shaped<object, object>).status?.conditions?.find((each) => each.type === type);
    if (!condition) return reading(object, 'progressing', `status.conditions has no ${type} yet`);
    if ((condition.observedGeneration ?? Infinity) < (object.metadata.generation ?? 0)) {
      return reading(object, 'progressing', `${type} is of an earlier generation`);
    }
    if (condition.status === 'True') {
      return reading(object, 'healthy', inWords(condition), condition.lastTransitionTime);
    }
    return reading(object, condition.status === 'False' ? 'degraded' : 'progressing', inWords(condition));
  };
}
