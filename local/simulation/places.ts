import { MACHINE } from '../../domain/names';
import type { DrillTemplate } from '../template';
import type { Place } from './faults';

/** The machines by the names that the story calls them. */
const NAMES: Readonly<Record<string, string>> = {
  [MACHINE.drill]: 'Drill',
  [MACHINE.bootstrap]: 'Bootstrap',
  [MACHINE.teardown]: 'Teardown',
};

/** `Drill` for an ARN of the machine or of one of its executions. */
export function machineOf(arn: string): string {
  const name = arn.split(':')[6] ?? '';
  return NAMES[name] ?? name;
}

/** Every task state of the three machines, in the order of their definitions. */
export function taskStates({ machines }: Pick<DrillTemplate, 'machines'>): readonly Place[] {
  return machines
    .toSorted((a, b) => Object.keys(NAMES).indexOf(a.name) - Object.keys(NAMES).indexOf(b.name))
    .flatMap(({ arn, definition }) =>
      Object.entries(definition['States'] as Readonly<Record<string, { Type: string }>>)
        .filter(([, { Type }]) => Type === 'Task')
        .map(([state]) => ({ machine: machineOf(arn), state })),
    );
}
