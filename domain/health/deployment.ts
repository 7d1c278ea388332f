import { latest } from '../clock';
import { type Rule, type Shaped, conditionOf, deletion, inWords, reading, unobserved } from './object-reading';
import { podTrouble, podsOf } from './pod';

type Deployment = Shaped<
  { replicas: number; paused: boolean },
  { replicas: number; updatedReplicas: number; availableReplicas: number }
>;

/**
 * A Deployment is healthy when every pod it wants is of the newest version and available, and none of an older one is
 * left. `Available=True` is not enough: the pods of the old version keep it true, and so does wanting no pods.
 *
 * `ProgressDeadlineExceeded` is degraded and not failed: the controller keeps trying, and a secret or a volume that
 * arrives late still mends it. How long degraded is put up with is decided for the component (`advance`).
 */
export const judgeDeployment: Rule = (object, related) => {
  const unsettled = deletion(object) ?? unobserved(object);
  if (unsettled) return unsettled;
  const { spec = {}, status = {} } = object as Deployment;
  if (spec.paused) return reading(object, 'suspended', 'spec.paused is true: its rollout waits for somebody');
  const failure = conditionOf(object, 'ReplicaFailure');
  if (failure?.status === 'True') return reading(object, 'degraded', inWords(failure));

  const wanted = spec.replicas ?? 1;
  // Kubernetes leaves a count out when it is zero.
  const { replicas = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = status;
  const progress = conditionOf(object, 'Progressing');
  if (progress?.status === 'False') {
    return reading(object, 'degraded', inWords(progress) + podTrouble(podsOf(object, related?.pods)));
  }
  const lack =
    updated < wanted
      ? `status.updatedReplicas is ${updated} of ${wanted}`
      : replicas > wanted
        ? `status.replicas is ${replicas} of ${wanted}: pods of an older version are still there`
        : available < wanted
          ? `status.availableReplicas is ${available} of ${wanted}`
          : undefined;
  if (lack) return reading(object, 'progressing', lack + podTrouble(podsOf(object, related?.pods)));
  if (wanted === 0) return reading(object, 'healthy', 'spec.replicas is 0: it wants no pods');
  return reading(object, 'healthy', `status.availableReplicas is ${available} of ${wanted}`, since(object));
};

/**
 * `Available` changes its `lastTransitionTime` with its status. `Progressing` stays True through all rollouts, so its
 * `lastTransitionTime` is the creation; its `lastUpdateTime` is the end of the last rollout (it has no heartbeat).
 */
function since(object: Parameters<Rule>[0]): string | undefined {
  return latest([
    conditionOf(object, 'Available')?.lastTransitionTime,
    conditionOf(object, 'Progressing')?.lastUpdateTime,
  ]);
}
