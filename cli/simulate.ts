import { Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../domain/errors';
import { runBatch } from '../local/simulation/batch';
import { INVARIANTS } from '../local/simulation/invariants';
import { combinations } from '../local/simulation/matrix';
import { MUTATIONS, mutationNamed } from '../local/simulation/mutations';
import { taskStates } from '../local/simulation/places';
import { randomPlan } from '../local/simulation/random-plan';
import { mutatedSimulation, simulateDrill, type Outcome } from '../local/simulation/simulate-drill';
import { simulatedStack } from '../local/simulation/simulated-stack';
import type { Brief } from '../local/simulation/summary';
import { WorkFolders } from '../local/simulation/work-folders';
import { batchLines, matrixLines, planLines, storyLines } from './simulation-lines';

interface Options {
  readonly seed: number;
  readonly drills: number;
  readonly matrix: boolean;
  readonly story?: number;
  readonly mutate?: string;
  readonly mutations: boolean;
}

/** How many seeds one piece of work has: some tenths of a second. */
const PIECE = 20;
/** How many seeds are tried at most until a mutation is noticed. */
const MUTATION_SEEDS = 2000;

/** The command line of the fault simulation. @returns the exit code: 1 when an invariant did not hold. */
export async function simulate(argv: readonly string[], out: (text: string) => void): Promise<number> {
  const program = new Command('simulate')
    .description(
      'Simulates drills in which something goes wrong, and checks after each that nothing of it is left, that nothing\nelse was touched and that it told what happened. docs/simulation.md says how.',
    )
    .option('--seed <number>', 'the first seed', whole, 1)
    .option('--drills <count>', 'how many seeds', whole, 1000)
    .option('--matrix', 'every task state times every fault, as a table', false)
    .option('--story <seed>', 'tell the drill of one seed', whole)
    .option('--mutate <name>', `take something away: ${MUTATIONS.map(({ name }) => name).join(', ')}`)
    .option('--mutations', 'take each of them away and show that it is noticed', false)
    .addHelpText(
      'after',
      `\nInvariants:\n${Object.values(INVARIANTS)
        .map((text) => `  ${text}`)
        .join('\n')}`,
    )
    .exitOverride();
  try {
    program.parse(argv);
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  try {
    const options = program.opts<Options>();
    if (options.matrix) return await showMatrix(out);
    if (options.mutations) return await showMutations(options, out);
    if (options.story !== undefined) return await tellStory(options.story, options.mutate, out);
    return await showBatch(options, out);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 2;
  }
}

async function showBatch({ seed, drills, mutate }: Options, out: (text: string) => void): Promise<number> {
  const stack = simulatedStack();
  const briefs: Brief[] = [];
  const started = performance.now();
  const seeds = Array.from({ length: drills }, (_, index) => seed + index);
  const work = Array.from({ length: Math.ceil(drills / PIECE) }, (_, index) => ({
    seeds: seeds.slice(index * PIECE, (index + 1) * PIECE),
  }));
  let told = 0;
  await runBatch({
    stack,
    work,
    ...(mutate === undefined ? {} : { mutation: mutationNamed(mutate).name }),
    done: (some) => {
      briefs.push(...some);
      const tenth = Math.floor((briefs.length * 10) / drills);
      if (tenth > told) process.stderr.write(`${briefs.length} of ${drills} drills\n`);
      told = tenth;
    },
  });
  out(batchLines(briefs, (performance.now() - started) / 1000).join('\n'));
  return briefs.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

async function showMatrix(out: (text: string) => void): Promise<number> {
  const stack = simulatedStack();
  const all = combinations(taskStates(stack.stack));
  const possible = all.filter(({ plan }) => plan !== undefined);
  const briefs = new Map<string, Brief>();
  // The seed names the combination in what comes back.
  const plans = possible.map(({ plan }, index) => ({ ...plan!, seed: index + 1 }));
  const work = Array.from({ length: Math.ceil(plans.length / PIECE) }, (_, index) => ({
    plans: plans.slice(index * PIECE, (index + 1) * PIECE),
  }));
  const keyOf = (index: number): string =>
    `${possible[index]!.machine}: ${possible[index]!.state}: ${possible[index]!.kind}`;
  await runBatch({
    stack,
    work,
    done: (some) => some.forEach((brief) => briefs.set(keyOf(brief.seed - 1), brief)),
  });
  const { lines, isGood } = matrixLines(all, briefs);
  out(lines.join('\n'));
  return isGood ? 0 : 1;
}

async function tellStory(seed: number, mutate: string | undefined, out: (text: string) => void): Promise<number> {
  const stack = simulatedStack();
  const folders = new WorkFolders();
  const mutation = mutate === undefined ? undefined : mutationNamed(mutate);
  const plan = randomPlan(seed, taskStates(stack.stack));
  const outcome = await simulateDrill(plan, mutatedSimulation(stack, folders, mutation));
  folders.close();
  out(storyLines(outcome).join('\n'));
  return outcome.violations.length > 0 ? 1 : 0;
}

/** Takes each safeguard away: first the drill that is made to show it, then seeds until one notices. */
async function showMutations({ seed }: Options, out: (text: string) => void): Promise<number> {
  const stack = simulatedStack();
  const folders = new WorkFolders();
  const states = taskStates(stack.stack);
  let unnoticed = 0;
  for (const mutation of MUTATIONS) {
    const simulation = mutatedSimulation(stack, folders, mutation);
    const made = await simulateDrill({ seed: 0, ...mutation.shownBy }, simulation);
    const shown = made.violations.find(({ invariant }) => invariant === mutation.breaks);
    const last = mutation.neverByChance ? seed : seed + MUTATION_SEEDS;
    let found: Outcome | undefined;
    for (let next = seed; !found && next < last; next += 1) {
      const drill = await simulateDrill(randomPlan(next, states), simulation);
      if (drill.violations.length > 0) found = drill;
    }
    if (!shown) unnoticed += 1;
    out(`${mutation.name}: ${mutation.what}`);
    out(`  made for it: ${planLines(made.plan).join('; ')}`);
    out(`    ${shown ? `${shown.invariant}: ${shown.sentence}` : 'NOT NOTICED'}`);
    const [violation] = found?.violations ?? [];
    out(
      found && violation
        ? `  seed ${found.plan.seed}: ${violation.invariant}: ${violation.sentence}`
        : '  no seed noticed it',
    );
  }
  folders.close();
  return unnoticed > 0 ? 1 : 0;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Write a whole number.');
  return value;
}
