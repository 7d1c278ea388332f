import { readFileSync } from 'node:fs';
import { loadConfig, type Config, type Target } from '../domain/config';
import { UserError } from '../domain/errors';
import { nearest } from '../domain/nearest';
import type { DrillStory } from '../domain/record';
import { connectAws, type Connection } from './connection';
import type { Terminal } from './terminal';

/** Options that every command has. */
export interface GlobalOptions {
  readonly config: string;
  readonly local: boolean;
  readonly stateDir: string;
  readonly output: 'table' | 'json';
}

/** What a command works with. */
export interface CommandContext {
  readonly options: GlobalOptions;
  readonly terminal: Terminal;
}

/** @throws UserError when the file is missing or wrong. */
export function readConfig(file: string): Config {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code}); stand in the folder of your drill.yaml, or name it with --config FILE.`,
    );
  }
  return loadConfig(text, file);
}

/** A target by name, or the default one. @throws UserError when there is none of that name. */
export function targetOf(config: Config, name: string | undefined): Target {
  const target = name === undefined ? config.targets[0] : config.targets.find(({ settings }) => settings.name === name);
  if (target) return target;
  const names = config.targets.map(({ settings }) => settings.name);
  const near = nearest(name!, names);
  throw new UserError(
    `There is no target "${name}"; ${near ? `did you mean "${near}"?` : `the configuration has ${names.join(', ')}.`}`,
  );
}

/** @throws UserError for a command that needs a drill which is running: a local one lives as long as its own command. */
export function refuseLocal({ local }: GlobalOptions, command: string): void {
  if (local)
    throw new UserError(
      `A local drill lives as long as its own command, so there is nothing to ${command}; use "drill run", which shows it, and "drill show --local" afterwards.`,
    );
}

/**
 * What of this machine's drills a command needs with --local: their `history`, the simulated `account` that they left,
 * or the drill that is `running` in another process.
 */
export type LocalPart = 'history' | 'account' | 'running';

/** Connects to AWS, or with --local to the drills of this machine, for the time of `work`. */
export async function connected<Result>(
  { options }: CommandContext,
  target: Target,
  work: (connection: Connection) => Promise<Result>,
  part: LocalPart = 'history',
): Promise<Result> {
  const connection = options.local ? await connectLocal(options, target, part) : await connectAws(target.settings);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** The local endpoint is loaded only when asked for: commands against AWS start faster without it. */
async function connectLocal({ stateDir }: GlobalOptions, { settings }: Target, part: LocalPart): Promise<Connection> {
  if (part === 'account') return (await import('../local/connect-account')).connectAccount(stateDir, settings);
  // The process of a drill that runs has the history open, and nobody else can open it meanwhile.
  const running = await (await import('../local/connect-running')).connectRunning(stateDir, settings);
  if (running) return running;
  if (part === 'running')
    throw new UserError(
      `No drill is running on this machine (in ${stateDir}); what an interrupted one left, the next "drill run" tears down.`,
    );
  return (await import('../local/connect-local')).connectLocal(stateDir, settings);
}

/**
 * A drill with everything in it, by id or, without one, the newest of the target.
 * @throws UserError when there is none.
 */
export async function drillOf(
  { history }: Connection,
  target: Target,
  drillId: string | undefined,
): Promise<DrillStory> {
  const id = drillId ?? (await history.drillsOf(target.settings.name, { limit: 1 })).records[0]?.drillId;
  if (id === undefined)
    throw new UserError(
      `Target ${target.settings.name} has no drills yet; start one with "drill run" or "drill start".`,
    );
  const story = await history.story(id);
  if (!story) throw new UserError(`There is no drill "${id}"; "drill history" lists those there are.`);
  return story;
}
