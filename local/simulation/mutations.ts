import type { CloudHooks, SimulatedCloud } from './simulated-cloud';
import type { SimulatedStack } from './simulated-stack';

/** Something that keeps drills from harm, taken away, to see that the simulation notices. */
export interface Mutation {
  readonly name: string;
  stack?(stack: SimulatedStack): SimulatedStack;
  hooks?(hooks: CloudHooks, cloud: () => SimulatedCloud): CloudHooks;
}
