import { activitiesOf, type Activity, type ActivityStory } from './activities';
import { earliest, latest, secondsBetween } from './clock';
import type { Layer } from './layers';
import { slackOf, type Slack } from './path-slack';
import type { DrillStory, ManualStep } from './record';

/** One piece of the critical path. The pieces follow each other without a gap from the drill's beginning to its end. */
export interface PathStep {
  /** `waiting` is a gap in which nothing of the drill worked that we know of; `human` a wait for a person. */
  readonly kind: Activity['kind'] | 'human' | 'waiting';
  readonly name: string;
  readonly layer?: Layer;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
  /** Its part of the whole time, 0 to 1. */
  readonly share: number;
  readonly outcome: Activity['outcome'];
  /** What ran beside it with the least slack: so much can be gained here, and then that one determines the time. */
  readonly next?: { readonly name: string; readonly seconds: number };
}

/** What determined how long a drill took. */
export interface CriticalPath {
  readonly seconds: number;
  /** Whether it leads to healthy applications; otherwise it leads to what broke the drill. */
  readonly complete: boolean;
  readonly steps: readonly PathStep[];
  /** What was not on the path, the least slack first. */
  readonly slack: readonly Slack[];
}

export type PathStory = ActivityStory & Pick<DrillStory, 'manualSteps' | 'failures'>;

/** Kubernetes writes whole seconds, and an engine needs a moment: what is apart by no more follows at once. */
const ROUNDING_SECONDS = 2;

/** Heading of the report's section about the critical path; `complete` as in `CriticalPath`. */
export function pathTitle(complete: boolean): string {
  return complete ? 'What determined the time' : 'What the time went to until it broke';
}

/**
 * The chain of activities that determined the time from the first event of `terraform apply` to healthy applications, or
 * to the first failure. It is found from its end: before each activity stands the one that it waited for last. Undefined
 * when nothing was built.
 */
export function criticalPathOf(story: PathStory): CriticalPath | undefined {
  const { record, failures } = story;
  const from = record.bootstrapStartedAt;
  const healthyAt = record.layers.applications?.healthyAt;
  const to = healthyAt ?? earliest(failures.map(({ at }) => at));
  if (from === undefined || to === undefined || secondsBetween(from, to) <= 0) return undefined;
  const activities = activitiesOf(story, from, to);
  const complete = healthyAt !== undefined;
  const last = complete ? activities.toSorted(byEnd)[0] : brokenBy(activities);
  if (!last) return undefined;
  const chain = chainTo(last, activities);
  const slack = slackOf(activities, chain);
  const pieces = withPeople(piecesOf(chain, from, to), story.manualSteps, { from, to });
  const seconds = secondsBetween(from, to);
  return {
    seconds,
    complete,
    steps: pieces.map((piece) => withShare(piece, seconds, slack)),
    slack: slack.map(({ startedAt: _startedAt, finishedAt: _finishedAt, ...rest }) => rest),
  };
}

type Piece = Omit<PathStep, 'seconds' | 'share' | 'next'>;

/** What broke the drill, otherwise what was finished last; among equals what took longest. */
function brokenBy(activities: readonly Activity[]): Activity | undefined {
  return activities.toSorted((one, other) => WEIGHT[one.outcome] - WEIGHT[other.outcome] || byEnd(one, other))[0];
}

const WEIGHT = { failed: 0, unfinished: 1, succeeded: 2 } as const;

function byEnd(one: Activity, other: Activity): number {
  return (
    Date.parse(other.finishedAt) - Date.parse(one.finishedAt) || Date.parse(one.startedAt) - Date.parse(other.startedAt)
  );
}

function chainTo(last: Activity, activities: readonly Activity[]): Activity[] {
  const chain = [last];
  for (;;) {
    const before = predecessorOf(chain[0]!, activities, chain);
    if (!before) return chain;
    chain.unshift(before);
  }
}

/**
 * What an activity waited for last. It begins when the last thing that it needs is finished; where nobody says what that
 * is, and among the components of a layer, whatever was finished last before it began is taken for it.
 */
function predecessorOf(
  activity: Activity,
  activities: readonly Activity[],
  chain: readonly Activity[],
): Activity | undefined {
  const { after, kind, layer, startedAt } = activity;
  return activities
    .filter((one) => !chain.includes(one) && secondsBetween(startedAt, one.finishedAt) <= ROUNDING_SECONDS)
    .filter((one) => !after || after.includes(one.id) || (kind === 'component' && one.layer === layer))
    .toSorted(byEnd)[0];
}

