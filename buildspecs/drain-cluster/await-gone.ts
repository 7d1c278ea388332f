import { secondsBetween, type Clock } from '../../domain/clock';
import { stuckNamespaceOf, titleOf } from '../../domain/drain';
import type { DrainGroup, DrainKind } from '../../domain/drain-groups';
import type { KubernetesApi, KubernetesObject } from '../../domain/ports/kubernetes';
import type { Blockers } from './blockers';

const PAUSE_MILLISECONDS = 15_000;

/** Something that must be gone before the draining goes on. */
interface Remaining {
  readonly group: DrainGroup;
  readonly kind: DrainKind;
  readonly object: KubernetesObject;
}

export interface Waiting {
  readonly kubernetes: KubernetesApi;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly blockers: Blockers;
  /** Told in one sentence of each thing that did not go in time and was let go by force. */
  readonly forced: (sentence: string) => Promise<void>;
}

/**
 * Waits until Kubernetes shows nothing of a stage any more. What was made again, or refused before, is asked to go
 * again; what stands in the way is removed in every round, as controllers put it back. A group whose time is over loses
 * its finalizers and is not waited for any longer: what they would have cleaned up in AWS is left to the sweep.
 */
export async function awaitStage(stage: readonly DrainGroup[], waiting: Waiting): Promise<void> {
  const { kubernetes, clock, signal, log, blockers, forced } = waiting;
  const begun = clock.now();
  const letGo = new Set<string>();
  for (;;) {
    await blockers.remove();
    const left = (await remaining(kubernetes, stage)).filter((each) => !letGo.has(keyOf(each)));
    const seconds = secondsBetween(begun, clock.now());
    for (const each of left.filter(({ group }) => seconds >= group.minutes * 60)) {
      letGo.add(keyOf(each));
      await forced(await release(kubernetes, each));
    }
    const awaited = left.filter((each) => !letGo.has(keyOf(each)));
    if (awaited.length === 0) return;
    for (const { kind, object } of awaited) {
      const isAskedAgain = kind.isAsked && object.metadata.deletionTimestamp === undefined;
      if (isAskedAgain) await ask(kubernetes, kind, object, log);
    }
    log(`waiting for ${awaited.map(({ object }) => titleOf(object)).join(', ')}`);
    await clock.sleep(PAUSE_MILLISECONDS, signal);
  }
}

/** Asks for the deletion of everything of a group that the draining itself deletes. */
export async function askToGo(group: DrainGroup, { kubernetes, log }: Waiting): Promise<void> {
  for (const kind of group.kinds.filter(({ isAsked }) => isAsked)) {
    for (const object of ((await kubernetes.list(kind.type)) ?? []).filter(kind.which)) {
      await ask(kubernetes, kind, object, log);
    }
  }
}

/** One that the API server refuses, such as by a webhook, does not keep the others. */
async function ask(
  kubernetes: KubernetesApi,
  { type }: DrainKind,
  object: KubernetesObject,
  log: (line: string) => void,
): Promise<void> {
  try {
    await kubernetes.delete(type, object.metadata.name, object.metadata.namespace);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    log(`${titleOf(object)} was not deleted yet: ${error.message}`);
  }
}

async function remaining(kubernetes: KubernetesApi, stage: readonly DrainGroup[]): Promise<Remaining[]> {
  const left: Remaining[] = [];
  for (const group of stage) {
    for (const kind of group.kinds) {
      const objects = (await kubernetes.list(kind.type)) ?? [];
      left.push(...objects.filter(kind.which).map((object) => ({ group, kind, object })));
    }
  }
  return left;
}

/** Removes the finalizers of what did not go in time, and says so; a namespace has none that a patch could remove. */
async function release(kubernetes: KubernetesApi, { group, kind, object }: Remaining): Promise<string> {
  const { name, namespace } = object.metadata;
  const late = `${titleOf(object)} was still there after ${group.minutes} minutes`;
  if (object.kind === 'Namespace') return `${late}: ${stuckNamespaceOf(object)}`;
  try {
    await kubernetes.patch(kind.type, name, namespace, { metadata: { finalizers: null } });
    return `${late}, so its finalizers were removed`;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return `${late}, and its finalizers could not be removed: ${error.message}`;
  }
}

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'KubernetesRequestError';
}

function keyOf({ object }: Remaining): string {
  return `${titleOf(object)} ${object.metadata.uid ?? ''}`;
}
