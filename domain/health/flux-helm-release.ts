import { latest } from '../clock';
import { type HelmRelease } from './flux-shape';
import { type Condition, type Rule, conditionOf, deletion, inWords, reading } from './object-reading';

const EXACT_VERSION = /^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/;

/**
 * How a Flux HelmRelease stands. `Stalled` (retries exhausted) is for good; a failed attempt before that is not. A
 * release is healthy when the chart version that is deployed is the one that is asked for.
 */
export const judgeHelmRelease: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { metadata, spec, status = {} } = object as HelmRelease;
  if (spec?.suspend) return reading(object, 'suspended', 'spec.suspend is true: it is not reconciled');
  const stalled = conditionOf(object, 'Stalled');
  if (stalled?.status === 'True') return reading(object, 'failed', inWords(stalled));
  const ready = conditionOf(object, 'Ready');
  if (!ready) return reading(object, 'progressing', 'has no Ready condition yet');
  if (ready.status === 'False') {
    return reading(object, waits(ready) ? 'progressing' : 'degraded', inWords(ready));
  }
  if (ready.status !== 'True') return reading(object, 'progressing', inWords(ready));
  if ((status.observedGeneration ?? -1) < (metadata.generation ?? 0)) {
    return reading(object, 'progressing', `status.observedGeneration is ${status.observedGeneration ?? 'absent'}`);
  }
  const [release] = status.history ?? [];
  const wanted = spec?.chart?.spec?.version;
  if (wanted && EXACT_VERSION.test(wanted) && release?.chartVersion !== wanted) {
    return reading(
      object,
      'progressing',
      `status.history[0].chartVersion is ${release?.chartVersion ?? 'absent'}, not ${wanted}`,
    );
  }
  // lastDeployed is the start of the release; Ready turned True when its resources were ready.
  return reading(
    object,
    'healthy',
    `chart ${release?.chartVersion ?? 'of no version'} is ${release?.status ?? 'deployed'}`,
    latest([release?.lastDeployed, ready.lastTransitionTime]),
  );
};

/**
 * Whether a release that is not ready only waits for others. A chart version that its repository does not have stays
 * absent, however long its source is asked.
 */
function waits({ reason, message = '' }: Condition): boolean {
  if (reason === 'SourceNotReady') return !message.includes('failed to get chart version');
  return reason === 'DependencyNotReady';
}
