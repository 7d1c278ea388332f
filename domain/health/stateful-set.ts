import { type Rule, type Shaped, deletion, reading, unobserved } from './object-reading';
import { lackOf, podTrouble, podsOf, podsReadySince } from './pod';

type StatefulSet = Shaped<
  { replicas: number; updateStrategy: { type?: string; rollingUpdate?: { partition?: number } } },
  {
    replicas: number;
    readyReplicas: number;
    availableReplicas: number;
    updatedReplicas: number;
    currentRevision: string;
    updateRevision: string;
  }
>;

/**
 * A StatefulSet has no conditions: the counts and the two revisions are all there is. With a partition the revisions
 * differ for ever and the rollout is complete when the ordinals above the partition are updated; with OnDelete an
 * update waits for a person, or for the operator that owns the StatefulSet (ECK deletes the pods itself).
 */
export const judgeStatefulSet: Rule = (object, related) => {
  const unsettled = deletion(object) ?? unobserved(object);
  if (unsettled) return unsettled;
  const { spec = {}, status = {} } = object as StatefulSet;
  const wanted = spec.replicas ?? 1;
  const { replicas = 0, readyReplicas: ready = 0, updatedReplicas: updated = 0 } = status;
  const available = status.availableReplicas ?? ready;
  const pods = podsOf(object, related?.pods);
  const lack =
    replicas !== wanted
      ? `status.replicas is ${replicas} of ${wanted}`
      : available < wanted
        ? `status.availableReplicas is ${available} of ${wanted}`
        : undefined;
  if (lack) return reading(object, lackOf(pods), lack + podTrouble(pods));

  const differ = status.updateRevision !== status.currentRevision;
  if (differ && spec.updateStrategy?.type === 'OnDelete') {
    const owner = object.metadata.ownerReferences?.[0];
    return reading(
      object,
      owner ? 'progressing' : 'suspended',
      'status.updateRevision differs from status.currentRevision and spec.updateStrategy.type is OnDelete: ' +
        `the update waits for ${owner ? `${owner.kind} ${owner.name}` : 'somebody'} to delete the pods`,
    );
  }
  const toUpdate = wanted - (spec.updateStrategy?.rollingUpdate?.partition ?? 0);
  if (differ && updated < toUpdate) {
    return reading(object, 'progressing', `status.updatedReplicas is ${updated} of ${toUpdate}` + podTrouble(pods));
  }
  if (wanted === 0) return reading(object, 'healthy', 'spec.replicas is 0: it wants no pods');
  return reading(object, 'healthy', `status.availableReplicas is ${available} of ${wanted}`, podsReadySince(pods));
};