/** The chain as pieces without gaps: what lies between two activities is waiting for the second. */
function piecesOf(chain: readonly Activity[], from: string, to: string): Piece[] {
  const pieces: Piece[] = [];
  let cursor = from;
  const wait = (until: string, name: string): void => {
    if (secondsBetween(cursor, until) <= ROUNDING_SECONDS) return;
    pieces.push({ kind: 'waiting', name, startedAt: cursor, finishedAt: until, outcome: 'succeeded' });
    cursor = until;
  };
  for (const { kind, name, layer, outcome, startedAt, finishedAt } of chain) {
    wait(startedAt, `until ${name} began`);
    const end = latest([cursor, finishedAt])!;
    pieces.push({ kind, name, ...(layer && { layer }), startedAt: cursor, finishedAt: end, outcome });
    cursor = end;
  }
  // Only a drill that failed ends after its last activity: by its deadline, or because its cause lies elsewhere.
  wait(to, 'until the drill gave up');
  return pieces.filter(({ startedAt, finishedAt }) => startedAt !== finishedAt);
}

/** Cuts out what the drill waited for people, as the times of the layers do (`domain/timing.ts`). */
function withPeople(
  pieces: readonly Piece[],
  steps: readonly ManualStep[],
  whole: { readonly from: string; readonly to: string },
): Piece[] {
  let cut = [...pieces];
  for (const wait of waitsFor(steps, whole)) cut = cut.flatMap((piece) => cutBy(piece, wait));
  return joined(cut);
}

/** The waits for people in order, those that overlap as one. */
function waitsFor(steps: readonly ManualStep[], { from, to }: { readonly from: string; readonly to: string }): Piece[] {
  const waits = steps
    .filter(({ requestedAt }) => requestedAt !== undefined)
    .map(({ name, layer, status, requestedAt, confirmedAt }): Piece => ({
      kind: 'human',
      name,
      layer,
      startedAt: latest([from, requestedAt])!,
      finishedAt: earliest([to, confirmedAt])!,
      outcome: status === 'confirmed' ? 'succeeded' : 'unfinished',
    }))
    .toSorted((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt));
  const merged: Piece[] = [];
  for (const wait of waits) {
    const before = merged.at(-1);
    if (!before || secondsBetween(before.finishedAt, wait.startedAt) > 0) merged.push(wait);
    else {
      const finishedAt = latest([before.finishedAt, wait.finishedAt])!;
      merged.splice(-1, 1, { ...before, name: `${before.name}, ${wait.name}`, finishedAt });
    }
  }
  return merged;
}

function cutBy(piece: Piece, wait: Piece): Piece[] {
  const startedAt = latest([piece.startedAt, wait.startedAt])!;
  const finishedAt = earliest([piece.finishedAt, wait.finishedAt])!;
  if (piece.kind === 'human' || secondsBetween(startedAt, finishedAt) <= 0) return [piece];
  return [
    { ...piece, finishedAt: startedAt },
    { ...wait, startedAt, finishedAt },
    { ...piece, startedAt: finishedAt },
  ].filter((part) => secondsBetween(part.startedAt, part.finishedAt) > 0);
}

/** A wait for people that several pieces lie in is one piece. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const before = result.at(-1);
    if (before?.kind === 'human' && piece.kind === 'human' && before.name === piece.name)
      result.splice(-1, 1, { ...before, finishedAt: piece.finishedAt });
    else result.push(piece);
  }
  return result;
}

function withShare(piece: Piece, total: number, slack: readonly (Slack & Stretch)[]): PathStep {
  const seconds = secondsBetween(piece.startedAt, piece.finishedAt);
  const beside = slack.find(
    (one) =>
      one.kind === piece.kind &&
      one.layer === piece.layer &&
      secondsBetween(piece.startedAt, one.finishedAt) > 0 &&
      secondsBetween(one.startedAt, piece.finishedAt) > 0,
  );
  return {
    ...piece,
    seconds,
    share: seconds / total,
    ...(beside && { next: { name: beside.name, seconds: beside.seconds } }),
  };
}

type Stretch = Pick<Activity, 'startedAt' | 'finishedAt'>;
