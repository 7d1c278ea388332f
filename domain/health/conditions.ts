import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';
import { type Condition, type Rule, type Shaped, deletion, inWords, reading } from './object-reading';

/** Conditions that say "it works" when True, in the order in which they count. */
const GOOD: readonly string[] = ['Ready', 'Available', 'Healthy'];
/** Conditions that say "it is broken" when True. */
const BAD = ['Degraded', 'Failed'];
/** Reasons of Ready=False that are an error and not a step on the way, such as `SecretSyncedError`, `BuildFailed`. */
const ERROR = /Fail|Error|Invalid|Denied|Forbidden|Unauthori[sz]ed|Exceeded|BackOff|Conflict/;

/**
 * Any kind without a rule of its own, read as kstatus does (cli-utils, `pkg/kstatus/status/status.go` and `generic.go`):
 * `Stalled` has failed for good, `Reconciling` is work, `Ready` (or `Available`) decides, a status of an earlier
 * generation counts for nothing, and a kind that says nothing about itself is healthy when it exists: a ConfigMap, a
 * Role, a PrometheusRule. `docs/health.md` lists where this differs from kstatus.
 */
export const judgeConditions: Rule = (object) => {
  const { said, behind } = judgeSaid(object, GOOD);
  return said ?? behind ?? reading(object, 'healthy', 'it exists, and its kind says nothing about itself');
};

/**
 * A rule for kinds whose controller always writes one of these conditions: an object that has none was not seen yet and
 * is not healthy, which nothing but the knowledge of its kind can tell. The first condition that is there decides.
 */
export function saying(...types: readonly [string, ...string[]]): Rule {
  return (object) => {
    const { said, behind } = judgeSaid(object, types);
    return said ?? behind ?? reading(object, 'progressing', `status.conditions has no ${types.join(' or ')} yet`);
  };
}

/**
 * What an object says of itself; `behind` where it speaks of an earlier generation only.
 *
 * A condition counts by its own `observedGeneration`, where it has one: Flux keeps that of the status at -1 until the
 * first success, which would hide every failure before it.
 */
function judgeSaid(
  object: KubernetesObject,
  good: readonly string[],
): { readonly said?: ObjectReading | undefined; readonly behind?: ObjectReading | undefined } {
  const deleted = deletion(object);
  if (deleted) return { said: deleted };
  const { status } = object as Shaped<object, { observedGeneration: number }>;
  const generation = object.metadata.generation ?? 0;
  const observed = status?.observedGeneration ?? generation;
  const conditions = Array.isArray(status?.conditions) ? status.conditions : [];
  const current = conditions.filter((condition) => (condition.observedGeneration ?? observed) >= generation);
  const verdict = firstOf(current, good);

  const flaw = flawOf(object, current, verdict);
  if (flaw) return { said: flaw };
  if (observed < generation) {
    const reason = `status.observedGeneration is ${observed}, metadata.generation is ${generation}`;
    return { behind: reading(object, 'progressing', reason) };
  }
  if (verdict) return { said: reading(object, 'healthy', inWords(verdict), verdict.lastTransitionTime) };
  const earlier = firstOf(conditions, good);
  return earlier ? { behind: reading(object, 'progressing', `${earlier.type} is of an earlier generation`) } : {};
}

function flawOf(
  object: KubernetesObject,
  current: readonly Condition[],
  verdict: Condition | undefined,
): ObjectReading | undefined {
  const isTrue = (type: string): Condition | undefined =>
    current.find((condition) => condition.type === type && condition.status === 'True');
  const stalled = isTrue('Stalled');
  if (stalled) return reading(object, 'failed', inWords(stalled));
  const bad = BAD.map(isTrue).find(Boolean);
  if (bad) return reading(object, 'degraded', inWords(bad));
  if (verdict?.status === 'False' && ERROR.test(verdict.reason ?? '')) {
    return reading(object, 'degraded', inWords(verdict));
  }
  const reconciling = isTrue('Reconciling');
  if (reconciling) return reading(object, 'progressing', inWords(reconciling));
  return verdict && verdict.status !== 'True' ? reading(object, 'progressing', inWords(verdict)) : undefined;
}

function firstOf(conditions: readonly Condition[], types: readonly string[]): Condition | undefined {
  return types.map((type) => conditions.find((condition) => condition.type === type)).find(Boolean);
}
