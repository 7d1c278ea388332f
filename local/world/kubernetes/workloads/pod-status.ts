import type { Cluster } from '../cluster';
import type { PodRun, Stored } from '../cluster-state';
import { timestamp } from '../instants';
import type { Fields, PodSpec } from '../manifest';
import type { Derived } from './workload-status';

/** The kubelet's back-off between restarts: 10 s, doubling, at most five minutes. */
const LONGEST_BACKOFF_SECONDS = 300;

/** The status of a pod at an instant, as the scheduler and a kubelet would have written it. */
export function podStatus(cluster: Cluster, pod: Stored): Derived {
  const run = pod.pod ?? {};
  const { at } = cluster;
  const spec = (pod.object.spec ?? {}) as PodSpec;
  if (run.scheduledAt === undefined) return { status: unplaced(pod, run), until: Infinity };
  const until = Math.min(
    ...[run.startedAt, run.readyAt].map((instant) => instant ?? Infinity).filter((instant) => instant > at),
    Infinity,
  );
  const isJob = pod.object.metadata.ownerReferences?.some(({ kind }) => kind === 'Job') ?? false;
  const ready = typeof run.readyAt === 'number' && run.readyAt <= at;
  const started = (run.startedAt ?? Infinity) <= at;
  const crashing = started && run.readyAt === null;
  const phase = ready && isJob ? 'Succeeded' : started ? 'Running' : 'Pending';
  const states = (spec.containers ?? []).map((container) =>
    containerStatus(pod, container, { ready: ready && !isJob, started, crashing, done: ready && isJob }, run, at),
  );
  const status = {
    conditions: podConditions(
      run,
      ready && !isJob,
      (spec.containers ?? []).map(({ name }) => name),
      ready && isJob,
    ),
    containerStatuses: states,
    hostIP: '10.0.0.10',
    observedGeneration: pod.object.metadata.generation,
    phase,
    podIP: `10.0.${(pod.object.metadata.uid ?? '0').charCodeAt(0) % 250}.${(pod.object.metadata.uid ?? '00').charCodeAt(1) % 250}`,
    qosClass: 'Burstable',
    startTime: timestamp(run.scheduledAt),
  };
  // A crash loop's restart count and back-off move on; once a minute is often enough for readers.
  return { status, until: crashing ? Math.min(until, at + 60_000) : until };
}

function unplaced(pod: Stored, run: PodRun): Fields {
  if (!run.unschedulable) return { phase: 'Pending', qosClass: 'Burstable' };
  const unscheduled = {
    lastProbeTime: null,
    lastTransitionTime: timestamp(pod.bornAt),
    message: run.unschedulable,
    observedGeneration: pod.object.metadata.generation,
    reason: 'Unschedulable',
    status: 'False',
    type: 'PodScheduled',
  };
  return { conditions: [unscheduled], phase: 'Pending', qosClass: 'Burstable' };
}

function condition(type: string, lastTransitionTime: string, status: string, why?: Fields): Fields {
  return { lastProbeTime: null, lastTransitionTime, ...why, status, type };
}

function podConditions(run: PodRun, ready: boolean, containers: readonly string[], done: boolean): Fields[] {
  const placed = timestamp(run.scheduledAt ?? 0);
  const unready = {
    message: `containers with unready status: [${containers.join(' ')}]`,
    reason: 'ContainersNotReady',
  };
  const why = done ? { reason: 'PodCompleted' } : unready;
  const since = ready && typeof run.readyAt === 'number' ? timestamp(run.readyAt) : placed;
  return [
    condition('PodReadyToStartContainers', placed, 'True'),
    condition('Initialized', placed, 'True'),
    condition('Ready', since, ready ? 'True' : 'False', ready ? undefined : why),
    condition('ContainersReady', since, ready ? 'True' : 'False', ready ? undefined : why),
    condition('PodScheduled', placed, 'True'),
  ];
}

interface Phase {
  readonly ready: boolean;
  readonly started: boolean;
  readonly crashing: boolean;
  readonly done: boolean;
}

function containerStatus(
  pod: Stored,
  container: { name: string; image?: string },
  phase: Phase,
  run: PodRun,
  at: number,
): Fields {
  const base = { image: container.image ?? '', imageID: '', name: container.name };
  const startedAt = timestamp(run.startedAt ?? at);
  if (!phase.started)
    return {
      ...base,
      lastState: {},
      ready: false,
      restartCount: 0,
      started: false,
      state: { waiting: { reason: 'ContainerCreating' } },
    };
  if (phase.done) {
    const terminated = { exitCode: 0, finishedAt: timestamp(run.readyAt ?? at), reason: 'Completed', startedAt };
    return { ...base, lastState: {}, ready: false, restartCount: 0, started: false, state: { terminated } };
  }
  if (!phase.crashing)
    return {
      ...base,
      lastState: {},
      ready: phase.ready,
      restartCount: 0,
      started: true,
      state: { running: { startedAt } },
    };
  const { restarts, lastAt, backoff } = restartsUntil(run.startedAt ?? at, at);
  const { name, namespace, uid } = pod.object.metadata;
  const message = `back-off ${Math.floor(backoff / 60) > 0 ? `${Math.floor(backoff / 60)}m` : ''}${backoff % 60}s restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`;
  return {
    ...base,
    lastState: {
      terminated: { exitCode: 1, finishedAt: timestamp(lastAt), reason: 'Error', startedAt: timestamp(lastAt) },
    },
    ready: false,
    restartCount: restarts,
    started: false,
    state: { waiting: { message, reason: 'CrashLoopBackOff' } },
  };
}

/** How often a crashing container was restarted since its first start. */
function restartsUntil(startedAt: number, at: number): { restarts: number; lastAt: number; backoff: number } {
  let restarts = 0;
  let lastAt = startedAt;
  let backoff = 10;
  while (lastAt + backoff * 1000 <= at) {
    lastAt += backoff * 1000;
    restarts += 1;
    backoff = Math.min(LONGEST_BACKOFF_SECONDS, backoff * 2);
  }
  return { restarts, lastAt, backoff };
}

/** The last lines of a pod's log. */
export function podLog(cluster: Cluster, pod: Stored, lines: number): string {
  const run = pod.pod ?? {};
  if ((run.startedAt ?? Infinity) > cluster.at) return '';
  const name = (pod.object.spec as PodSpec | undefined)?.containers?.[0]?.name ?? 'container';
  const began = `${timestamp(run.startedAt!)} INFO  ${name}: starting`;
  const log =
    run.readyAt === null
      ? [
          began,
          `${timestamp(run.startedAt!)} ERROR ${name}: fatal: cannot start: configuration refused`,
          'exit status 1',
        ]
      : [
          began,
          ...(typeof run.readyAt === 'number' && run.readyAt <= cluster.at
            ? [`${timestamp(run.readyAt)} INFO  ${name}: ready`]
            : []),
        ];
  return `${log.slice(-lines).join('\n')}\n`;
}
