import { secondsBetween } from '../domain/clock';
import { formatDuration } from '../domain/duration';
import { LAYERS, type Layer } from '../domain/layers';
import type { DrillStory } from '../domain/record';
import { phaseWords } from './progress-view';

/**
 * What changed between two readings of a drill, as plain lines for a log or a pipe, each with its drill time.
 * @param before undefined at the first reading.
 */
export function progressLines(before: DrillStory | undefined, after: DrillStory, now: Date): string[] {
  const { record } = after;
  const stamp = `[${formatDuration(secondsBetween(record.openedAt, now))}]`.padEnd(10);
  const lines: string[] = [];
  if (!before) lines.push(`drill ${record.drillId} of ${record.target}`);
  const commit = record.commit && !before?.record.commit ? [`${record.ref} is commit ${record.commit}`] : [];
  const isResolving = record.phase === 'checking-readiness';
  // What happened comes before the phase that it led to, and after the one in which it is awaited.
  const [awaited, earlier] = [true, false].map((isAwaited) =>
    LAYERS.filter((layer) => (record.phase === `awaiting-${layer}`) === isAwaited).flatMap((layer) =>
      layerChanges(layer, before, after),
    ),
  ) as [string[], string[]];
  lines.push(...(isResolving ? [] : commit), ...earlier, ...failureChanges(before, after));
  if (record.teardown && !before?.record.teardown) lines.push(`teardown: ${phaseWords(record.teardown.outcome)}`);
  if (before?.record.phase !== record.phase) lines.push(phaseWords(record.phase));
  lines.push(...(isResolving ? commit : []), ...awaited, ...manualChanges(before, after));
  return lines.map((line) => `${stamp} ${line}`);
}

function layerChanges(layer: Layer, before: DrillStory | undefined, { layers, record }: DrillStory): string[] {
  const progress = layers.find((candidate) => candidate.layer === layer);
  const earlier = before?.layers.find((candidate) => candidate.layer === layer);
  const healthyBefore = new Set(
    earlier?.components.filter(({ status }) => status === 'healthy').map(({ name }) => name),
  );
  const turned = (progress?.components ?? []).filter(
    ({ name, status }) => status === 'healthy' && !healthyBefore.has(name),
  );
  const lines = turned.map(({ name }) => `${layer}: ${name} is healthy`);
  const time = record.layers[layer];
  if (time && !before?.record.layers[layer])
    lines.push(
      `${layer} layer healthy in ${formatDuration(time.seconds)} (objective ${formatDuration(time.objectiveSeconds)})`,
    );
  return lines;
}

function manualChanges(before: DrillStory | undefined, { manualSteps }: DrillStory): string[] {
  return manualSteps
    .filter(
      (step) =>
        step.status !== 'declared' &&
        before?.manualSteps.find(({ name }) => name === step.name)?.status !== step.status,
    )
    .map((step) =>
      step.status === 'waiting'
        ? `waiting for a person: ${step.description}`
        : `manual step ${step.name}: ${step.status}`,
    );
}

function failureChanges(before: DrillStory | undefined, { failures }: DrillStory): string[] {
  return failures
    .filter(({ where }) => !before?.failures.some((failure) => failure.where === where))
    .map(({ sentence }) => `failed: ${sentence}`);
}
