import { type Rule, type Shaped, conditionOf, deletion, inWords, reading } from './object-reading';

type Node = Shaped<
  { unschedulable: boolean; taints: readonly { readonly key: string; readonly effect: string }[] },
  object
>;

/** Taints that keep pods off a node although it says Ready: they go some seconds after it came (back). */
const PASSING_TAINTS = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.kubernetes.io/network-unavailable',
  'node.cloudprovider.kubernetes.io/uninitialized',
]);

/** A node. A lost one says Ready=Unknown, not False. */
export const judgeNode: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { spec = {} } = object as Node;
  const ready = conditionOf(object, 'Ready');
  if (!ready) return reading(object, 'progressing', 'status.conditions has no Ready yet');
  if (ready.status === 'Unknown') return reading(object, 'degraded', inWords(ready));
  if (ready.status !== 'True') return reading(object, 'progressing', inWords(ready));
  if (spec.unschedulable) return reading(object, 'degraded', 'spec.unschedulable is true: somebody cordoned it');
  const taint = spec.taints?.find(({ key }) => PASSING_TAINTS.has(key));
  if (taint)
    return reading(object, 'progressing', `Ready is True, but spec.taints still has ${taint.key}:${taint.effect}`);
  return reading(object, 'healthy', 'Ready is True', ready.lastTransitionTime);
};
