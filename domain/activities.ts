import { earliest, latest } from './clock';
import { GITOPS_LAYERS, layerBelow, type Layer } from './layers';
import type { ComponentReading, DrillStory, Outputs, Span } from './record';
import { withoutKeys } from './terraform-state';

/** Something that a drill's way up consisted of: a Terraform resource, a build, or a component. */
export interface Activity {
  readonly id: string;
  readonly kind: 'resource' | 'build' | 'component';
  readonly name: string;
  readonly layer?: Layer;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outcome: 'succeeded' | 'failed' | 'unfinished';
  /** Ids of what had to be finished first; undefined where nobody says, and only time can tell. */
  readonly after?: readonly string[];
}

/** Key of the outputs that hold what each Terraform resource needs, by address without the keys of instances. */
export const TERRAFORM_DEPENDENCIES = 'terraform-dependencies';

export type ActivityStory = Pick<DrillStory, 'record' | 'layers' | 'spans' | 'outputs'>;

/**
 * The activities of a drill between two instants, each by its own source's clock, with what it had to wait for: a
 * resource for those it refers to, the installation of GitOps for the cluster, a component for the layer below. What
 * still ran at the end is cut there.
 */
export function activitiesOf(story: ActivityStory, from: string, to: string): Activity[] {
  const activities: Activity[] = [...clusterActivities(story, to)];
  const install = story.spans.find(({ kind, name }) => kind === 'build' && name === 'install-gitops');
  if (install) {
    const after = activities.map(({ id }) => id);
    activities.push({ ...ofSpan(install, to), kind: 'build', after });
  }
  for (const layer of GITOPS_LAYERS) {
    const below = layerBelow(layer)!;
    const lower = activities.filter((one) => (below === 'cluster' ? one.kind === 'build' : one.layer === below));
    activities.push(...componentActivities(story, layer, to).map((one) => barred(one, lower)));
  }
  return activities.filter(({ startedAt }) => isBefore(startedAt, to)).map((one) => clipped(one, from, to));
}

function clusterActivities(story: ActivityStory, to: string): Activity[] {
  // Data sources that are read at once take no time, so nothing waits for them.
  const resources = story.spans.filter(
    ({ kind, startedAt, finishedAt }) => kind === 'resource' && startedAt !== finishedAt,
  );
  const needs = story.outputs[TERRAFORM_DEPENDENCIES];
  const idsByBlock = new Map<string, string[]>();
  for (const { id, name } of resources) {
    const block = withoutKeys(name);
    idsByBlock.set(block, [...(idsByBlock.get(block) ?? []), id]);
  }
  return [
    ...resources.map((span): Activity => {
      const after = neededBy(span, needs)?.flatMap((block) => idsByBlock.get(block) ?? []);
      return { ...ofSpan(span, to), kind: 'resource', ...(after && { after }) };
    }),
    // EKS does not say since when its parts are active, and their resources do; only the nodes have instants of their own.
    ...timedComponents(story, 'cluster', to).filter(({ outcome }) => outcome === 'succeeded'),
  ];
}

/** The blocks that a resource needs; undefined where the state does not know it (data sources, what failed). */
function neededBy({ name }: Span, needs: Outputs | undefined): readonly string[] | undefined {
  const listed = needs?.[withoutKeys(name)];
  return Array.isArray(listed) ? listed.map(String) : undefined;
}

function componentActivities(story: ActivityStory, layer: Layer, to: string): Activity[] {
  const timed = timedComponents(story, layer, to);
  const time = story.record.layers[layer];
  if (timed.length > 0 || !time) return timed;
  // No object names an instant: the layer as a whole stands for its components.
  const { startedAt, healthyAt } = time;
  return [
    {
      id: `layer-${layer}`,
      kind: 'component',
      name: `${layer} layer`,
      layer,
      startedAt,
      finishedAt: healthyAt,
      outcome: 'succeeded',
    },
  ];
}

function timedComponents({ layers }: ActivityStory, layer: Layer, to: string): Activity[] {
  const progress = layers.find((candidate) => candidate.layer === layer);
  return (progress?.components ?? []).flatMap((component) => ofComponent(component, layer, to));
}

function ofComponent(component: ComponentReading, layer: Layer, to: string): Activity[] {
  const { name, status, startedAt, healthyAt } = component;
  const succeeded = status === 'healthy';
  if (startedAt === undefined || (succeeded && healthyAt === undefined)) return [];
  return [
    {
      id: `component-${layer}-${name}`,
      kind: 'component',
      name,
      layer,
      startedAt,
      finishedAt: latest([startedAt, succeeded ? healthyAt : to])!,
      outcome: succeeded ? 'succeeded' : status === 'failed' ? 'failed' : 'unfinished',
    },
  ];
}

/**
 * A component waits for the whole layer below. An engine may create it earlier (Flux makes all Kustomizations at once and
 * holds them back), so its work begins when the layer below is healthy; unless it was done by then and waited for nothing.
 */
function barred(component: Activity, lower: readonly Activity[]): Activity {
  const barrier = latest(lower.map(({ finishedAt }) => finishedAt));
  if (barrier === undefined || !isBefore(barrier, component.finishedAt)) return component;
  return { ...component, startedAt: latest([component.startedAt, barrier])!, after: lower.map(({ id }) => id) };
}

function ofSpan({ id, name, layer, startedAt, finishedAt, outcome }: Span, to: string): Omit<Activity, 'kind'> {
  return {
    id,
    name,
    ...(layer && { layer }),
    startedAt,
    finishedAt: finishedAt ?? to,
    outcome: outcome === 'running' ? 'unfinished' : outcome,
  };
}

function clipped(activity: Activity, from: string, to: string): Activity {
  const startedAt = latest([activity.startedAt, from])!;
  return { ...activity, startedAt, finishedAt: latest([startedAt, earliest([activity.finishedAt, to])])! };
}

function isBefore(one: string, other: string): boolean {
  return Date.parse(one) < Date.parse(other);
}
