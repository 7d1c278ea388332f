import type { BuildOutcome } from '../../local/builds/build-runner';
import { Chance } from '../../local/chance';
import { createDrillClock } from '../../local/clock';
import { CodeBuild } from '../../local/services/codebuild';
import { StepFunctions } from '../../local/services/step-functions';
import { WorldState } from '../../local/world/world-state';
import { PROJECTS } from './builds';
import type { ExecutionsUnderTest } from './executions';

/** The simulated services that a port may be held against, with what the contracts want of them. */
export const PLACE = { region: 'eu-central-1', account: '000000000000' };

export function newClock(speed: number | 'unpaced' = 'unpaced') {
  return createDrillClock({ start: new Date('2026-10-05T06:00:00Z'), speed });
}

/** Step Functions with the two machines that the contract of executions runs. */
export function echoAndAsk(): { readonly stepFunctions: StepFunctions } & Omit<ExecutionsUnderTest, 'executions'> {
  const tokens: string[] = [];
  const ask = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: 'ask', Payload: { 'taskToken.$': '$$.Task.Token' } },
    End: true,
  };
  const stepFunctions = new StepFunctions({
    ...PLACE,
    clock: newClock(),
    state: new WorldState(),
    machines: [
      { name: 'echo', definition: { StartAt: 'Echo', States: { Echo: { Type: 'Pass', End: true } } } },
      { name: 'ask', definition: { StartAt: 'Ask', States: { Ask: ask } } },
    ],
    tasks: {
      lambda: async (_, payload) => void tokens.push((payload as { taskToken: string }).taskToken),
      startBuild: () => Promise.reject(new Error('no builds here')),
    },
  });
  const arn = `arn:aws:states:${PLACE.region}:${PLACE.account}:stateMachine:`;
  return {
    stepFunctions,
    echo: `${arn}echo`,
    ask: `${arn}ask`,
    async token() {
      while (tokens.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      return tokens.at(-1)!;
    },
  };
}

/** CodeBuild with the contract's projects; a build runs until it is told how to end, by its id, or is stopped. */
export function heldBuilds(): {
  readonly codeBuild: CodeBuild;
  readonly ends: ReadonlyMap<string, (succeeded: boolean) => void>;
} {
  const ends = new Map<string, (succeeded: boolean) => void>();
  // Slow enough that no build reaches its timeout of 90 minutes (5.4 s) while the test looks at it.
  const clock = newClock(1000);
  const codeBuild = new CodeBuild({
    ...PLACE,
    clock,
    state: new WorldState(),
    chance: new Chance(7),
    projects: PROJECTS.map((name) => ({
      name,
      buildspec: 'version: 0.2\nphases: {build: {commands: [node step.cjs]}}\n',
      environment: {},
      sourceDirectory: '/nowhere',
      timeoutMinutes: 90,
    })),
    runner: (order) => {
      const outcome = new Promise<BuildOutcome>((resolve) => {
        order.phaseStarted('build');
        const end = (succeeded: boolean): void => {
          order.phaseEnded('build', succeeded ? undefined : 'COMMAND_EXECUTION_ERROR exit status 1');
          resolve({ succeeded, exported: {} });
        };
        order.signal.addEventListener('abort', () => end(false));
        ends.set(order.id, end);
      });
      // The build itself does nothing, so that time passes for the others.
      return clock.idle(outcome);
    },
  });
  return { codeBuild, ends };
}
