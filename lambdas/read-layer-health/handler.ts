import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { advance, type Decision } from '../../domain/health/advance';
import { DrillError, ErrorName } from '../../domain/errors';
import { LAYERS, type Layer } from '../../domain/layers';
import { dueStep } from '../../domain/manual-steps';
import { keepLease } from '../../domain/lease';
import type { DrillStory, LayerProgress, ManualStep, Phase } from '../../domain/record';
import { componentSpans, humanSecondsWithin, humanSpans, layerSpan, layerStartedAt } from '../../domain/timing';
import { lambdaEntry } from '../lambda-entry';
import { noteVolumes } from '../note-volumes';
import { openStoryOf } from '../story-of';
import { detectManualWork } from './detect-manual-work';
import { environmentSchema } from './environment';
import { readLayer } from './read-layer';

const eventSchema = z.object({ drillId: z.string(), layer: z.enum(LAYERS) });

/** Two healthy reads: Argo CD is known to say Synced, Healthy and Succeeded for half a second too early. */
const REQUIRED_READS = 2;

export interface LayerHealth {
  readonly status: 'healthy' | 'progressing' | 'awaiting-manual-step';
  readonly waitSeconds: number;
  readonly reason: string;
  readonly manualStep?: string;
  /** How long the step may wait for its person; only with `manualStep`. */
  readonly manualStepSeconds?: number;
}

/**
 * *Read layer health*, one turn of the waiting loop.
 * @throws DrillError `LayerFailed` when a component has failed for good, `LayerDeadline` when the layer's time is over,
 *   `DrillClosed` when the drill was closed or its teardown has begun, `LeaseLost` when another one has taken its target over.
 */
export async function readLayerHealth(
  { drillId, layer }: z.infer<typeof eventSchema>,
  host: Host,
): Promise<LayerHealth> {
  const story = await confirmedStory(drillId, layer, host);
  const previous = story.layers.find((progress) => progress.layer === layer);
  if (!previous) await begin(story, layer, host);
  const due = dueStep(story.manualSteps, layer);
  if (due) return awaitPerson(story, layer, previous, due, host);

  const { reading, objects, api } = await readLayer(story.record, layer, host);
  const { progress, decision } = advance(previous, reading, optionsOf(story, layer, host));
  await keep(story, progress, detectManualWork(story, layer, objects), host);
  const asked = dueStep(story.manualSteps, layer, progress.components);
  if (asked) return awaitPerson(story, layer, progress, asked, host);
  if (api && decision.status !== 'progressing') await noteVolumes(story, api, host);
  return answer(decision);
}

/**
 * The open drill's story. A step of this layer that was waiting is confirmed now: the machine comes back here from
 * *Await manual step* only when its callback was answered.
 */
async function confirmedStory(drillId: string, layer: Layer, { clock, history }: Host): Promise<DrillStory> {
  const story = await openStoryOf(history, drillId);
  await keepLease(story.record, history, clock.now());
  const confirmedAt = clock.now().toISOString();
  const confirmed = story.manualSteps
    .filter((step) => step.layer === layer && step.status === 'waiting')
    .map(({ taskToken: _token, ...step }): ManualStep => ({ ...step, status: 'confirmed', confirmedAt }));
  if (confirmed.length === 0) return story;
  await history.put(drillId, [
    ...confirmed.map((item) => ({ type: 'manual-step' as const, item })),
    ...humanSpans(confirmed).map((item) => ({ type: 'span' as const, item })),
  ]);
  const rest = story.manualSteps.filter(({ name }) => !confirmed.some((step) => step.name === name));
  return { ...story, manualSteps: [...rest, ...confirmed] };
}

function answer({ status, waitSeconds, sentence }: Decision): LayerHealth {
  if (status === 'failed') throw new DrillError(ErrorName.LayerFailed, sentence);
  if (status === 'deadline') throw new DrillError(ErrorName.LayerDeadline, sentence);
  return { status, waitSeconds, reason: sentence };
}

/** The first read of a layer says where the drill stands. */
async function begin({ record }: DrillStory, layer: Layer, { history }: Host): Promise<void> {
  await history.change(record.drillId, { phase: `awaiting-${layer}` satisfies Phase });
}

async function awaitPerson(
  { record }: DrillStory,
  layer: Layer,
  previous: LayerProgress | undefined,
  step: ManualStep,
  { clock, history }: Host,
): Promise<LayerHealth> {
  const now = clock.now().toISOString();
  const reason = `waits for a person: ${step.description}`;
  const progress: LayerProgress = {
    layer,
    awaitedSince: now,
    reads: 0,
    consecutiveHealthyReads: 0,
    ...previous,
    // The patience with what waits for the person begins anew when the step is done.
    components: (previous?.components ?? []).map(({ degradedSince: _since, ...component }) => component),
    status: 'awaiting-manual-step',
    reason,
    readAt: now,
  };
  await history.put(record.drillId, [{ type: 'layer', item: progress }]);
  return {
    status: 'awaiting-manual-step',
    waitSeconds: 0,
    reason,
    manualStep: step.name,
    manualStepSeconds: record.settings.manualStepDeadlineSeconds,
  };
}

function optionsOf({ manualSteps, record, spans }: DrillStory, layer: Layer, { clock }: Host) {
  const now = clock.now();
  const gitopsStartedAt = spans.find(({ kind, name }) => kind === 'build' && name === 'install-gitops')?.startedAt;
  const startedAt = layerStartedAt(layer, record, gitopsStartedAt) ?? record.openedAt;
  const { deadlineSeconds, objectiveSeconds } = record.settings.layers[layer];
  return {
    now,
    requiredReads: REQUIRED_READS,
    deadlineSeconds,
    objectiveSeconds,
    startedAt,
    humanSeconds: humanSecondsWithin(manualSteps, { from: startedAt, to: now.toISOString() }),
  };
}

/** Keeps the read, and of the spans and manual steps only those that are new or have changed. */
async function keep(
  story: DrillStory,
  progress: LayerProgress,
  found: readonly ManualStep[],
  { history }: Host,
): Promise<void> {
  const { drillId } = story.record;
  const startedAt = progress.time?.startedAt ?? progress.awaitedSince;
  const spans = [layerSpan(progress, startedAt), ...componentSpans(progress)].filter((span) => {
    const before = story.spans.find(({ id }) => id === span.id);
    return before?.outcome !== span.outcome || before.finishedAt !== span.finishedAt;
  });
  const known = new Set(story.manualSteps.map(({ name }) => name));
  await history.put(drillId, [
    { type: 'layer', item: progress },
    ...spans.map((item) => ({ type: 'span' as const, item })),
    ...found.filter(({ name }) => !known.has(name)).map((item) => ({ type: 'manual-step' as const, item })),
  ]);
  if (progress.time) await history.setLayerTime(drillId, progress.layer, progress.time);
}

export const handler = lambdaEntry({ environment: environmentSchema, event: eventSchema, run: readLayerHealth });
