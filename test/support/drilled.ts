import pc from 'picocolors';
import { reportEnd } from '../../cli/report-end';
import { reportKeyOf } from '../../domain/names';
import type { DrillStory } from '../../domain/record';
import type { ExecutionRecord } from '../../local/services/execution-record';
import type { SentMail } from '../../local/services/ses/sent-mail';
import { WholeDrill, type WholeDrillOptions } from '../../local/whole-drill';

/** A drill to run. */
export interface DrillRequest extends WholeDrillOptions {
  readonly name: string;
  /** Input of the execution. */
  readonly input?: unknown;
}

/** What a drill left, as a test asserts it. */
export interface DrillOutcome {
  readonly story: DrillStory;
  readonly execution: ExecutionRecord;
  /** ARNs of what exists afterwards. */
  readonly leftovers: readonly string[];
  readonly mails: readonly SentMail[];
  readonly isLeaseFree: boolean;
  readonly openDrills: number;
  /** The stored JSON report. */
  readonly report: unknown;
  /** What `drill run` ends with. */
  readonly end: { readonly exitCode: number; readonly printed: string };
}

/** Runs drills one after the other and returns their outcomes by name. */
export async function drilled(requests: readonly DrillRequest[]): Promise<Readonly<Record<string, DrillOutcome>>> {
  const outcomes: Record<string, DrillOutcome> = {};
  for (const { name, input, ...options } of requests) outcomes[name] = await drill(options, input);
  return outcomes;
}

async function drill(options: WholeDrillOptions, input: unknown): Promise<DrillOutcome> {
  const whole = await WholeDrill.open(options);
  try {
    const { story, execution } = await whole.run(input);
    const { history, evidence } = whole.connection;
    const { target, drillId } = story.record;
    return {
      story,
      execution,
      leftovers: whole.leftovers(),
      mails: whole.mails,
      isLeaseFree: (await history.lease(target)) === undefined,
      openDrills: (await history.openDrills()).length,
      report: JSON.parse((await evidence.get(reportKeyOf(target, drillId, 'json'))) ?? '{}') as unknown,
      end: await endOf(whole, story),
    };
  } finally {
    await whole.close();
  }
}

/** Ends a drill as the command line does. */
async function endOf({ connection: { history } }: WholeDrill, story: DrillStory): Promise<DrillOutcome['end']> {
  let printed = '';
  const print = (text: string): void => {
    printed += text;
  };
  const terminal = { out: print, err: print, live: false, columns: 100, colours: pc.createColors(false) };
  const exitCode = await reportEnd({ story, execution: undefined, history }, { output: 'table' }, terminal);
  return { exitCode, printed };
}
