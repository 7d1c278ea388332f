import { type Rule, type Shaped, conditionOf, deletion, inWords, reading } from '../object-reading';

/**
 * What the Tigera operator says in `Degraded`, `Progressing` and `Available` (of a TigeraStatus) or `Ready` (of an
 * Installation), three conditions that are all written and may contradict each other while it works. `Degraded` with
 * the reason `ResourceNotReady` is waiting and no illness: the operator says so of whatever it needs first.
 * Source: tigera/operator, api/v1/tigerastatus_types.go, pkg/controller/status/status.go.
 */
function saidByOperator(good: 'Available' | 'Ready'): Rule {
  return (object) => {
    const deleted = deletion(object);
    if (deleted) return deleted;
    const conditions = (object as Shaped<object, object>).status?.conditions ?? [];
    const behind = conditions.find(
      ({ observedGeneration }) => (observedGeneration ?? Infinity) < (object.metadata.generation ?? 0),
    );
    if (behind) return reading(object, 'progressing', `${behind.type} is of an earlier generation`);
    const [degraded, progressing, verdict] = ['Degraded', 'Progressing', good].map((type) => conditionOf(object, type));
    if (degraded?.status === 'True') {
      return reading(object, degraded.reason === 'ResourceNotReady' ? 'progressing' : 'degraded', inWords(degraded));
    }
    if (progressing?.status === 'True') return reading(object, 'progressing', inWords(progressing));
    if (verdict?.status === 'True') return reading(object, 'healthy', inWords(verdict), verdict.lastTransitionTime);
    return reading(object, 'progressing', verdict ? inWords(verdict) : `status.conditions has no ${good} yet`);
  };
}

/** One part of Calico, as the operator sums it up. */
export const judgeTigeraStatus = saidByOperator('Available');

/** What the operator is to install; it has done so when it is Ready. */
export const judgeInstallation = saidByOperator('Ready');
