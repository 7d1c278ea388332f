import { type Rule, type Shaped, deletion, inWords, reading } from './object-reading';

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
