import { mutationNamed } from './mutations';
import type { Plan } from './faults';
import { taskStates } from './places';
import { randomPlan } from './random-plan';
import { mutatedSimulation, simulateDrill, type Simulation } from './simulate-drill';
import type { SimulatedStack } from './simulated-stack';
import { briefOf, type Brief } from './summary';
import { WorkFolders } from './work-folders';

/** What a worker is told first. */
export interface Setup {
  readonly stack: SimulatedStack;
  readonly mutation?: string;
}

/** A piece of work: the plans of some seeds, or some plans. */
export interface Work {
  readonly seeds?: readonly number[];
  readonly plans?: readonly Plan[];
}

/** This program runs simulated drills for another process: a setup first, then work, each answered by a list of briefs. */
const folders = new WorkFolders();
let simulation: Simulation | undefined;
process.on('message', (message: Setup | Work) => {
  if ('stack' in message) {
    const mutation = message.mutation === undefined ? undefined : mutationNamed(message.mutation);
    simulation = mutatedSimulation(message.stack, folders, mutation);
  } else if (simulation) void work(message, simulation).then((briefs) => process.send!(briefs));
});
process.on('disconnect', () => {
  folders.close();
  process.exit(0);
});

async function work({ seeds = [], plans }: Work, simulation: Simulation): Promise<Brief[]> {
  const states = taskStates(simulation.stack.stack);
  const briefs: Brief[] = [];
  for (const plan of plans ?? seeds.map((seed) => randomPlan(seed, states))) {
    briefs.push(briefOf(await simulateDrill(plan, simulation)));
  }
  return briefs;
}
