import { latest, secondsBetween } from '../clock';
import { ROOT_NAME } from '../names';
import type { ComponentReading, LayerProgress } from '../record';
import type { LayerReading } from './layer-reading';
import { layerTime } from '../timing';

/**
 * How long between reads. A layer is noticed on average half a wait after it became healthy and is confirmed after one
 * short wait: 30 / 2 + 5 s, and about 2 s for two invocations, so 22 s a layer. The layers of GitOps come up while the
 * one below is confirmed, so only two of the four cost a drill this time: the cluster, and the applications; 44 s are
 * 0.6 % of a drill of two hours (worst case 2 × (30 + 5 + 2) = 74 s, 1 %). The times of the layers do not contain it,
 * because they are taken from the objects. A loop is 9 history events (task 5, choice 2, wait 2), so the 25,000 of an
 * execution last for 2,777 loops, 23 hours of waiting.
 */
const WAIT_SECONDS = 30;
const CONFIRM_SECONDS = 5;

/** Reads closer together than this are one read: a retried invocation confirms nothing. */
const DISTINCT_SECONDS = 3;

/**
 * How long a component may stay degraded. The longest pause between two starts of a crashing container is 5 minutes
 * (the cap of CrashLoopBackOff), and a start takes up to a minute: what is degraded after 6 minutes was tried again in
 * the meantime and did not recover. For a Deployment this comes after its own progress deadline (10 minutes).
 */
const DEGRADED_PATIENCE_SECONDS = 360;

export interface AdvanceOptions {
  readonly now: Date;
  /** Healthy reads in a row that make a layer healthy. */
  readonly requiredReads: number;
  /** From the first read; time spent waiting for people does not count. */
  readonly deadlineSeconds: number;
  readonly objectiveSeconds: number;
  /** When the layer began (see `domain/timing.ts`). */
  readonly startedAt: string;
  /** Seconds that this layer waited for people so far. */
  readonly humanSeconds?: number;
  /** When the waiting began, for the first read (default: now). */
  readonly awaitedSince?: string;
}

export interface Decision {
  readonly status: 'healthy' | 'progressing' | 'failed' | 'deadline';
  /** How long to wait before the next read; 0 when there is none. */
  readonly waitSeconds: number;
  /** One sentence for people: what made it healthy, what it waits for, or what broke it. */
  readonly sentence: string;
}

/**
 * Takes one read of a layer into account: healthy after enough healthy reads in a row, failed when a component has
 * failed for good on two reads in a row, over at the deadline, otherwise worth another read.
 */
export function advance(
  previous: LayerProgress | undefined,
  reading: LayerReading,
  options: AdvanceOptions,
): { readonly progress: LayerProgress; readonly decision: Decision } {
  const { now } = options;
  const components = reading.components.map((component) => withPatience(component, previous, now));
  const isDistinct = previous === undefined || secondsBetween(previous.readAt, now) >= DISTINCT_SECONDS;
  const isHealthy =
    !reading.obstacle && components.length > 0 && components.every(({ status }) => status === 'healthy');
  const consecutive = isHealthy ? (previous?.consecutiveHealthyReads ?? 0) + (isDistinct ? 1 : 0) : 0;
  const awaitedSince = previous?.awaitedSince ?? options.awaitedSince ?? now.toISOString();
  const decision = decide(reading, components, {
    ...options,
    consecutive,
    awaitedSince,
    previous: isDistinct ? previous : undefined,
  });
  const progress: LayerProgress = {
    layer: reading.layer,
    status: decision.status === 'deadline' ? 'failed' : decision.status,
    reason: decision.sentence,
    awaitedSince,
    readAt: now.toISOString(),
    reads: (previous?.reads ?? 0) + 1,
    consecutiveHealthyReads: consecutive,
    // A read that saw nothing leaves what the last one saw.
    components: reading.obstacle ? [...(previous?.components ?? [])] : components,
    ...(decision.status === 'healthy' && { time: timeOf(components, options) }),
  };
  return { progress, decision };
}

