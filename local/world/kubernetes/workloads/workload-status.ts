import type { Cluster } from '../cluster';
import type { Rollout, Stored } from '../cluster-state';
import { timestamp } from '../instants';
import type { Fields, WorkloadSpec } from '../manifest';
import { isReady, podsOf } from './pods';
import { eligibleNodes } from './workload-controller';

/** A status as it is at an instant, and until when it stays so if nobody writes. */
export interface Derived {
  readonly status: Fields;
  readonly until: number;
}

/** Between the first condition and the first observed generation of a Deployment (recorded: within one second). */
const OBSERVED_AFTER_MS = 150;

/** The status of a workload, with the fields, absences and words of the recordings. */
export function workloadStatus(cluster: Cluster, workload: Stored): Derived | undefined {
  return STATUS[workload.object.kind]?.(cluster, workload, (workload.object.spec ?? {}) as WorkloadSpec);
}

type StatusOf = (cluster: Cluster, workload: Stored, spec: WorkloadSpec) => Derived;

const STATUS: Readonly<Record<string, StatusOf>> = {
  Deployment: deploymentStatus,
  ReplicaSet: replicaSetStatus,
  StatefulSet: statefulSetStatus,
  DaemonSet: daemonSetStatus,
  Job: jobStatus,
};

function nextReady(pods: readonly Stored[], at: number): number {
  return Math.min(Infinity, ...pods.map((pod) => pod.pod?.readyAt ?? Infinity).filter((ready) => ready > at));
}

function deploymentStatus(cluster: Cluster, workload: Stored, spec: WorkloadSpec): Derived {
  const { rollout } = workload;
  const { at } = cluster;
  if (!rollout) return { status: {}, until: Infinity };
  const created = workload.bornAt;
  if (at < rollout.startedAt + OBSERVED_AFTER_MS && rollout.generation === 1) {
    const condition = progressing(
      created,
      created,
      'True',
      'NewReplicaSetCreated',
      `Created new replica set "${rollout.revision}"`,
    );
    return { status: { conditions: [condition] }, until: rollout.startedAt + OBSERVED_AFTER_MS };
  }
  const wanted = spec.replicas ?? 1;
  const fresh = podsOf(cluster, rollout.pods);
  const all = [...fresh, ...podsOf(cluster, rollout.old ?? [])];
  const ready = all.filter((pod) => isReady(pod, at));
  const progress = progressOf(rollout, fresh, spec, at);
  const complete = ready.length >= wanted && all.length === fresh.length && fresh.length === wanted;
  const available = availableCondition(ready, wanted, rollout, workload);
  const status = {
    ...counted({ availableReplicas: ready.length }),
    conditions: [available, progressCondition(created, rollout, progress, complete)],
    observedGeneration: rollout.generation,
    ...counted({ readyReplicas: ready.length, replicas: all.length }),
    terminatingReplicas: 0,
    ...counted({
      unavailableReplicas: Math.max(0, Math.max(wanted, all.length) - ready.length),
      updatedReplicas: fresh.length,
    }),
  };
  return { status, until: Math.min(nextReady(all, at), complete ? Infinity : progress.deadline) };
}

