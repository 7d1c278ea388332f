import { confirmStep } from '../adapters/confirm-step';
import type { Host } from '../adapters/host';
import type { DrillClock } from './clock';
import type { LocalCloud } from './local-cloud';
import type { Fault } from './scenarios';

const WHO = 'somebody@example.com';

/** The person of the fault `person-confirms`: confirms every manual step some time after being asked for it. */
export class PersonWhoConfirms {
  private act: ((drillId: string, step: string) => void) | undefined;

  private constructor(private readonly afterSeconds: number) {}

  /** Undefined when the scenario has nobody who confirms. */
  static of(faults: readonly Fault[]): PersonWhoConfirms | undefined {
    const fault = faults.find((candidate) => candidate.kind === 'person-confirms');
    return fault && new PersonWhoConfirms(fault.afterSeconds);
  }

  attend(cloud: LocalCloud, clock: DrillClock, host: Pick<Host, 'executions' | 'history'>): void {
    this.act = (drillId, name) => {
      const at = new Date(clock.now().getTime() + this.afterSeconds * 1000);
      clock.alarm(at, () =>
        cloud.deliver(async () => {
          const step = (await host.history.story(drillId))?.manualSteps.find((candidate) => candidate.name === name);
          if (step?.status === 'waiting') await confirmStep(host, drillId, step, WHO);
        }),
      );
    };
  }

  /** Sees the requests go out: the Lambda *Await manual step* has asked. */
  sees(entry: string, event: unknown): void {
    if (entry !== 'await-manual-step') return;
    const { drillId, manualStep } = event as { drillId: string; manualStep: string };
    this.act?.(drillId, manualStep);
  }
}
