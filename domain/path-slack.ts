import type { Activity } from './activities';
import { latest, secondsBetween } from './clock';
import type { Layer } from './layers';

/** How much later something could have been finished without making the drill longer. */
export interface Slack {
  readonly kind: 'resource' | 'component';
  readonly name: string;
  readonly layer?: Layer;
  readonly seconds: number;
}

type SlackInTime = Slack & Pick<Activity, 'startedAt' | 'finishedAt'>;

/**
 * The slack of every activity that is not on the path, the least first. A component may last as long as its layer; a
 * resource until the first of those that need it would have to begin later. Resources whose dependencies nobody knows
 * have none that could be told.
 */
export function slackOf(activities: readonly Activity[], path: readonly Activity[]): SlackInTime[] {
  return [...resourceSlack(activities), ...componentSlack(activities)]
    .filter(({ activity }) => !path.includes(activity))
    .map(({ activity: { kind, name, layer, startedAt, finishedAt }, seconds }) => ({
      kind: kind as Slack['kind'],
      name,
      ...(layer && { layer }),
      seconds,
      startedAt,
      finishedAt,
    }))
    .toSorted((one, other) => one.seconds - other.seconds || one.name.localeCompare(other.name));
}

interface Found {
  readonly activity: Activity;
  readonly seconds: number;
}

function componentSlack(activities: readonly Activity[]): Found[] {
  const components = activities.filter(({ kind, outcome }) => kind === 'component' && outcome === 'succeeded');
  return components.map((activity) => {
    const ends = activities.filter(({ layer }) => layer === activity.layer).map(({ finishedAt }) => finishedAt);
    return { activity, seconds: secondsBetween(activity.finishedAt, latest(ends)!) };
  });
}

/** From the last to the first: what begins later is known before what it needs. */
function resourceSlack(activities: readonly Activity[]): Found[] {
  const resources = activities
    .filter(({ kind, after }) => kind === 'resource' && after !== undefined)
    .toSorted((one, other) => Date.parse(other.startedAt) - Date.parse(one.startedAt));
  const end = Date.parse(latest(resources.map(({ finishedAt }) => finishedAt)) ?? '');
  const latestEnds = new Map<string, number>();
  return resources.map((activity) => {
    const latestEnd = latestEnds.get(activity.id) ?? end;
    const latestStart = latestEnd - (Date.parse(activity.finishedAt) - Date.parse(activity.startedAt));
    for (const id of activity.after ?? []) latestEnds.set(id, Math.min(latestEnds.get(id) ?? end, latestStart));
    return { activity, seconds: (latestEnd - Date.parse(activity.finishedAt)) / 1000 };
  });
}
