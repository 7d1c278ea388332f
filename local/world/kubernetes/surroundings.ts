import type { Clock } from '../../../domain/clock';
import type { Chance } from '../../chance';
import type { Fault } from '../../scenarios';
import type { AwsResources } from '../aws-resources';
import type { Renderer } from './gitops/render-source';

/** What a simulated cluster needs of the world around it. */
export interface Surroundings extends Renderer {
  readonly clock: Clock;
  readonly aws: AwsResources;
  readonly chance: Chance;
  readonly faults: readonly Fault[];
}

/** How many times as long a component takes, by the scenario's faults. */
export function slowness(faults: readonly Fault[], names: readonly string[]): number {
  return faults.reduce(
    (factor, fault) =>
      fault.kind === 'component-slow' && names.includes(fault.component) ? factor * fault.factor : factor,
    1,
  );
}

/**
 * How many seconds after its pods are placed somebody unseals a fresh Vault, which runs and is not ready until then: the
 * person who confirms manual steps does it (undefined without one). A Vault that unseals itself is not simulated.
 */
export function unsealedAfter(faults: readonly Fault[]): number | undefined {
  return faults.find((fault) => fault.kind === 'person-confirms')?.afterSeconds;
}

/** Whether the pods of a component crash for ever, by the scenario's faults. */
export function crashes(faults: readonly Fault[], names: readonly string[]): boolean {
  return faults.some((fault) => fault.kind === 'component-crashes' && names.includes(fault.component));
}
