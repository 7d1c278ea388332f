import { MUTATIONS } from '../../local/simulation/mutations';
import { taskStates } from '../../local/simulation/places';
import { randomPlan } from '../../local/simulation/random-plan';
import { mutatedSimulation, simulateDrill, type Outcome } from '../../local/simulation/simulate-drill';
import { simulatedStack } from '../../local/simulation/simulated-stack';
import { WorkFolders } from '../../local/simulation/work-folders';

/** What the simulation of some seeds, and of every mutation, came to. */
export interface SimulatedDrills {
  readonly outcomes: readonly Outcome[];
  /** The first seed once more. */
  readonly again: Outcome;
  /** By the mutation's name; first as it is, then with the mutation. */
  readonly mutations: Readonly<Record<string, { readonly before: Outcome; readonly after: Outcome }>>;
}

/**
 * Simulates drills in one warm process and prints their outcomes as JSON: Jest runs the same drills more slowly, and CDK
 * is loaded once.
 */
async function work(seeds: readonly number[]): Promise<SimulatedDrills> {
  const stack = simulatedStack();
  const folders = new WorkFolders();
  const plain = mutatedSimulation(stack, folders);
  const plans = seeds.map((seed) => randomPlan(seed, taskStates(stack.stack)));
  const outcomes: Outcome[] = [];
  for (const plan of plans) outcomes.push(await simulateDrill(plan, plain));
  const again = await simulateDrill(plans[0]!, plain);
  const mutations: Record<string, { before: Outcome; after: Outcome }> = {};
  for (const mutation of MUTATIONS) {
    const plan = { seed: 0, ...mutation.shownBy };
    const before = await simulateDrill(plan, plain);
    const after = await simulateDrill(plan, mutatedSimulation(stack, folders, mutation));
    mutations[mutation.name] = { before, after };
  }
  folders.close();
  return { outcomes, again, mutations };
}

void work(JSON.parse(process.argv[2] ?? '[]') as number[]).then((drills) =>
  process.stdout.write(JSON.stringify(drills)),
);
