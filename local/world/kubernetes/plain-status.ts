import type { Cluster } from './cluster';
import type { Stored } from './cluster-state';
import { timestamp } from './instants';
import type { Derived } from './workloads/workload-status';

/** A Namespace is active at once, and terminating until its objects are gone. */
export function namespaceStatus(_: Cluster, { object }: Stored): Derived {
  const phase = object.metadata.deletionTimestamp === undefined ? 'Active' : 'Terminating';
  return { status: { phase }, until: Infinity };
}

/** A PodDisruptionBudget as its controller leaves it while nothing is disrupted. */
export function disruptionBudgetStatus(_: Cluster, { object, bornAt }: Stored): Derived {
  const observedGeneration = object.metadata.generation;
  const allowed = {
    lastTransitionTime: timestamp(bornAt),
    message: '',
    observedGeneration,
    reason: 'SufficientPods',
    status: 'True',
    type: 'DisruptionAllowed',
  };
  const status = { conditions: [allowed], disruptionsAllowed: 1, observedGeneration };
  return { status, until: Infinity };
}
