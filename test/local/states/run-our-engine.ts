import { createDrillClock, type DrillClock } from '../../../local/clock';
import { StepFunctions } from '../../../local/services/step-functions';
import { WorldState } from '../../../local/world/world-state';
import type { Answer, Case, Ending } from './cases';

export interface OurRun {
  readonly ending: Ending;
  readonly cause: string | undefined;
  readonly seconds: number;
  readonly events: readonly string[];
}

/** Runs a case on our interpreter, on a clock that jumps. */
export async function runOurEngine({ definition, input, tasks = {} }: Case): Promise<OurRun> {
  const clock = createDrillClock({ start: new Date('2026-10-05T06:00:00Z'), speed: 'unpaced' });
  const stepFunctions = new StepFunctions({
    clock,
    state: new WorldState(),
    region: 'eu-central-1',
    account: '000000000000',
    machines: [{ name: 'case', definition }],
    tasks: { lambda: answersOf(tasks, clock), startBuild: () => Promise.reject(new Error('no case builds')) },
  });
  const arn = stepFunctions.start('case', input ?? {});
  const record = await stepFunctions.done(arn);
  return {
    ending:
      record.status === 'SUCCEEDED'
        ? { status: 'SUCCEEDED', output: JSON.parse(record.output ?? '') }
        : {
            status: record.status === 'TIMED_OUT' ? 'TIMED_OUT' : 'FAILED',
            ...(record.error === undefined ? {} : { error: record.error }),
          },
    cause: record.cause,
    seconds: (Date.parse(record.stopDate ?? '') - Date.parse(record.startDate)) / 1000,
    events: stepFunctions.historyOf(arn)!.events.map(({ type }) => type),
  };
}

/** Cases name one function per task: `work` for the state `Work`. */
function answersOf(tasks: NonNullable<Case['tasks']>, clock: DrillClock): (arn: string) => Promise<unknown> {
  const calls = new Map<string, number>();
  return async (arn) => {
    const state = Object.keys(tasks).find((name) => arn.endsWith(`:${name.toLowerCase()}`))!;
    const answers = tasks[state]!;
    const call = calls.get(state) ?? 0;
    calls.set(state, call + 1);
    const answer: Answer = answers[Math.min(call, answers.length - 1)]!;
    if ('error' in answer) throw Object.assign(new Error('on purpose'), { name: answer.error });
    if ('sleepSeconds' in answer) await clock.sleep(answer.sleepSeconds * 1000);
    return answer.value;
  };
}
