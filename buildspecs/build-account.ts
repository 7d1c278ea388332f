import { messageOf } from '../domain/errors';
import type { Layer } from '../domain/layers';
import { keepLease, keepLeaseIfHeld } from '../domain/lease';
import { buildConsoleUrl, evidenceKeyOf, type BuildName } from '../domain/names';
import type { History } from '../domain/ports/history';
import type { Cause, DrillRecord } from '../domain/record';
import type { StepHost } from './build-step';

/** A failure that a step can name itself: what caused it and one sentence for the report. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure';
  constructor(
    readonly failureCause: Cause,
    sentence: string,
    options?: ErrorOptions,
  ) {
    super(sentence, options);
  }
}

/** What a step's work is given to keep pieces of evidence with. */
export interface BuildAccount {
  /** Stores a piece under the drill's evidence; a failure of the build names it. @returns its key. */
  keep(name: string, body: string, contentType: string): Promise<string>;
}

/**
 * Runs the work of a build and books it on the drill: its time as a span, and when it throws, the failure with its
 * cause, sentence and evidence. The error is thrown again, so that the build itself ends red. Nothing is done without
 * a first heartbeat, and nothing more when a later one finds the lease lost.
 * @param about the cause of whatever is not a `BuildFailure`, and the layer that the build makes.
 */
export async function accountForBuild(
  build: BuildName,
  { clock, history, evidence, log, pulse, signal }: StepHost,
  record: DrillRecord,
  about: { readonly cause: Cause; readonly layer?: Layer; readonly buildId?: string | undefined },
  work: (account: BuildAccount) => Promise<void>,
): Promise<void> {
  const { drillId, target, settings } = record;
  const span = { id: `build-${build}`, kind: 'build' as const, name: build, startedAt: clock.now().toISOString() };
  const kept: string[] = [];
  const keep: BuildAccount['keep'] = async (name, body, contentType) => {
    const key = evidenceKeyOf(target, drillId, `${build}/${name}`);
    await evidence.put(key, body, contentType);
    kept.push(key);
    return key;
  };
  const end = async (outcome: 'succeeded' | 'failed', detail?: string): Promise<void> => {
    const finishedAt = clock.now().toISOString();
    await history.put(drillId, [
      { type: 'span', item: { ...span, finishedAt, outcome, ...(detail === undefined ? {} : { detail }) } },
    ]);
  };

  await history.put(drillId, [{ type: 'span', item: { ...span, outcome: 'running' } }]);
  try {
    await pulse.begin(() => keepHold(record, about.cause === 'teardown', history, clock.now()));
    await work({ keep });
  } catch (caught) {
    await pulse.end();
    // What stopped the step says more than how it took being stopped.
    const error = pulse.lost ?? caught;
    const cause = causeOf(error, about.cause, signal);
    await history.putFailureOnce(drillId, {
      where: build,
      cause,
      sentence: messageOf(error),
      at: clock.now().toISOString(),
      evidence: kept,
      ...(about.layer ? { layer: about.layer } : {}),
      ...(about.buildId === undefined
        ? {}
        : { consoleUrl: buildConsoleUrl(settings.region, settings.account, about.buildId) }),
    });
    await end('failed', messageOf(error));
    log(`${build} failed (${cause})`);
    throw error;
  }
  await pulse.end();
  await end('succeeded');
}

/** A heartbeat: what builds must hold the lease, what tears down must not do so beside another drill of the target. */
function keepHold(record: DrillRecord, tearsDown: boolean, history: History, now: Date): Promise<void> {
  return tearsDown ? keepLeaseIfHeld(record, history, now) : keepLease(record, history, now);
}

function causeOf(error: unknown, otherwise: Cause, signal: AbortSignal): Cause {
  if (signal.aborted) return 'interrupted';
  return error instanceof BuildFailure ? error.failureCause : otherwise;
}
