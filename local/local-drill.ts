import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Target } from '../domain/config';
import type { Limits } from '../domain/limits';
import { drillIdOf, evidenceBucketOf, MACHINE, reportKeyOf } from '../domain/names';
import type { DrillRecord } from '../domain/record';
import { bundleSteps } from '../lib/bundle';
import type { Connection } from '../cli/connection';
import { clockFile } from './builds/clock-file';
import { Chance } from './chance';
import { createDrillClock } from './clock';
import { connectionTo } from './connect-local';
import { directEks } from './direct-host';
import { LocalCloud } from './local-cloud';
import { lockFolder } from './lock-folder';
import { PersonWhoConfirms } from './person-who-confirms';
import { bootstrapRepository } from './repository/bootstrap-repository';
import type { Scenario } from './scenarios';
import { leaveRunningNote } from './running-note';
import { mailFile } from './services/ses/mail-folder';
import { synthesise } from './synthesise';
import { WorldState } from './world/world-state';

export interface LocalDrillOptions {
  /** Everything that is kept between runs. */
  readonly directory: string;
  readonly targets: readonly Target[];
  readonly limits: Limits;
  /** Name of the target that is drilled. */
  readonly target: string;
  readonly scenario: Scenario;
  /** Drill seconds per real second at the most. */
  readonly speed: number;
  readonly seed: number;
  /** Keep the builds' working folders and the synthesised stack. */
  readonly keep: boolean;
  /** A folder, git repository or URL in place of the example. */
  readonly repository?: string;
}

/** Where the files of a drill lie, by what they are. */
type DrillFiles = Readonly<Record<string, readonly string[]>>;

/** A local account, ready to drill. */
export interface LocalDrill {
  readonly connection: Connection;
  /** Ends executions that died with an earlier process, as AWS would; @returns the drills that the guard now closes. */
  interrupt(): Promise<readonly string[]>;
  start(input: unknown): Promise<{ readonly arn: string; readonly drillId: string }>;
  /** Resolves when nothing runs any more. */
  settled(): Promise<void>;
  files(record: DrillRecord): DrillFiles;
  /** Writes what is remembered to the disk now, for a process that is about to end. */
  keepState(): void;
  cloud: LocalCloud;
  close(): Promise<void>;
}

/**
 * Synthesises the stack and opens the local account in `directory`.
 * @throws UserError when another drill runs in that folder, or the repository cannot be had.
 */
export async function openLocalDrill(options: LocalDrillOptions): Promise<LocalDrill> {
  const directory = resolve(options.directory);
  const unlock = lockFolder(directory);
  const outdir = join(directory, 'cdk.out');
  // By another process, while this one sees to the repository.
  const steps = bundleSteps(join(outdir, 'bundle'), 'outside');
  try {
    return await openIn(directory, { ...options, outdir, steps, unlock });
  } catch (error) {
    await steps.catch(() => {});
    rmSync(outdir, { recursive: true, force: true });
    unlock();
    throw error;
  }
}

interface Opening extends LocalDrillOptions {
  /** Where the stack is synthesised to. */
  readonly outdir: string;
  readonly steps: ReturnType<typeof bundleSteps>;
  readonly unlock: () => void;
}

async function openIn(directory: string, { outdir, steps, unlock, ...options }: Opening): Promise<LocalDrill> {
  const state = new WorldState(join(directory, 'world.json'));
  const { settings } = options.targets.find((target) => target.settings.name === options.target)!;
  const path = bootstrapRepository({
    directory: join(directory, 'repositories', settings.name),
    ref: settings.ref,
    edits: options.scenario.edits,
    ...(options.repository === undefined ? {} : { source: options.repository }),
  });
  const { place, stack } = synthesise({
    // What is simulated costs nothing, however often it is rehearsed.
    config: { targets: options.targets, limits: { ...options.limits, monthlyDollars: Number.MAX_SAFE_INTEGER } },
    target: settings.name,
    outdir,
    steps: await steps,
  });
  const file = clockFile(join(directory, 'clock'));
  const clock = createDrillClock({ start: startOf(state), speed: options.speed, onAdvance: (now) => remember(now) });
  const remember = (now: Date): void => {
    file.write(now);
    state.section<{ now: string }>('clock', () => ({ now: '' })).now = now.toISOString();
  };
  remember(clock.now());
  const person = PersonWhoConfirms.of(options.scenario.faults);
  const cloud = await LocalCloud.open({
    clock,
    state,
    place,
    stack,
    directory,
    chance: new Chance(options.seed),
    faults: options.scenario.faults,
    repository: { url: settings.repository, path },
    secrets: settings.requiredSecrets,
    builds: { kind: 'bash', clockFile: join(directory, 'clock'), keepFolders: options.keep },
    host: ({ kubernetes }) => ({ eks: directEks(kubernetes, clock) }),
    invoked: (entry, event) => person?.sees(entry, event),
  });
  const takeNoteAway = leaveRunningNote(directory, cloud.endpoint.url);
  const connection = connectionTo(place, clock);
  person?.attend(cloud, clock, connection);
  return {
    connection,
    cloud,
    interrupt: async () => interrupt(cloud, connection),
    start: async (input) => {
      const arn = cloud.stepFunctions.start(MACHINE.drill, input);
      return { arn, drillId: drillIdOf(settings.name, arn, cloud.stepFunctions.execution(arn).startDate) };
    },
    settled: () => cloud.settled(),
    keepState: () => state.save(),
    files: (record) => ({
      ...filesOf(directory, place, record, cloud),
      Builds: options.keep ? [join(directory, 'builds')] : [],
    }),
    close: async () => {
      await cloud.close();
      state.save();
      file.close();
      if (!options.keep)
        for (const folder of ['builds', 'cdk.out']) rmSync(join(directory, folder), { recursive: true, force: true });
      takeNoteAway();
      unlock();
    },
  };
}

/** Local drills follow each other in time: the next begins after the last one ended, but not before now. */
function startOf(state: WorldState): Date {
  const { now } = state.section<{ now: string }>('clock', () => ({ now: '' }));
  return new Date(Math.max(Date.now(), now ? Date.parse(now) + 60_000 : 0));
}

/** What was under way when the process before this one died: executions, or only the news of the end of one. */
async function interrupt({ stepFunctions }: LocalCloud, { history }: Connection): Promise<readonly string[]> {
  const open = await history.openDrills();
  if (stepFunctions.interrupted().length > 0) stepFunctions.abortInterrupted();
  else for (const { executionArn } of open) stepFunctions.tellOfEndAgain(executionArn);
  return open.map(({ drillId }) => drillId);
}

function filesOf(
  directory: string,
  { account, region }: { account: string; region: string },
  record: DrillRecord,
  cloud: LocalCloud,
): DrillFiles {
  const inBucket = (key: string): string => join(directory, 's3', evidenceBucketOf(account, region), key);
  const { target, drillId } = record;
  const report = inBucket(reportKeyOf(target, drillId, 'html'));
  return {
    Report: existsSync(report) ? [report] : [],
    Evidence: [inBucket(`drills/${target}/${drillId}/evidence`)].filter((path) => existsSync(path)),
    Mail: cloud.ses.mails
      .filter(({ messageId }) => record.mail?.messageIds.includes(messageId))
      .map((mail) => `${mailFile(join(directory, 'mail'), mail)}.html`),
  };
}
