import { isTransient, UserError } from '../../domain/errors';
import type { DrillRecord, DrillStory } from '../../domain/record';
import { connected, drillOf, readConfig, targetOf, type CommandContext } from '../command-context';
import type { Connection } from '../connection';
import { reportEnd } from '../report-end';
import { watchDrill, type Watching } from '../watch-drill';

export interface StopOptions {
  readonly target?: string;
  readonly by: string;
  readonly watch: boolean;
}

/**
 * `drill stop [drill]`: ends a running drill. Its execution is stopped with the cause; the guard, which that wakes, tears
 * the drill down and closes it. @returns 0, with --watch only when nothing is left in the end.
 */
export async function stopCommand(
  context: CommandContext,
  drillId: string | undefined,
  { target: name, by, watch }: StopOptions,
): Promise<number> {
  const target = targetOf(readConfig(context.options.config), name);
  return connected(
    context,
    target,
    async (connection) => {
      const id = drillId ?? (await openDrillOf(connection, target.settings.name));
      const { record } = await drillOf(connection, target, id);
      if (record.status === 'closed') {
        throw new UserError(
          `Drill ${record.drillId} has ended already, at ${record.closedAt}; there is nothing to stop.`,
        );
      }
      context.terminal.err(`${await stop(connection, record, by)}\n`);
      return watch ? watchToTheEnd(context, connection, record) : 0;
    },
    'running',
  );
}

/** @throws UserError when no drill of the target is open. */
async function openDrillOf({ history }: Connection, target: string): Promise<string> {
  const open = (await history.openDrills()).filter((record) => record.target === target);
  const newest = open.at(-1);
  if (!newest) throw new UserError(`No drill of target ${target} is running; there is nothing to stop.`);
  return newest.drillId;
}

/** Stops the execution and says what happens next; one that has ended by itself is left to the guard as well. */
async function stop({ executions }: Connection, record: DrillRecord, by: string): Promise<string> {
  const { drillId, executionArn } = record;
  const status = (await executions.execution(executionArn))?.status ?? 'gone';
  if (status !== 'RUNNING') {
    return `The execution of drill ${drillId} is ${status} already; the guard tears the drill down and closes it.`;
  }
  await executions.stop(executionArn, `${by} ended it with "drill stop"`);
  return `Drill ${drillId} was stopped; the guard tears it down and closes it.`;
}

async function watchToTheEnd(
  { options, terminal }: CommandContext,
  connection: Connection,
  { drillId }: DrillRecord,
): Promise<number> {
  const quiet = options.output === 'json' ? { ...terminal, live: false, out: () => {} } : terminal;
  const story = await watchDrill({ ...connection, ...untilItsProcessEnds(connection, options.local), drillId }, quiet);
  // A local drill is reported in its own terminal, whose process takes the history with it.
  if (options.local) terminal.err(`${endOf(drillId, story)}\n`);
  else await reportEnd({ story, execution: undefined, history: connection.history }, options, terminal);
  return story?.record.teardown?.outcome === 'nothing-left' ? 0 : 1;
}

/** A local drill ends together with its process: then the last reading is what can be told. */
function untilItsProcessEnds({ history }: Connection, isLocal: boolean): Pick<Watching, 'history' | 'over'> {
  let last: DrillStory | undefined;
  let isOver = false;
  const story = async (drillId: string): Promise<DrillStory | undefined> => {
    try {
      last = await history.story(drillId);
    } catch (error) {
      if (!isLocal || !isTransient(error)) throw error;
      isOver = true;
    }
    return last;
  };
  return { history: { story }, over: async () => isOver };
}

function endOf(drillId: string, story: DrillStory | undefined): string {
  const outcome = story?.record.teardown?.outcome;
  if (outcome === 'nothing-left') return `Drill ${drillId} is torn down; nothing is left.`;
  return outcome === undefined
    ? `Drill ${drillId} ended before it was torn down; the next "drill run" does it.`
    : `Drill ${drillId} is torn down, and something is left; "drill show --local ${drillId}" lists what.`;
}
