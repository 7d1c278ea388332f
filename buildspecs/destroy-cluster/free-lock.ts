import { lockKeyOf, stateUseKeyOf } from '../../domain/names';
import type { Build } from '../../domain/ports/builds';
import type { DrillRecord } from '../../domain/record';
import { possibleOwners, standingOf, stateLockOf, type StateLock, type StateUse } from '../../domain/terraform-lock';
import { BuildFailure } from '../build-account';
import type { StepHost } from '../build-step';
import type { StatePlace, Terraform } from '../terraform';

/** Half of the build's two hours: what holds the lock is another destroy, or an apply that was told to stop. */
const PATIENCE_MILLISECONDS = 60 * 60_000;
const PAUSE_MILLISECONDS = 30_000;
/** Another teardown may release the same lock at the same time, so a release that fails is no failure yet. */
const MOST_RELEASES = 3;

/**
 * Waits until nobody holds the lock of the drill's state. A stale lock is released, a live one waited for, and one that
 * no build of the drill has taken is left alone.
 * @param released is told, in one sentence, of a lock that was released.
 * @throws BuildFailure when the lock stays.
 */
export async function freeLock(
  terraform: Terraform,
  host: StepHost,
  record: DrillRecord,
  state: StatePlace,
  released: (sentence: string) => Promise<void>,
): Promise<void> {
  const deadline = host.clock.now().getTime() + PATIENCE_MILLISECONDS;
  let releases = 0;
  for (;;) {
    const lock = await readLock(host, record, state);
    if (!lock) return;
    const now = host.clock.now();
    const owners = await ownersOf(lock, host, record, state);
    const { standing, reason } = standingOf(lock, owners, state.buildId, now.toISOString());
    const isOver = now.getTime() >= deadline || releases === MOST_RELEASES;
    if (standing === 'unknown' || isOver) throw lockStays(lock, reason);
    if (standing === 'stale') {
      releases += 1;
      const refusal = await terraform.forceUnlock(lock.id);
      if (refusal === undefined)
        await released(`The lock ${lock.id} of the state, held ${reason}, was released by force`);
      else host.log(`the lock ${lock.id} was not released: ${refusal}`);
      continue;
    }
    host.log(`the state is locked ${reason}; waiting for it`);
    await host.clock.sleep(PAUSE_MILLISECONDS, host.signal);
  }
}

function lockStays({ id }: StateLock, reason: string): BuildFailure {
  return new BuildFailure(
    'teardown',
    `The state is locked ${reason}; see that its Terraform has ended, release the lock ${id} by "terraform force-unlock", then tear down again`,
  );
}

async function readLock(
  { objects }: StepHost,
  { target, drillId }: DrillRecord,
  { bucket }: StatePlace,
): Promise<StateLock | undefined> {
  const text = await objects(bucket).get(lockKeyOf(target, drillId));
  return text === undefined ? undefined : stateLockOf(text);
}

/** The builds that may have taken the lock, as CodeBuild knows them now. */
async function ownersOf(
  lock: StateLock,
  { objects, builds }: StepHost,
  { target, drillId }: DrillRecord,
  { bucket }: StatePlace,
): Promise<ReadonlyMap<string, Build | undefined>> {
  const store = objects(bucket);
  const uses: StateUse[] = [];
  for (const key of await store.list(stateUseKeyOf(target, drillId))) {
    const text = await store.get(key);
    if (text !== undefined) uses.push(JSON.parse(text) as StateUse);
  }
  const owners = new Map<string, Build | undefined>();
  for (const { buildId } of possibleOwners(lock, uses)) owners.set(buildId, await builds.build(buildId));
  return owners;
}
