import { processTerminal } from '../../cli/terminal';
import { watchDrill } from '../../cli/watch-drill';
import { killedApply, lateKilledApply, stoppedApply } from './broken-apply';
import { checkLine, type Check } from './check';
import { Lab, type StartedDrill, type Watch } from './lab';
import { exampleProviderVersion, findTools, thisMachine } from './tools';
import { recordStreams } from './record-streams';
import { wholeDrill } from './whole-drill';

type Act = (lab: Lab, watch: Watch) => Promise<readonly Check[]>;

/** By the name that they are asked for. */
const ACTS: Readonly<Record<string, Act>> = {
  whole: wholeDrill,
  killed: killedApply,
  'killed-late': lateKilledApply,
  stopped: stoppedApply,
  record: recordStreams,
};
/** Those that are played when none is asked for. The late kill takes half an hour, recording changes files. */
const USUAL = ['whole', 'killed', 'stopped'];

/** Each act takes one to six minutes on two cores, the late kill up to thirty. */
const LONGEST_MINUTES = 45;

/** 0: everything was shown; 1: something was not; 2: a mistake in the call; 3: nothing was tried, as tools are missing. */
const EXIT = { shown: 0, failed: 1, mistake: 2, skipped: 3, interrupted: 130 } as const;

/** `npm run lab -- [whole] [killed] [killed-late] [stopped] [record]`: drills with the real Terraform and AWS provider against moto. */
async function main(asked: readonly string[]): Promise<number> {
  const names = asked.length > 0 ? asked : USUAL;
  const unknown = names.filter((name) => !ACTS[name]);
  if (unknown.length > 0) {
    say(`The lab has no act "${unknown.join('", "')}"; it has ${Object.keys(ACTS).join(', ')}.`);
    return EXIT.mistake;
  }
  const found = findTools(thisMachine, exampleProviderVersion());
  if ('missing' in found) {
    for (const sentence of found.missing) say(sentence);
    say('Skipped: the lab has tried nothing.');
    return EXIT.skipped;
  }
  const { tools } = found;
  say(`Terraform ${tools.terraformVersion}, provider from ${tools.providerMirror}, moto as the AWS account`);
  // A key of the account is one more kind of resource to remove.
  const lab = await Lab.open({ tools, variables: { encrypt_secrets: true } });
  const leave = (code: number): void => void lab.close().finally(() => process.exit(code));
  process.once('SIGINT', () => leave(EXIT.interrupted));
  const limit = setTimeout(() => {
    say(`The lab is given up after ${LONGEST_MINUTES} minutes.`);
    leave(EXIT.failed);
  }, LONGEST_MINUTES * 60_000);
  try {
    const checks: Check[] = [];
    for (const name of names) checks.push(...(await play(lab, name)));
    const failed = checks.filter(({ holds }) => !holds);
    say(`\n${checks.length} checks, ${failed.length} failed`);
    for (const each of failed) say(checkLine(each));
    return failed.length === 0 ? EXIT.shown : EXIT.failed;
  } finally {
    clearTimeout(limit);
    await lab.close();
  }
}

async function play(lab: Lab, name: string): Promise<readonly Check[]> {
  say(`\n${name}`);
  const checks = await ACTS[name]!(lab, (started) => watch(lab, started));
  for (const each of checks) say(checkLine(each));
  return checks;
}

/** Plain lines, as in a log: the lab is for reading afterwards. */
function watch({ connection }: Lab, { arn, drillId }: StartedDrill): Promise<unknown> {
  const over = async (): Promise<boolean> => (await connection.executions.execution(arn))?.status !== 'RUNNING';
  return watchDrill({ ...connection, drillId, over }, { ...processTerminal(), live: false });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    say(`The lab itself failed: ${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = EXIT.failed;
  },
);
