import { Command, InvalidArgumentError, Option } from 'commander';
import { userInfo } from 'node:os';
import { REF } from '../domain/drill-input';
import { UserError } from '../domain/errors';
import { nearest } from '../domain/nearest';
import { scenarioLines } from '../local/scenarios';
import type { CommandContext, GlobalOptions } from './command-context';
import { confirmCommand } from './commands/confirm';
import { historyCommand } from './commands/history';
import { reportCommand } from './commands/report';
import { runCommand, type RunOptions } from './commands/run';
import { showCommand } from './commands/show';
import { startCommand } from './commands/start';
import { stopCommand, type StopOptions } from './commands/stop';
import { sweepCommand } from './commands/sweep';
import { watchCommand } from './commands/watch';
import type { Terminal } from './terminal';

const DEFAULT_SPEED = 50_000;

/** The command line. `exit` is told the code of a command that has one. */
export function createProgram(terminal: Terminal, exit: (code: number) => void): Command {
  const program = new Command('drill')
    .description(
      'Proves that a Kubernetes platform on AWS can be rebuilt from nothing.\n\n' +
        '"drill run" rehearses on this machine. The other commands talk to the deployment in AWS; with --local, history, show, report and sweep work on the drills of this machine, and stop ends the one that runs in another terminal.\n\n' +
        'In a checkout, "drill" stands for "npm run drill --".',
    )
    .option('--config <file>', 'the configuration', 'drill.yaml')
    .option('--local', 'the drills of this machine instead of AWS', false)
    .option('--state-dir <folder>', 'where local drills keep history, reports and mail', '.drill')
    .addOption(new Option('--output <form>', 'how to print').choices(['table', 'json']).default('table'))
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride()
    .showHelpAfterError('(drill --help says more)');
  const context = (): CommandContext => ({ options: program.opts<GlobalOptions>(), terminal });
  addRun(program, context, exit);
  addAwsCommands(program, context, exit);
  addEnding(program, context, exit);
  addQueries(program, context);
  return program;
}

type Add = (program: Command, context: () => CommandContext, exit: (code: number) => void) => void;

const addRun: Add = (program, context, exit) => {
  program
    .command('run', { isDefault: true })
    .description(
      'run a whole drill on this machine: real state machines, handlers and builds, simulated infrastructure',
    )
    .option('--scenario <name>', 'what happens (see below)', 'healthy')
    .option('--repository <path or URL>', 'drill this bootstrap repository instead of examples/bootstrap')
    .option('--target <name>', 'a target of the configuration; by default the first')
    .option('--ref <ref>', 'branch, tag or full commit; by default the target’s', reference)
    .option('--speed <factor>', 'drill seconds per real second at the most', positive, DEFAULT_SPEED)
    .option('--seed <number>', 'another seed gives other durations of the simulated parts', whole, 1)
    .option('--keep', 'keep the working folders of the builds', false)
    .addHelpText(
      'after',
      `\nScenarios:\n${scenarioLines()}\n\nExit code: 0 for a passed drill, 1 for every other end, 2 for a mistake in the call.`,
    )
    .allowExcessArguments()
    .action(async (options: RunOptions, { args }: Command) => {
      // As run is the default, a misspelt command arrives here as its argument.
      if (args[0] !== undefined) throw unknownCommand(args[0], program);
      exit(await runCommand(context(), options));
    });
};

function unknownCommand(name: string, program: Command): UserError {
  const near = nearest(
    name,
    program.commands.map((command) => command.name()),
  );
  return new UserError(
    `There is no command "${name}"; ${near ? `did you mean "${near}"?` : '"drill --help" lists them.'}`,
  );
}

const addAwsCommands: Add = (program, context, exit) => {
  program
    .command('start')
    .description('start a drill in AWS, as the schedule does')
    .option('--target <name>', 'a target of the configuration; by default the first')
    .option('--ref <ref>', 'branch, tag or full commit; by default the target’s', reference)
    .option('--watch', 'stay until it has ended; the exit code is then its verdict', false)
    .action(async (options: { target?: string; ref?: string; watch: boolean }) =>
      exit(await startCommand(context(), options)),
    );
  program
    .command('watch [drill]')
    .description('show a running drill until it ends; by default the newest')
    .option('--target <name>', 'whose newest drill; by default the first target’s')
    .action(async (drillId: string | undefined, options: { target?: string }) =>
      exit(await watchCommand(context(), drillId, options)),
    );
  program
    .command('confirm <drill> <step>')
    .description('say that a declared manual step is done, so that the waiting drill goes on')
    .option('--by <name>', 'who did it', userInfo().username)
    .option('--target <name>', 'the target, when it is not the first')
    .action((drillId: string, step: string, options: { by: string; target?: string }) =>
      confirmCommand(context(), drillId, step, options),
    );
};

const addEnding: Add = (program, context, exit) => {
  program
    .command('stop [drill]')
    .description('end a running drill; the guard tears it down and closes it; by default the newest open one')
    .option('--target <name>', 'whose drill; by default the first target’s')
    .option('--by <name>', 'who stops it, for the execution’s cause', userInfo().username)
    .option('--watch', 'stay until it is torn down; the exit code is then 0 only if nothing is left', false)
    .action(async (drillId: string | undefined, options: StopOptions) =>
      exit(await stopCommand(context(), drillId, options)),
    );
  program
    .command('sweep [drill]')
    .description('delete what a drill left behind, against the three proofs; by default of the newest drill')
    .option('--target <name>', 'whose newest drill; by default the first target’s')
    .option(
      '--dry-run',
      'only print the plan: each resource, why it is the drill’s, what it costs, what stops it',
      false,
    )
    .addHelpText(
      'after',
      '\nDeletes only in the account of the target, only what is proven to be the drill’s, and only while no other drill holds the lease.\nExit code: 0 when nothing is left (with --dry-run: nothing that may not be deleted), otherwise 1.',
    )
    .action(async (drillId: string | undefined, options: { target?: string; dryRun: boolean }) =>
      exit(await sweepCommand(context(), drillId, options)),
    );
};

const addQueries: (program: Command, context: () => CommandContext) => void = (program, context) => {
  program
    .command('history [target]')
    .description('list drills, newest first')
    .option('--limit <count>', 'how many', count, 20)
    .option('--after <cursor>', 'the next page')
    .option('--quarter <quarter>', 'all drills of all targets in a quarter such as 2026Q4')
    .action((target: string | undefined, options: { limit: number; after?: string; quarter?: string }) =>
      historyCommand(context(), target, options),
    );
  program
    .command('show [drill]')
    .description('show one drill with everything in it; by default the newest')
    .option('--target <name>', 'whose newest drill; by default the first target’s')
    .action((drillId: string | undefined, options: { target?: string }) => showCommand(context(), drillId, options));
  program
    .command('report [drill]')
    .description('print the stored report; by default of the newest drill')
    .option('--target <name>', 'whose newest drill; by default the first target’s')
    .option('--format <format>', 'html, md or json; by default md, and json with --output json')
    .option('--save <file>', 'write it to a file')
    .action((drillId: string | undefined, options: { target?: string; format?: string; save?: string }) =>
      reportCommand(context(), drillId, options),
    );
};

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Write a whole number.');
  return value;
}

function count(text: string): number {
  const value = whole(text);
  if (value === 0) throw new InvalidArgumentError('Write a number above 0.');
  return value;
}

function reference(text: string): string {
  if (!REF.test(text)) throw new InvalidArgumentError('Write a branch, a tag or a full commit SHA.');
  return text;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('Write a number above 0.');
  return value;
}
