import { type Rule, type Shaped, conditionOf, deletion, inWords, reading } from '../object-reading';

/**
 * A Prometheus or Alertmanager: `Reconciled` says whether the operator could make its StatefulSet, `Available` how the
 * pods are, with a value of its own (`Degraded`) for some of them. That no pod is ready yet is how each of them begins;
 * what keeps a pod from it, the StatefulSet's own reading tells.
 * Source: prometheus-operator/prometheus-operator, pkg/apis/monitoring/v1/types.go, pkg/operator/statefulset_reporter.go.
 */
export const judgeMonitoring: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  if ((object as Shaped<{ paused: boolean }, object>).spec?.paused) {
    return reading(object, 'suspended', 'spec.paused is true: the operator leaves it alone');
  }
  const [reconciled, available] = ['Reconciled', 'Available'].map((type) => conditionOf(object, type));
  if (reconciled?.status === 'False') return reading(object, 'degraded', inWords(reconciled));
  if (!available) return reading(object, 'progressing', 'status.conditions has no Available yet');
  if ((available.observedGeneration ?? Infinity) < (object.metadata.generation ?? 0)) {
    return reading(object, 'progressing', 'Available is of an earlier generation');
  }
  return available.status === 'True'
    ? reading(object, 'healthy', inWords(available), available.lastTransitionTime)
    : reading(object, 'progressing', inWords(available));
};
