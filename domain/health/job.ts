import { type Rule, type Shaped, conditionOf, deletion, inWords, reading } from './object-reading';
import { podTrouble, podsOf } from './pod';

type Job = Shaped<
  { suspend: boolean; completions: number },
  { active: number; failed: number; succeeded: number; completionTime: string }
>;

/**
 * A Job is done at `Complete`, not at `SuccessCriteriaMet` (its pods may still run), and lost at `FailureTarget`, which
 * comes before `Failed` and is as final. A failed Job is never retried by Kubernetes, so it has failed for good.
 */
export const judgeJob: Rule = (object, related) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { spec = {}, status = {} } = object as Job;
  const lost = ['Failed', 'FailureTarget'].map((type) => conditionOf(object, type)).find((c) => c?.status === 'True');
  if (lost) return reading(object, 'failed', inWords(lost));
  if (conditionOf(object, 'Complete')?.status === 'True') {
    return reading(object, 'healthy', 'Complete is True', status.completionTime);
  }
  if (spec.suspend) return reading(object, 'suspended', 'spec.suspend is true: it waits for somebody to resume it');
  const failures = status.failed ? `, status.failed is ${status.failed}` : '';
  return reading(
    object,
    'progressing',
    `status.succeeded is ${status.succeeded ?? 0} of ${spec.completions ?? 1}${failures}` +
      podTrouble(podsOf(object, related?.pods)),
  );
};
