import type { Host } from '../../adapters/host';
import { NOTED_VOLUMES } from '../../domain/inventory-scope';
import { TAG } from '../../domain/names';
import type { FaultKind, Plan } from './faults';
import type { Invariant } from './invariants';
import type { Caller, CloudHooks } from './simulated-cloud';
import type { SimulatedStack } from './simulated-stack';

/**
 * Something that keeps drills from harm, taken away, to see that the simulation notices. The product has no switch for
 * it: definitions are edited as data, and ports are stood in for.
 */
export interface Mutation {
  readonly name: string;
  readonly what: string;
  /** A drill that shows it, and the invariant that then does not hold. */
  readonly shownBy: Pick<Plan, 'scenery' | 'faults'>;
  readonly breaks: Invariant;
  /** No seed has the scenery that shows it. */
  readonly neverByChance?: true;
  stack?(stack: SimulatedStack): SimulatedStack;
  host?(host: Host, caller: Caller): Partial<Host>;
}

const at = (kind: FaultKind, machine: string, state: string) => ({ kind, machine, state, visit: 1, call: 0 });

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'guard',
    what: 'neither the rule on the end of executions nor the hourly patrol exists',
    shownBy: { scenery: {}, faults: [at('abort', 'Bootstrap', 'Read platform layer')] },
    breaks: 'one-record',
    stack: (simulated) => ({ ...simulated, stack: { ...simulated.stack, rules: [], timers: [] } }),
  },
  {
    name: 'patrol',
    what: 'the hourly patrol does not exist',
    shownBy: { scenery: {}, faults: [at('abort-unheard', 'Bootstrap', 'Read platform layer')] },
    breaks: 'one-record',
    stack: (simulated) => ({ ...simulated, stack: { ...simulated.stack, timers: [] } }),
  },
  {
    name: 'lease',
    what: 'a drill takes the lease of its target whoever holds it, and looks for no earlier drill',
    shownBy: { scenery: {}, faults: [at('second-same', 'Bootstrap', 'Read platform layer')] },
    breaks: 'one-at-a-time',
    host: ({ history }, { state }) => ({
      history: changed(history, {
        ...(state === 'Open drill' ? { lease: async () => undefined, openDrills: async () => [] } : {}),
        open: async (record, expiresAt) => {
          const held = await history.lease(record.target);
          if (held) await history.releaseLease(record.target, held.drillId);
          await history.open(record, expiresAt);
        },
      }),
    }),
  },
  {
    name: 'apply-claim',
    what: 'a second build of a drill may apply',
    shownBy: { scenery: {}, faults: [at('redrive', 'Bootstrap', 'Read platform layer')] },
    breaks: 'apply-once',
    host: ({ history }) => ({
      history: changed(history, {
        claimApply: async () => {},
        openRecord: async (drillId) => (await history.record(drillId))!,
      }),
    }),
  },
  {
    name: 'tag-proof',
    what: 'the sweep takes everything that it finds for the drill’s, whatever its tags say',
    shownBy: { scenery: { stranger: true }, faults: [] },
    breaks: 'nothing-foreign',
    host: ({ inventory }) => ({
      inventory: changed(inventory, {
        find: async (scope) => {
          const items = await inventory.find(scope);
          return items.map((item) => ({ ...item, tags: { ...item.tags, [TAG.drill]: scope.drillId } }));
        },
      }),
    }),
  },
  {
    name: 'noted-volumes',
    what: 'only Drain cluster notes the volumes of the cluster, whose API is cut off by then',
    shownBy: { scenery: { cutOff: true, untaggedVolumes: true }, faults: [] },
    breaks: 'nothing-left',
    neverByChance: true,
    host: ({ history }) => ({
      history: changed(history, {
        put: (drillId, details) =>
          history.put(
            drillId,
            details.filter((detail) => detail.type !== 'outputs' || detail.build !== NOTED_VOLUMES),
          ),
      }),
    }),
  },
  {
    name: 'catch',
    what: 'Send report of the drill has no Catch',
    shownBy: { scenery: {}, faults: [at('mail-refused', 'Drill', 'Judge drill')] },
    breaks: 'red-if-red',
    stack: (simulated) => editState(simulated, 'cluster-drill', 'Send report', ({ Catch: _catch, ...state }) => state),
  },
  {
    name: 'red-end',
    what: 'the end of a failed drill is green',
    shownBy: { scenery: { sick: 'metrics' }, faults: [] },
    breaks: 'red-if-red',
    stack: (simulated) => editState(simulated, 'cluster-drill', 'Drill failed', () => ({ Type: 'Succeed' })),
  },
];

/** @throws Error for a name that is none. */
export function mutationNamed(name: string): Mutation {
  const mutation = MUTATIONS.find((candidate) => candidate.name === name);
  if (mutation) return mutation;
  throw new Error(`there is no mutation "${name}"; there are ${MUTATIONS.map((each) => each.name).join(', ')}`);
}

/** Hooks whose hosts are changed by a mutation before the faults come. */
export function mutatedHooks(hooks: CloudHooks, mutation: Mutation | undefined): CloudHooks {
  if (!mutation?.host) return hooks;
  const change = mutation.host.bind(mutation);
  const host: NonNullable<CloudHooks['host']> = (given, caller) => {
    const mutated = { ...given, ...change(given, caller) };
    return hooks.host?.(mutated, caller) ?? mutated;
  };
  return new Proxy(hooks, {
    get(target, name) {
      if (name === 'host') return host;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** A port with some of its methods replaced. */
function changed<Port extends object>(port: Port, methods: Partial<Port>): Port {
  return Object.assign(Object.create(port) as Port, methods);
}

type StateFields = Readonly<Record<string, unknown>>;

function editState(
  simulated: SimulatedStack,
  machine: string,
  name: string,
  edit: (state: StateFields) => StateFields,
): SimulatedStack {
  const machines = simulated.stack.machines.map((each) => {
    if (each.name !== machine) return each;
    const states = each.definition['States'] as Readonly<Record<string, StateFields>>;
    return { ...each, definition: { ...each.definition, States: { ...states, [name]: edit(states[name]!) } } };
  });
  return { ...simulated, stack: { ...simulated.stack, machines } };
}