/** Counts of zero are left out. */
function counted(counts: Record<string, number>): Fields {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

interface Progress {
  /** The last time that a pod became ready, or the start. */
  readonly last: number;
  /** When it counts as stuck (in the past: it is). */
  readonly deadline: number;
  readonly stuck: boolean;
  /** It was stuck once before it went on. */
  readonly wasStuckUntil?: number;
}

function progressOf(rollout: Rollout, pods: readonly Stored[], spec: WorkloadSpec, at: number): Progress {
  const patience = (spec.progressDeadlineSeconds ?? 600) * 1000;
  const instants = pods.map((pod) => pod.pod?.readyAt ?? Infinity).filter((ready) => ready <= at);
  let last = rollout.startedAt;
  let wasStuckUntil: number | undefined;
  for (const ready of instants.toSorted((a, b) => a - b)) {
    if (ready - last > patience) wasStuckUntil = ready;
    last = Math.max(last, ready);
  }
  return {
    last,
    deadline: last + patience,
    stuck: at >= last + patience,
    ...(wasStuckUntil !== undefined && { wasStuckUntil }),
  };
}

function progressCondition(created: number, rollout: Rollout, progress: Progress, complete: boolean): Fields {
  const replicaSet = `ReplicaSet "${rollout.revision}"`;
  // Its transition time stays at the creation through all rollouts, unless it was False in between.
  const since = progress.wasStuckUntil ?? created;
  if (complete)
    return progressing(
      since,
      progress.last,
      'True',
      'NewReplicaSetAvailable',
      `${replicaSet} has successfully progressed.`,
    );
  if (progress.stuck)
    return progressing(
      progress.deadline,
      progress.deadline,
      'False',
      'ProgressDeadlineExceeded',
      `${replicaSet} has timed out progressing.`,
    );
  return progressing(since, progress.last, 'True', 'ReplicaSetUpdated', `${replicaSet} is progressing.`);
}

function progressing(since: number, updated: number, status: string, reason: string, message: string): Fields {
  return {
    type: 'Progressing',
    status,
    lastUpdateTime: timestamp(updated),
    lastTransitionTime: timestamp(since),
    reason,
    message,
  };
}

function availableCondition(ready: readonly Stored[], wanted: number, rollout: Rollout, workload: Stored): Fields {
  const needed = wanted - Math.floor(wanted / 4);
  const instants = ready.map((pod) => pod.pod?.readyAt ?? 0).toSorted((a, b) => a - b);
  const since = timestamp(
    needed === 0 || instants.length < needed ? Math.min(rollout.startedAt, workload.bornAt) : instants[needed - 1]!,
  );
  const isAvailable = ready.length >= needed;
  return {
    type: 'Available',
    status: isAvailable ? 'True' : 'False',
    lastUpdateTime: since,
    lastTransitionTime: since,
    reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: isAvailable ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
  };
}

function replicaSetStatus(cluster: Cluster, replicaSet: Stored): Derived {
  const pods = podsOf(cluster, replicaSet.dependents ?? []);
  const ready = pods.filter((pod) => isReady(pod, cluster.at)).length;
  const status = {
    ...counted({ availableReplicas: ready, fullyLabeledReplicas: pods.length }),
    observedGeneration: replicaSet.object.metadata.generation,
    ...counted({ readyReplicas: ready }),
    replicas: pods.length,
    terminatingReplicas: 0,
  };
  // Nobody counts a ReplicaSet's writes, so it is looked at again soon.
  return { status, until: Math.min(nextReady(pods, cluster.at), cluster.at + 1000) };
}

function statefulSetStatus(cluster: Cluster, workload: Stored): Derived {
  const { rollout } = workload;
  if (!rollout) return { status: { replicas: 0, availableReplicas: 0 }, until: Infinity };
  const fresh = podsOf(cluster, rollout.pods);
  const ready = fresh.filter((pod) => isReady(pod, cluster.at)).length;
  const status = {
    availableReplicas: ready,
    collisionCount: 0,
    ...counted({ currentReplicas: fresh.length }),
    currentRevision: rollout.revision,
    observedGeneration: rollout.generation,
    ...counted({ readyReplicas: ready }),
    replicas: fresh.length,
    updateRevision: rollout.revision,
    ...counted({ updatedReplicas: fresh.length }),
  };
  return { status, until: nextReady(fresh, cluster.at) };
}

function daemonSetStatus(cluster: Cluster, workload: Stored, spec: WorkloadSpec): Derived {
  const { rollout } = workload;
  const none = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
  if (!rollout) return { status: none, until: Infinity };
  const wanted = eligibleNodes(cluster, spec).length;
  const pods = podsOf(cluster, rollout.pods);
  const ready = pods.filter((pod) => isReady(pod, cluster.at)).length;
  const status = {
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: wanted,
    ...counted({ numberAvailable: ready }),
    numberMisscheduled: Math.max(0, pods.length - wanted),
    numberReady: ready,
    ...counted({ numberUnavailable: wanted - ready }),
    observedGeneration: rollout.generation,
    ...counted({ updatedNumberScheduled: pods.length }),
  };
  return { status, until: nextReady(pods, cluster.at) };
}

/** A crashing Job gives up after its back-offs; kubelets restart at most every five minutes. */
const BACKOFF_MS = 60_000;

function jobStatus(cluster: Cluster, workload: Stored, spec: WorkloadSpec): Derived {
  const { rollout } = workload;
  if (spec.suspend)
    return {
      status: { conditions: [jobCondition('Suspended', workload.bornAt, 'JobSuspended', 'Job suspended')] },
      until: Infinity,
    };
  if (!rollout) return { status: {}, until: Infinity };
  const pods = podsOf(cluster, rollout.pods);
  const done = pods.filter((pod) => isReady(pod, cluster.at));
  const base = { startTime: timestamp(rollout.startedAt), terminating: 0, uncountedTerminatedPods: {} };
  const until = nextReady(pods, cluster.at);
  if (pods.length > 0 && done.length >= (spec.completions ?? 1)) {
    const at = Math.max(...done.map((pod) => pod.pod?.readyAt ?? 0));
    const message = 'Reached expected number of succeeded pods';
    const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) =>
      jobCondition(type, at, 'CompletionsReached', message),
    );
    return { status: { ...base, completionTime: timestamp(at), conditions, ready: 0, succeeded: done.length }, until };
  }
  const gaveUpAt = jobGaveUpAt(pods, spec);
  if (gaveUpAt <= cluster.at) {
    const message = 'Job has reached the specified backoff limit';
    const conditions = ['FailureTarget', 'Failed'].map((type) =>
      jobCondition(type, gaveUpAt, 'BackoffLimitExceeded', message),
    );
    return { status: { ...base, conditions, failed: (spec.backoffLimit ?? 6) + 1, ready: 0 }, until: Infinity };
  }
  return {
    status: { ...base, active: pods.length - done.length, ready: 0, ...counted({ succeeded: done.length }) },
    until: Math.min(until, gaveUpAt),
  };
}

function jobGaveUpAt(pods: readonly Stored[], spec: WorkloadSpec): number {
  const crashing = pods.filter((pod) => pod.pod?.readyAt === null).map((pod) => pod.pod?.startedAt ?? Infinity);
  return Math.min(Infinity, ...crashing) + (spec.backoffLimit ?? 6) * BACKOFF_MS;
}

function jobCondition(type: string, at: number, reason: string, message: string): Fields {
  return { type, status: 'True', lastProbeTime: timestamp(at), lastTransitionTime: timestamp(at), reason, message };
}
