import type { Host } from '../adapters/host';
import { handler as awaitManualStep } from '../lambdas/await-manual-step/handler';
import { handler as checkQuarter } from '../lambdas/check-quarter/handler';
import { handler as findLeaks } from '../lambdas/find-leaks/handler';
import { handler as guardDrill } from '../lambdas/guard-drill/handler';
import { handler as judgeDrill } from '../lambdas/judge-drill/handler';
import type { LambdaEntry } from '../lambdas/lambda-entry';
import { handler as noteFailure } from '../lambdas/note-failure/handler';
import { handler as openDrill } from '../lambdas/open-drill/handler';
import { handler as patrolDrills } from '../lambdas/patrol-drills/handler';
import { handler as readLayerHealth } from '../lambdas/read-layer-health/handler';
import { handler as sendReport } from '../lambdas/send-report/handler';
import { handler as stopBuilds } from '../lambdas/stop-builds/handler';
import { handler as sweepLeaks } from '../lambdas/sweep-leaks/handler';
import type { TemplateFunction } from './template';

/** The handlers that are deployed, by folder. */
const ENTRIES: Readonly<Record<string, LambdaEntry<unknown>>> = {
  'await-manual-step': awaitManualStep,
  'check-quarter': checkQuarter,
  'find-leaks': findLeaks,
  'guard-drill': guardDrill,
  'judge-drill': judgeDrill,
  'note-failure': noteFailure,
  'open-drill': openDrill,
  'patrol-drills': patrolDrills,
  'read-layer-health': readLayerHealth,
  'send-report': sendReport,
  'stop-builds': stopBuilds,
  'sweep-leaks': sweepLeaks,
};

/** Lambda: invokes the handlers of the synthesised functions in this process, each with its own environment. */
export class Lambdas {
  constructor(
    private readonly functions: readonly TemplateFunction[],
    /** What replaces parts of the real host: the drill's clock. */
    private readonly host: Partial<Host>,
    /** Told after each invocation that succeeded. */
    private readonly invoked: (entry: string, event: unknown) => void = () => {},
  ) {}

  /** The folder of `lambdas/` that a function runs; undefined when the stack has no such function. */
  entryOf(arn: string): string | undefined {
    return this.find(arn)?.entry;
  }

  /**
   * Invokes a function with an event; its answer is what JSON leaves of it, as Lambda's is.
   * @param host what this invocation uses instead of the host that all have.
   */
  async invoke(arn: string, event: unknown, host: Partial<Host> = this.host): Promise<unknown> {
    const found = this.find(arn);
    const handler = found && ENTRIES[found.entry];
    if (!found || !handler) throw new Error(`The synthesised stack has no function ${arn} with a handler here`);
    const answer = await handler.run(JSON.parse(JSON.stringify(event)), found.environment, host);
    this.invoked(found.entry, event);
    return answer === undefined ? null : (JSON.parse(JSON.stringify(answer)) as unknown);
  }

  private find(arn: string): TemplateFunction | undefined {
    return this.functions.find((candidate) => candidate.arn === arn || arn.startsWith(`${candidate.arn}:`));
  }
}
