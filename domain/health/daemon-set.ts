import type { KubernetesObject } from '../ports/kubernetes';
import { type Rule, type Shaped, deletion, reading, unobserved } from './object-reading';
import { lackOf, podTrouble, podsOf, podsReadySince } from './pod';

type DaemonSet = Shaped<
  { updateStrategy: { type?: string }; template: { spec?: { nodeSelector?: Record<string, string> } } },
  {
    desiredNumberScheduled: number;
    updatedNumberScheduled: number;
    numberAvailable: number;
    numberMisscheduled: number;
  }
>;

const OS_LABEL = 'kubernetes.io/os';

/**
 * A DaemonSet. "Ready equals desired" is true for one that wants no pods (a wrong nodeSelector, no nodes) and for one
 * whose node was lost: the lost node is no longer desired, and `numberMisscheduled` is the only trace of it.
 */
export const judgeDaemonSet: Rule = (object, related) => {
  const unsettled = deletion(object) ?? unobserved(object);
  if (unsettled) return unsettled;
  const { spec = {}, status = {} } = object as DaemonSet;
  const {
    desiredNumberScheduled: desired = 0,
    updatedNumberScheduled: updated = 0,
    numberAvailable: available = 0,
    numberMisscheduled: misscheduled = 0,
  } = status;
  if (misscheduled > 0) {
    return reading(
      object,
      'degraded',
      `status.numberMisscheduled is ${misscheduled}: a node was lost or no longer fits, so ${desired} wanted pods are too few`,
    );
  }
  if (desired === 0) {
    const system = foreignSystem(object as DaemonSet, related?.nodes);
    return system
      ? reading(object, 'healthy', `wants no pods because the cluster has no ${system} nodes`)
      : reading(
          object,
          'degraded',
          'status.desiredNumberScheduled is 0: it wants no pods, so no node fits its selector',
        );
  }
  const pods = podsOf(object, related?.pods);
  const updatesOnDelete = spec.updateStrategy?.type === 'OnDelete';
  const lack =
    updated < desired && !updatesOnDelete
      ? `status.updatedNumberScheduled is ${updated} of ${desired}`
      : available < desired
        ? `status.numberAvailable is ${available} of ${desired}`
        : undefined;
  if (lack) return reading(object, lackOf(pods), lack + podTrouble(pods));
  if (updated < desired) {
    return reading(
      object,
      'suspended',
      `status.updatedNumberScheduled is ${updated} of ${desired} and spec.updateStrategy.type is OnDelete: ` +
        'the update waits for somebody to delete the pods',
    );
  }
  return reading(object, 'healthy', `status.numberAvailable is ${available} of ${desired}`, podsReadySince(pods));
};

/**
 * The operating system that a DaemonSet is for when no node runs it: add-ons such as the EBS CSI driver always bring
 * one for Windows, which rightly wants no pods on a Linux cluster.
 */
function foreignSystem({ spec }: DaemonSet, nodes: readonly KubernetesObject[] = []): string | undefined {
  const system = spec?.template?.spec?.nodeSelector?.[OS_LABEL];
  if (system === undefined || nodes.length === 0) return undefined;
  return nodes.some(({ metadata }) => metadata.labels?.[OS_LABEL] === system) ? undefined : system;
}
