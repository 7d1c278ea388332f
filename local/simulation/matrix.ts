import { LAYERS } from '../../domain/layers';
import { reasonAgainst } from './applicable';
import { FAULT_KINDS, type FaultKind, type Place, type Plan, type PlannedFault } from './faults';

/** One combination of a task state and a fault. */
export interface Combination extends Place {
  readonly kind: FaultKind;
  /** The drill that has this fault at this state; undefined where that cannot be. */
  readonly plan?: Plan;
  /** Why it cannot be. */
  readonly reason?: string;
}

/** Every task state times every fault. */
export function combinations(states: readonly Place[]): readonly Combination[] {
  return states.flatMap((place) =>
    FAULT_KINDS.map((kind): Combination => {
      const reason = reasonAgainst(kind, place);
      if (reason !== undefined) return { ...place, kind, reason };
      const lead = leadTo(place);
      const fault = { ...place, kind, visit: 1, call: callFor(kind, place) };
      return {
        ...place,
        kind,
        plan: { seed: 1, scenery: lead.scenery ?? {}, faults: [...(lead.faults ?? []), fault] },
      };
    }),
  );
}

type Lead = Partial<Pick<Plan, 'scenery' | 'faults'>>;

/** What must have gone wrong before, for a drill to come to a state. */
function leadTo({ machine, state }: Place): Lead {
  const layer = LAYERS.find((each) => state === `Await manual step of the ${each} layer`);
  if (layer) return { scenery: { manualStep: layer } };
  const own = LEADS[`${machine}: ${state}`];
  return own ?? {};
}

const failsAt = (machine: string, state: string, visit = 1): PlannedFault => ({
  kind: 'api-error',
  machine,
  state,
  visit,
  call: 0,
});
const aborted: PlannedFault = { kind: 'abort', machine: 'Bootstrap', state: 'Install GitOps', visit: 1, call: 0 };
const mailRefusedAt = (machine: string): PlannedFault => ({
  kind: 'mail-refused',
  machine,
  state: 'Judge drill',
  visit: 1,
  call: 0,
});

const LEADS: Readonly<Record<string, Lead>> = {
  'Drill: Note failed readiness': { faults: [failsAt('Drill', 'Check readiness')] },
  'Drill: Note failure': { faults: [failsAt('Bootstrap', 'Install GitOps')] },
  'Drill: Note failed teardown': { scenery: { stuck: 'ec2:vpc' } },
  'Drill: Note unsent report': { faults: [mailRefusedAt('Drill')] },
  'Teardown: Note running builds': { faults: [failsAt('Teardown', 'Stop running builds')] },
  'Teardown: Note failed drain': { faults: [1, 2].map((visit) => failsAt('Teardown', 'Drain cluster', visit)) },
  'Teardown: Note failed destroy': { faults: [1, 2].map((visit) => failsAt('Teardown', 'Destroy cluster', visit)) },
  'Teardown: Note failed search': { faults: [failsAt('Teardown', 'Find leaks')] },
  'Teardown: Note failed sweep': { faults: [failsAt('Teardown', 'Sweep leaks')] },
  'Teardown: Judge drill': { faults: [aborted] },
  'Teardown: Send report': { faults: [aborted] },
  'Teardown: Note unsent report': { faults: [aborted, mailRefusedAt('Teardown')] },
};

/** In the middle of what a state does, where it does anything by itself. */
function callFor(kind: FaultKind, { state }: Place): number {
  switch (kind) {
    case 'api-error':
    case 'throttling':
      return state === 'Bootstrap cluster' || state === 'Tear down cluster' ? 0 : 1;
    case 'timeout':
    case 'crash':
      return 1;
    case 'killed':
    case 'half-made':
    case 'half-destroyed':
      return 4;
    default:
      return 0;
  }
}