function decide(
  reading: LayerReading,
  components: readonly ComponentReading[],
  state: AdvanceOptions & {
    readonly consecutive: number;
    /** The read before, when it was another one. */
    readonly previous: LayerProgress | undefined;
    readonly awaitedSince: string;
  },
): Decision {
  const { layer, obstacle } = reading;
  if (state.consecutive >= state.requiredReads) {
    const unsaid = components.some(({ healthyAt }) => healthyAt)
      ? ''
      : ' (no object says since when, so since this read)';
    return { status: 'healthy', waitSeconds: 0, sentence: `${layer} is healthy${unsaid}: ${names(components)}` };
  }
  // Failed on two reads: what Argo CD or Flux says while it changes its mind is not final.
  const broken = components.filter(({ name, status }) => status === 'failed' && hadFailed(state.previous, name));
  if (broken.length > 0) {
    return {
      status: 'failed',
      waitSeconds: 0,
      sentence: `${layer} cannot become healthy: ${inWords(broken, 'usual')}`,
    };
  }
  const waited = secondsBetween(state.awaitedSince, state.now) - (state.humanSeconds ?? 0);
  const left = state.deadlineSeconds - waited;
  const blocking = components.filter(({ status }) => status !== 'healthy');
  const waitsFor = (reasons?: 'usual'): string =>
    obstacle ?? (blocking.length > 0 ? inWords(blocking, reasons) : 'no component was found');
  if (left <= 0) {
    const minutes = Math.round(state.deadlineSeconds / 60);
    const what = state.consecutive > 0 ? 'it is healthy, but was not confirmed in time' : waitsFor('usual');
    return { status: 'deadline', waitSeconds: 0, sentence: `${layer} was not healthy within ${minutes} min: ${what}` };
  }
  const wait = state.consecutive > 0 ? CONFIRM_SECONDS : WAIT_SECONDS;
  return {
    status: 'progressing',
    waitSeconds: Math.max(1, Math.min(wait, Math.ceil(left))),
    sentence:
      state.consecutive > 0 ? `${layer} looks healthy; one more read confirms it` : `${layer} waits: ${waitsFor()}`,
  };
}

/**
 * Keeps since when a component has been degraded, and turns it into failed when that lasts too long. One read in
 * between that says progressing does not start the count anew: Flux says so during every retry. Two in a row do.
 */
function withPatience(component: ComponentReading, previous: LayerProgress | undefined, now: Date): ComponentReading {
  const before = previous?.components.find(({ name }) => name === component.name);
  if (component.status === 'degraded') {
    const degradedSince = before?.degradedSince ?? now.toISOString();
    if (!isTooLong(degradedSince, now)) return { ...component, degradedSince };
    const minutes = Math.floor(secondsBetween(degradedSince, now) / 60);
    return {
      ...component,
      status: 'failed',
      reason: `degraded for ${minutes} min: ${component.reason}`,
      degradedSince,
    };
  }
  const keeps =
    component.status === 'failed' || (component.status === 'progressing' && before?.status !== 'progressing');
  return keeps && before?.degradedSince !== undefined
    ? { ...component, degradedSince: before.degradedSince }
    : component;
}

function isTooLong(degradedSince: string, now: Date | string): boolean {
  return secondsBetween(degradedSince, now) >= DEGRADED_PATIENCE_SECONDS;
}

/**
 * Whether the read before had given a component up as well. One that says progressing at every other read never is
 * failed twice in a row; that the patience with it was over at the read before counts as much.
 */
function hadFailed(previous: LayerProgress | undefined, name: string): boolean {
  const before = previous?.components.find((component) => component.name === name);
  if (!previous || !before) return false;
  const { status, degradedSince } = before;
  if (status !== 'progressing') return status === 'failed';
  return degradedSince !== undefined && isTooLong(degradedSince, previous.readAt);
}

function timeOf(components: readonly ComponentReading[], options: AdvanceOptions): NonNullable<LayerProgress['time']> {
  const { startedAt, objectiveSeconds, humanSeconds = 0, now } = options;
  const healthyAt = latest(components.map((component) => component.healthyAt));
  return layerTime({
    startedAt,
    objectiveSeconds,
    humanSeconds,
    readAt: now.toISOString(),
    ...(healthyAt && { healthyAt }),
  });
}

/** How many components a sentence names. */
const NAMED = 3;

/** @param reasons `usual` at the end of the waiting, when somebody must find the cause: what it usually is, is said too. */
function inWords(components: readonly ComponentReading[], reasons?: 'usual'): string {
  // The root only repeats what its Applications say.
  const own = components.filter(({ name }) => name !== ROOT_NAME);
  const told = own.length > 0 ? own : components;
  const named = told.slice(0, NAMED).map(({ name, status, reason, usualReason }) => {
    const usual = reasons && usualReason ? `; usually ${usualReason}` : '';
    // A full stop of Kubernetes' or Argo CD's own would end the sentence in its middle.
    return `${name} is ${status} (${`${reason}${usual}`.replaceAll(/\.(?=; |$)/g, '')})`;
  });
  const more = told.length - named.length;
  return more > 0 ? `${named.join('; ')}; and ${more} more` : named.join('; ');
}

function names(components: readonly ComponentReading[]): string {
  return components.map(({ name }) => name).join(', ');
}
