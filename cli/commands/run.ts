import { UserError } from '../../domain/errors';
import { nearest } from '../../domain/nearest';
import type { DrillStory } from '../../domain/record';
import { readConfig, targetOf, type CommandContext } from '../command-context';
import { reportEnd } from '../report-end';
import type { Terminal } from '../terminal';
import { watchDrill } from '../watch-drill';
import type { LocalDrill } from '../../local/local-drill';

export interface RunOptions {
  readonly target?: string;
  readonly ref?: string;
  readonly scenario: string;
  readonly repository?: string;
  readonly speed: number;
  readonly seed: number;
  readonly keep: boolean;
}

/** `drill run`: a whole drill on this machine. Drills that were interrupted earlier are closed and torn down first. */
export async function runCommand(context: CommandContext, options: RunOptions): Promise<number> {
  const config = readConfig(context.options.config);
  const target = targetOf(config, options.target);
  const { openLocalDrill } = await import('../../local/local-drill');
  const { SCENARIOS } = await import('../../local/scenarios');
  const names = Object.keys(SCENARIOS);
  if (!names.includes(options.scenario)) throw unknownScenario(options.scenario, names);
  const local = await openLocalDrill({
    directory: context.options.stateDir,
    targets: config.targets,
    limits: config.limits,
    target: target.settings.name,
    scenario: SCENARIOS[options.scenario]!,
    speed: options.speed,
    seed: options.seed,
    keep: options.keep,
    ...(options.repository === undefined ? {} : { repository: options.repository }),
  });
  quietForJson(context.options.output, context.terminal).out(
    `${options.repository ?? 'examples/bootstrap'} stands in for ${target.settings.repository}\n`,
  );
  process.once('SIGINT', () => leave(local, context));
  try {
    await closeInterrupted(local, context);
    return await drill(local, target.settings.name, options.ref, context);
  } finally {
    await local.close();
  }
}

/** Ctrl-C: leaves at once, as a killed drill does, and says what becomes of the drill. 130 is 128 + SIGINT. */
function leave(local: LocalDrill, { terminal }: CommandContext): void {
  local.keepState();
  terminal.err('\nInterrupted. The next "drill run" tears this drill down and closes it as aborted.\n');
  process.exit(130);
}

async function drill(
  local: LocalDrill,
  target: string,
  ref: string | undefined,
  { options, terminal }: CommandContext,
): Promise<number> {
  const { history, executions } = local.connection;
  const quiet = quietForJson(options.output, terminal);
  const began = performance.now();
  const { arn, drillId } = await local.start({ target, ...(ref === undefined ? {} : { ref }) });
  const story = await watchUntilSettled(local, drillId, quiet);
  const seconds = (performance.now() - began) / 1000;
  const last = (await history.story(drillId)) ?? story;
  const execution = await executions.execution(arn);
  const files = last ? local.files(last.record) : {};
  const code = await reportEnd({ story: last, execution, history }, options, terminal, files);
  quiet.out(`On this machine the drill took ${seconds.toFixed(1)} s.\n`);
  return code;
}

/** The guard closes what an earlier run left open; it is shown like any drill, but decides nothing about this one. */
async function closeInterrupted(local: LocalDrill, { options, terminal }: CommandContext): Promise<void> {
  const { history } = local.connection;
  const quiet = quietForJson(options.output, terminal);
  for (const drillId of await local.interrupt()) {
    quiet.out(`Drill ${drillId} was interrupted; the guard tears it down and closes it.\n`);
    const story = await watchUntilSettled(local, drillId, quiet);
    if (!story) continue;
    await reportEnd({ story, execution: undefined, history }, { output: 'table' }, quiet, local.files(story.record));
  }
}

/** A drill that "drill stop" ends from another terminal is shown, too, until the guard has closed it. */
async function watchUntilSettled(
  local: LocalDrill,
  drillId: string,
  terminal: Terminal,
): Promise<DrillStory | undefined> {
  let isSettled = false;
  const settled = local.settled().then(() => (isSettled = true));
  const story = await watchDrill({ ...local.connection, drillId, over: async () => isSettled, settled }, terminal);
  await settled;
  return story;
}

/** With --output json, standard output carries the JSON alone. */
function quietForJson(output: string, terminal: Terminal): Terminal {
  return output === 'json' ? { ...terminal, live: false, out: () => {} } : terminal;
}

function unknownScenario(name: string, names: readonly string[]): UserError {
  const near = nearest(name, names);
  return new UserError(
    `There is no scenario "${name}"; ${near ? `did you mean "${near}"?` : `choose one of ${names.join(', ')}.`}`,
  );
}
