import { earliest, latest, secondsBetween } from './clock';
import { LAYERS, type Layer, layerBelow } from './layers';
import type { DrillRecord, DrillStory, DrillTimes, LayerProgress, LayerTime, ManualStep, Span } from './record';

/**
 * When a layer began: the cluster with the first event of `terraform apply`, the foundation when the installation of
 * GitOps began, the others when the layer below became healthy. Undefined when that is not known (yet).
 * @param gitopsStartedAt when the build *install-gitops* began, or the root was created
 */
export function layerStartedAt(
  layer: Layer,
  record: Pick<DrillRecord, 'bootstrapStartedAt' | 'layers'>,
  gitopsStartedAt?: string,
): string | undefined {
  if (layer === 'cluster') return record.bootstrapStartedAt;
  const below = record.layers[layerBelow(layer) ?? 'cluster']?.healthyAt;
  return layer === 'foundation' ? (gitopsStartedAt ?? below) : below;
}

/**
 * The time of a layer that is healthy. `healthyAt` is the latest instant that its objects name themselves; the read
 * stands in only where no object names any. A layer that was healthy before it began (its components do not depend on
 * the layer below) took no time.
 */
export function layerTime(measured: {
  readonly startedAt: string;
  readonly healthyAt?: string;
  readonly readAt: string;
  readonly humanSeconds: number;
  readonly objectiveSeconds: number;
}): LayerTime {
  const { startedAt, humanSeconds, objectiveSeconds } = measured;
  const healthyAt = latest([startedAt, measured.healthyAt ?? measured.readAt])!;
  const seconds = secondsBetween(startedAt, healthyAt);
  return { startedAt, healthyAt, seconds, humanSeconds: Math.min(humanSeconds, seconds), objectiveSeconds };
}

/** A stretch of time, ends as instants. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/**
 * How many seconds of a stretch the drill waited for people: the union of the waits of its manual steps, so that two
 * steps at once are not counted twice. A step that nobody confirmed was waited for until the end of the stretch.
 */
export function humanSecondsWithin(steps: readonly ManualStep[], { from, to }: Stretch): number {
  const waits = steps
    .filter(({ requestedAt }) => requestedAt !== undefined)
    .map((step) => ({ from: latest([from, step.requestedAt])!, to: earliest([to, step.confirmedAt])! }))
    .toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from));
  let seconds = 0;
  let counted = from;
  for (const wait of waits) {
    const begin = latest([counted, wait.from])!;
    seconds += Math.max(0, secondsBetween(begin, wait.to));
    counted = latest([counted, wait.to])!;
  }
  return seconds;
}

/**
 * The times of a whole drill: from the first event of `terraform apply` to healthy applications, with and without the
 * waits for people. Undefined unless the applications became healthy.
 */
export function timesOf({ record, manualSteps }: Pick<DrillStory, 'record' | 'manualSteps'>): DrillTimes | undefined {
  const from = record.bootstrapStartedAt;
  const to = record.layers[LAYERS.at(-1)!]?.healthyAt;
  if (from === undefined || to === undefined) return undefined;
  const totalSeconds = secondsBetween(from, to);
  const humanSeconds = humanSecondsWithin(manualSteps, { from, to });
  return { totalSeconds, humanSeconds, machineSeconds: totalSeconds - humanSeconds };
}

/** The span of a layer, running until it is healthy or has failed. */
export function layerSpan(progress: LayerProgress, startedAt: string): Span {
  const { layer, time, status, readAt } = progress;
  return {
    id: `layer-${layer}`,
    kind: 'layer',
    name: layer,
    layer,
    startedAt: time?.startedAt ?? startedAt,
    ...endOf(status === 'healthy' ? time?.healthyAt : status === 'failed' ? readAt : undefined, status === 'healthy'),
    detail: progress.reason,
  };
}

/** The spans of a layer's components that have begun, from the creation of each to since when it is healthy. */
export function componentSpans({ layer, components, readAt }: LayerProgress): Span[] {
  return components.flatMap(({ name, status, reason, startedAt, healthyAt }) => {
    if (startedAt === undefined) return [];
    // An object may say that it is healthy since before its Application existed: it took no time then.
    const end =
      status === 'healthy' ? latest([startedAt, healthyAt ?? readAt]) : status === 'failed' ? readAt : undefined;
    return [
      {
        id: `component-${layer}-${name}`,
        kind: 'component' as const,
        name,
        layer,
        startedAt,
        ...endOf(end, status === 'healthy'),
        detail: reason,
      },
    ];
  });
}

/** The spans in which the drill waited for a person. */
export function humanSpans(steps: readonly ManualStep[]): Span[] {
  return steps.flatMap(({ name, layer, description, status, requestedAt, confirmedAt }) =>
    requestedAt === undefined
      ? []
      : [
          {
            id: `human-${name}`,
            kind: 'human' as const,
            name,
            layer,
            startedAt: requestedAt,
            ...endOf(confirmedAt, status === 'confirmed'),
            detail: description,
          },
        ],
  );
}

function endOf(finishedAt: string | undefined, succeeded: boolean): Pick<Span, 'outcome' | 'finishedAt'> {
  if (finishedAt === undefined) return { outcome: 'running' };
  return { finishedAt, outcome: succeeded ? 'succeeded' : 'failed' };
}
