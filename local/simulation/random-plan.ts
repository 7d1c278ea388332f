import { GITOPS_LAYERS, LAYERS } from '../../domain/layers';
import { Chance } from '../chance';
import { reasonAgainst } from './applicable';
import { FAULT_KINDS, type FaultKind, type Place, type Plan, type PlannedFault, type Scenery } from './faults';
import { COMPONENTS } from './platform-objects';

/** Faults of calls: they happen at one of the first calls that a state makes. */
const OF_CALLS: ReadonlySet<FaultKind> = new Set(['api-error', 'throttling', 'timeout', 'crash']);
const ABORTS: ReadonlySet<FaultKind> = new Set(['abort', 'abort-unheard', 'abort-heard-twice', 'redrive']);
const MOST_CALLS = 14;
const RESOURCES = 8;
/** What makes a teardown fail costs as much as five drills; ten thousand seeds still have a hundred and more of each. */
const RARE = 0.0125;

/** The Lambdas of the guard, which are invoked by no state. */
const GUARD_PLACES: readonly Place[] = [
  { machine: 'Guard', state: 'guard-drill' },
  { machine: 'Guard', state: 'patrol-drills' },
];

/** What happens in the drill of a seed: one to three faults, and a scenery in which not everything is right. */
export function randomPlan(seed: number, states: readonly Place[]): Plan {
  const chance = new Chance(seed);
  const places = [...states, ...GUARD_PLACES];
  const roll = chance.of('how many');
  const count = roll < 0.5 ? 1 : roll < 0.8 ? 2 : 3;
  const faults = Array.from({ length: count }, (_, index) => randomFault(chance, `fault ${index}`, places));
  return { seed, scenery: randomScenery(chance, faults), faults };
}

function randomFault(chance: Chance, name: string, places: readonly Place[]): PlannedFault {
  const kind = pick(chance, `${name} kind`, FAULT_KINDS);
  const { machine, state } = pick(
    chance,
    `${name} place`,
    places.filter((place) => reasonAgainst(kind, place) === undefined),
  );
  return { kind, machine, state, visit: chance.of(`${name} visit`) < 0.8 ? 1 : 2, call: callOf(kind, chance, name) };
}

function callOf(kind: FaultKind, chance: Chance, name: string): number {
  const roll = chance.of(`${name} call`);
  if (OF_CALLS.has(kind)) return Math.floor(roll * MOST_CALLS) + (kind === 'crash' || kind === 'timeout' ? 1 : 0);
  if (ABORTS.has(kind)) return roll < 0.5 ? 0 : Math.ceil(roll * MOST_CALLS);
  if (kind === 'killed' || kind === 'half-made' || kind === 'half-destroyed') return 1 + Math.floor(roll * RESOURCES);
  return 0;
}

function randomScenery(chance: Chance, faults: readonly PlannedFault[]): Scenery {
  const awaited = faults.find(({ state }) => state.startsWith('Await manual step'));
  const layer = LAYERS.find((candidate) => awaited?.state.includes(candidate));
  const happens = (what: string, odds: number): boolean => chance.of(what) < odds;
  return {
    ...(layer || happens('manual step', 0.04)
      ? { manualStep: layer ?? pick(chance, 'manual layer', GITOPS_LAYERS) }
      : {}),
    ...(happens('sick', 0.04) ? { sick: pick(chance, 'sick component', COMPONENTS).name } : {}),
    ...(happens('volumes stay', 0.02) ? { volumesStay: true } : {}),
    ...(happens('untagged', 0.1) ? { untaggedVolumes: true } : {}),
    ...(happens('controllers gone', RARE) ? { controllersGone: true } : {}),
    ...(happens('log group', 0.1) ? { logGroupComesBack: true } : {}),
    ...(happens('stranger', RARE) ? { stranger: true } : {}),
    ...(happens('borrowed', 0.05) ? { borrowedVolume: true } : {}),
    ...(happens('stuck', RARE) ? { stuck: pick(chance, 'stuck type', STUCK) } : {}),
  };
}

const STUCK = ['ec2:natgateway', 'ec2:vpc', 'elasticloadbalancing:loadbalancer', 'ec2:volume'];

function pick<Item>(chance: Chance, name: string, items: readonly Item[]): Item {
  return items[Math.floor(chance.of(name) * items.length)]!;
}
