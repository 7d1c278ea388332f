import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';

/** A condition as most kinds write it. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
}

/**
 * An object with the fields of its kind that a rule reads. Every field is optional: the API server leaves out what is
 * zero or not known yet, and an object has no status before its controller saw it.
 */
export type Shaped<Spec, Status> = KubernetesObject & {
  readonly spec?: Partial<Spec>;
  readonly status?: Partial<Status> & { readonly conditions?: readonly Condition[] };
};

/** What a rule may look at beside the object itself. */
export interface Related {
  /** Pods of the object's namespace. */
  readonly pods?: readonly KubernetesObject[];
  readonly nodes?: readonly KubernetesObject[];
  readonly storageClasses?: readonly KubernetesObject[];
}

/** A rule: how an object of one kind stands, with a reason that names the field it was read from. */
export type Rule = (object: KubernetesObject, related?: Related) => ObjectReading;

/** Longest reason that is kept: a controller's message may carry whole stack traces, and readings go to one item. */
const REASON_LENGTH = 300;

/**
 * A reading of an object, its reason shortened.
 * @param healthySince instant, by the object's own timestamps.
 */
export function reading(
  object: KubernetesObject,
  status: ObjectReading['status'],
  reason: string,
  healthySince?: string,
): ObjectReading {
  const { name, namespace } = object.metadata;
  return {
    kind: object.kind,
    ...(namespace !== undefined && { namespace }),
    name,
    status,
    reason: shortened(reason),
    ...(healthySince !== undefined && { healthySince }),
  };
}

/** The reading of an object that ought to exist and does not. */
export function missing(
  identity: { readonly kind: string; readonly namespace?: string; readonly name: string },
  reason: string,
): ObjectReading {
  const { kind, namespace, name } = identity;
  return { kind, ...(namespace !== undefined && { namespace }), name, status: 'missing', reason: shortened(reason) };
}

/**
 * A text on one line, cut to the length that a reading may have. It is cut in its middle: programs begin with what they
 * did and end with the cause.
 */
export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= REASON_LENGTH) return line;
  const end = Math.floor(REASON_LENGTH / 3);
  return `${line.slice(0, REASON_LENGTH - end - 3)} … ${line.slice(-end)}`;
}

/** An object that is being deleted keeps its last good status; only `metadata.deletionTimestamp` tells. */
export function deletion(object: KubernetesObject): ObjectReading | undefined {
  const { deletionTimestamp, finalizers } = object.metadata;
  if (deletionTimestamp === undefined) return undefined;
  const held = finalizers?.length ? `, held by ${finalizers.join(', ')}` : '';
  return reading(object, 'degraded', `is being deleted (metadata.deletionTimestamp ${deletionTimestamp}${held})`);
}

/**
 * A controller that has not seen the newest spec says nothing about it, however healthy its status looks: absent right
 * after creation, behind right after a change.
 */
export function unobserved(object: KubernetesObject): ObjectReading | undefined {
  const generation = object.metadata.generation;
  const observed = (object as Shaped<object, { observedGeneration: number }>).status?.observedGeneration;
  if (generation === undefined || (observed !== undefined && observed >= generation)) return undefined;
  return reading(
    object,
    'progressing',
    `status.observedGeneration is ${observed ?? 'absent'}, metadata.generation is ${generation}`,
  );
}

export function conditionOf(object: KubernetesObject, type: string): Condition | undefined {
  return (object as Shaped<object, object>).status?.conditions?.find((condition) => condition.type === type);
}

/** A condition in words, such as `Ready is False (ContainersNotReady): containers with unready status: [c]`. */
export function inWords(condition: Condition): string {
  const reason = condition.reason ? ` (${condition.reason})` : '';
  const message = condition.message ? `: ${condition.message}` : '';
  return `${condition.type} is ${condition.status}${reason}${message}`;
}
