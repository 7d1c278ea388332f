import type { Build } from './ports/builds';
import type { TerraformDiagnostic } from './terraform-events';

/**
 * The lock of a Terraform state, as it stands in `<key>.tflock` beside the state (`LockInfo` of Terraform's
 * internal/states/statemgr/locker.go): who took it, and when by the clock of that machine.
 */
export interface StateLock {
  readonly id: string;
  /** `user@machine`. */
  readonly who: string;
  readonly createdAt: string;
}

/** One build that has used the state: noted before it runs Terraform, because a killed one cannot say so any more. */
export interface StateUse {
  readonly buildId: string;
  /** Name of the machine that the build runs on, as in the `Who` of its locks. */
  readonly machine: string;
  /** By the machine's own clock, as in the `Created` of its locks. */
  readonly since: string;
}

/** Whether an error says that the state is locked. */
export function isLocked({ summary }: Pick<TerraformDiagnostic, 'summary'>): boolean {
  return summary.includes('Error acquiring the state lock');
}

/** Reads a lock file; undefined when it is none that Terraform wrote. */
export function stateLockOf(text: string): StateLock | undefined {
  try {
    const { ID, Who, Created } = JSON.parse(text) as { ID?: unknown; Who?: unknown; Created?: unknown };
    if (typeof ID !== 'string' || ID === '' || typeof Created !== 'string') return undefined;
    return { id: ID, who: typeof Who === 'string' ? Who : '', createdAt: new Date(Created).toISOString() };
  } catch {
    return undefined;
  }
}

/**
 * The uses that may have taken a lock: of the machine that it names, begun before it. They are several only where
 * builds share a machine.
 */
export function possibleOwners({ who, createdAt }: StateLock, uses: readonly StateUse[]): readonly StateUse[] {
  const machine = who.split('@').at(-1);
  return uses.filter((use) => use.machine === machine && Date.parse(use.since) <= Date.parse(createdAt));
}

/** How a lock stands: `stale` when its owner is provably gone, `live` when it may still work, `unknown` otherwise. */
export interface LockStanding {
  readonly standing: 'stale' | 'live' | 'unknown';
  /** One clause that continues "the state is locked", such as `by build …, which runs`. */
  readonly reason: string;
}

/**
 * CodeBuild may call a stopped build ended while its container is still given time to end; Terraform then still saves
 * its state and releases the lock by itself.
 */
const ENDED_FOR_MILLISECONDS = 120_000;

/**
 * Judges a lock. Stale it is only when every build that may have taken it has ended, by CodeBuild's word; a lock of
 * anybody else is never broken.
 * @param owners the builds that may own it, as CodeBuild knows them now; undefined for one that it does not know.
 * @param self the build that asks: it runs no Terraform while it asks, so a lock of its own is of one that was killed.
 */
export function standingOf(
  lock: StateLock,
  owners: ReadonlyMap<string, Build | undefined>,
  self: string | undefined,
  now: string,
): LockStanding {
  const others = [...owners].filter(([id]) => id !== self);
  const unknown = others.find(([, build]) => build === undefined)?.[0];
  const live = others.find(([, build]) => build !== undefined && mayWork(build, now))?.[0];
  if (live !== undefined) return { standing: 'live', reason: `by build ${live}, which still runs` };
  if (owners.size === 0) {
    return {
      standing: 'unknown',
      reason: `by ${lock.who || 'somebody'} since ${lock.createdAt}, who is no build of it`,
    };
  }
  if (unknown !== undefined) {
    return { standing: 'unknown', reason: `by build ${unknown}, of which CodeBuild knows nothing` };
  }
  return { standing: 'stale', reason: `by build ${[...owners.keys()].join(' or ')}, which has ended` };
}

function mayWork({ status, finishedAt }: Build, now: string): boolean {
  if (status === 'IN_PROGRESS') return true;
  return finishedAt !== undefined && Date.parse(now) - Date.parse(finishedAt) < ENDED_FOR_MILLISECONDS;
}
