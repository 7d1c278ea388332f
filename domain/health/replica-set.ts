import { type Rule, type Shaped, conditionOf, deletion, inWords, reading, unobserved } from './object-reading';
import { podTrouble, podsOf } from './pod';

type ReplicaSet = Shaped<{ replicas: number }, { replicas: number; availableReplicas: number }>;

/** A ReplicaSet has one version of its pods: it is healthy when as many as it wants are available, and no more. */
export const judgeReplicaSet: Rule = (object, related) => {
  const unsettled = deletion(object) ?? unobserved(object);
  if (unsettled) return unsettled;
  const { spec = {}, status = {} } = object as ReplicaSet;
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return reading(object, 'degraded', inWords(failure));
  const wanted = spec.replicas ?? 1;
  // Kubernetes leaves a count out when it is zero.
  const { replicas = 0, availableReplicas: available = 0 } = status;
  const lack =
    replicas > wanted
      ? `status.replicas is ${replicas} of ${wanted}: pods that are not wanted are still there`
      : available < wanted
        ? `status.availableReplicas is ${available} of ${wanted}`
        : undefined;
  if (lack) return reading(object, 'progressing', lack + podTrouble(podsOf(object, related?.pods)));
  if (wanted === 0) return reading(object, 'healthy', 'spec.replicas is 0: it wants no pods');
  return reading(object, 'healthy', `status.availableReplicas is ${available} of ${wanted}`);
};
