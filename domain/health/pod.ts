import { latest } from '../clock';
import type { KubernetesObject } from '../ports/kubernetes';
import { type Rule, type Shaped, conditionOf, inWords, reading } from './object-reading';

interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly exitCode?: number } };
}

type Pod = Shaped<
  { nodeName: string },
  {
    phase: string;
    reason: string;
    message: string;
    containerStatuses: readonly ContainerStatus[];
    initContainerStatuses: readonly ContainerStatus[];
  }
>;

/** What the kubelet says while it merely works; every other reason to wait is trouble. */
const USUAL_WAITS = new Set(['ContainerCreating', 'PodInitializing']);

/**
 * A pod. The phase alone says little: a crash-looping pod is `Running`, an evicted one may still say Ready=True, and a
 * pod on a lost node keeps `Running` with ready containers.
 */
export const judgePod: Rule = (object) => {
  const { metadata, status } = object as Pod;
  if (metadata.deletionTimestamp !== undefined) {
    return reading(
      object,
      'progressing',
      `is being deleted (metadata.deletionTimestamp ${metadata.deletionTimestamp})`,
    );
  }
  if (status?.phase === 'Succeeded') return reading(object, 'healthy', 'status.phase is Succeeded');
  if (status?.phase === 'Failed') {
    return reading(
      object,
      'degraded',
      `status.phase is Failed (${status.reason ?? status.message ?? 'no reason given'})`,
    );
  }
  const stuck = stuckContainer(object as Pod);
  if (stuck !== undefined) return reading(object, 'degraded', stuck);
  const scheduled = conditionOf(object, 'PodScheduled');
  if (scheduled?.status === 'False') return reading(object, 'progressing', inWords(scheduled));
  const ready = conditionOf(object, 'Ready');
  if (ready?.status === 'True') return reading(object, 'healthy', 'Ready is True', ready.lastTransitionTime);
  // The node lifecycle controller marks the pods of a lost node Ready=False and gives no reason; a kubelet gives one.
  if (ready && ready.reason === undefined && conditionOf(object, 'ContainersReady')?.status === 'True') {
    return reading(
      object,
      'degraded',
      'Ready is False without a reason while its containers are ready: its node is lost',
    );
  }
  const ended = endedContainer(object as Pod);
  if (ended !== undefined) return reading(object, 'degraded', ended);
  return reading(object, 'progressing', ready ? inWords(ready) : `status.phase is ${status?.phase ?? 'absent'}`);
};

/** A container that runs again, is not ready and has ended before: the moments between two waits of a crash loop. */
function endedContainer({ status }: Pod): string | undefined {
  const container = status?.containerStatuses?.find(({ ready, lastState }) => !ready && lastState?.terminated);
  const { reason = 'no reason given', exitCode } = container?.lastState?.terminated ?? {};
  return container && `container ${container.name} is not ready, and ended before with ${reason} (${exitCode})`;
}

function stuckContainer({ status }: Pod): string | undefined {
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const waiting = container.state?.waiting;
    if (waiting?.reason === undefined || USUAL_WAITS.has(waiting.reason)) continue;
    const restarts = container.restartCount ? ` after ${container.restartCount} restarts` : '';
    // The message of a crash loop only repeats the names of container and pod.
    const message = waiting.message && waiting.reason !== 'CrashLoopBackOff' ? `: ${waiting.message}` : '';
    return `container ${container.name} waits with ${waiting.reason}${restarts}${message}`;
  }
  return undefined;
}

/** The pods that a workload selects, by `spec.selector.matchLabels`. */
export function podsOf(
  workload: KubernetesObject,
  pods: readonly KubernetesObject[] = [],
): readonly KubernetesObject[] {
  const selector = (workload as Shaped<{ selector: { matchLabels?: Record<string, string> } }, object>).spec?.selector;
  const labels = Object.entries(selector?.matchLabels ?? {});
  if (labels.length === 0) return [];
  return pods.filter(
    ({ metadata }) =>
      metadata.namespace === workload.metadata.namespace &&
      labels.every(([key, value]) => metadata.labels?.[key] === value),
  );
}

/** Why the pods of a workload are not ready, in the words of the first that is in trouble, else of the first not ready. */
export function podTrouble(pods: readonly KubernetesObject[]): string {
  const readings = pods.map((pod) => judgePod(pod)).filter(({ status }) => status !== 'healthy');
  const worst = readings.find(({ status }) => status === 'degraded') ?? readings[0];
  return worst ? `; pod ${worst.name}: ${worst.reason}` : '';
}

/**
 * Restarts after which a crash loop has lasted as long as a Deployment's own progress deadline (600 s): by then the
 * kubelet has paused for 10 + 20 + 40 + 80 + 160 + 300 = 610 s.
 */
const RESTARTS_OF_A_DEADLINE = 6;

/**
 * How a workload that lacks pods stands when its kind has no deadline (StatefulSet, DaemonSet): it is on its way, until
 * a pod has crashed for as long as a Deployment would have been given.
 */
export function lackOf(pods: readonly KubernetesObject[]): 'progressing' | 'degraded' {
  const crashes = pods.some((pod) =>
    [...((pod as Pod).status?.initContainerStatuses ?? []), ...((pod as Pod).status?.containerStatuses ?? [])].some(
      ({ ready, restartCount = 0 }) => !ready && restartCount >= RESTARTS_OF_A_DEADLINE,
    ),
  );
  return crashes ? 'degraded' : 'progressing';
}

/**
 * Since when all pods of a workload have been ready: the latest `lastTransitionTime` of their Ready conditions. The
 * measure for kinds that have no conditions of their own.
 */
export function podsReadySince(pods: readonly KubernetesObject[]): string | undefined {
  return latest(pods.map((pod) => conditionOf(pod, 'Ready')?.lastTransitionTime));
}
