import { formatDuration } from './duration';
import { findingsOf } from './findings';
import { LAYERS, type Layer } from './layers';
import type { DrillStory, DrillTimes, Finding, Verdict } from './record';

export interface Judgement {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/**
 * Judges a drill that has been torn down. Failing reasons, in this order: what broke first, layers that never became
 * healthy, the objective, the teardown. A failed teardown is a reason of its own beside the first failure, and cleaning
 * up never takes a reason away. What does not fail the drill but must be mended is a finding.
 */
export function judge(story: DrillStory, times: DrillTimes | undefined): Judgement {
  const findings = findingsOf(story);
  const reasons = [
    ...brokenBy(story),
    ...unhealthyLayers(story),
    ...missedObjective(story, times),
    ...teardownReasons(story),
  ];
  if (reasons.length > 0) return { verdict: { outcome: 'failed', reasons }, findings };
  const took = `Rebuilt in ${formatDuration(times!.totalSeconds)}, within the objective of ${formatDuration(story.record.settings.objectiveSeconds)}`;
  if (findings.length === 0)
    return {
      verdict: { outcome: 'passed', reasons: [`${took}; nothing was done by hand and nothing is left behind`] },
      findings,
    };
  const count = findings.length === 1 ? 'one finding' : `${findings.length} findings`;
  return { verdict: { outcome: 'passed-with-findings', reasons: [`${took}, with ${count} to fix`] }, findings };
}

function brokenBy(story: DrillStory): string[] {
  return story.failures
    .filter((failure) => failure.cause !== 'teardown')
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map((failure) => failure.sentence);
}

/** Layers without a time, unless a failure already tells why the drill never got that far. */
function unhealthyLayers(story: DrillStory): string[] {
  const missing = LAYERS.filter((layer) => story.record.layers[layer] === undefined);
  if (missing.length === 0) return [];
  if (story.failures.some((failure) => failure.cause !== 'teardown')) return [];
  return [`${list(missing)} never became healthy`];
}

function missedObjective(story: DrillStory, times: DrillTimes | undefined): string[] {
  const { objectiveSeconds } = story.record.settings;
  if (!times || times.totalSeconds <= objectiveSeconds) return [];
  const over = formatDuration(times.totalSeconds - objectiveSeconds);
  return [
    `It took ${formatDuration(times.totalSeconds)}, ${over} over the objective of ${formatDuration(objectiveSeconds)}`,
  ];
}

function teardownReasons(story: DrillStory): string[] {
  const { teardown } = story.record;
  const left = story.leaks.filter((leak) => leak.status !== 'swept');
  if (!teardown) return ['The teardown did not come to its end, so nobody knows what is left'];
  if (teardown.outcome === 'nothing-left') return [];
  if (left.length === 0) return ['The teardown failed'];
  return [
    `The teardown left ${left.length === 1 ? 'one resource' : `${left.length} resources`} behind: ${left.map((leak) => leak.arn).join(', ')}`,
  ];
}

function list(layers: readonly Layer[]): string {
  return `The ${layers.length === 1 ? 'layer' : 'layers'} ${layers.join(', ')}`;
}
