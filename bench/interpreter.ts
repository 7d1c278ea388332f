import { createDrillClock } from '../local/clock';
import { StepFunctions } from '../local/services/step-functions';
import { WorldState } from '../local/world/world-state';

/**
 * State transitions per second of our interpreter and of the npm package aws-local-stepfunctions, in turns in one run,
 * so that their ratio does not depend on the machine: `node bin/launch.cjs bench/interpreter.ts`.
 */
const ROUNDS = 1000;
const EXECUTIONS = 10;
const STATES_PER_ROUND = 3;

/** Like the loop that waits for a layer: a task, a pass with an intrinsic function, a choice. */
const LOOP = {
  StartAt: 'Read',
  States: {
    Read: {
      Type: 'Task',
      Resource: 'arn:aws:lambda:eu-central-1:000000000000:function:read',
      Parameters: { 'left.$': '$.left' },
      ResultPath: '$.read',
      TimeoutSeconds: 60,
      Next: 'Shape',
    },
    Shape: {
      Type: 'Pass',
      Parameters: {
        'left.$': 'States.MathAdd($.left, -1)',
        'reason.$': "States.Format('{} is next', $.read.component)",
      },
      Next: 'Done?',
    },
    'Done?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.left', NumericLessThanEquals: 0, Next: 'Finished' }],
      Default: 'Read',
    },
    Finished: { Type: 'Succeed' },
  },
};

async function read(): Promise<unknown> {
  return { status: 'progressing', component: 'kyverno' };
}

async function runOurs(): Promise<void> {
  const stepFunctions = new StepFunctions({
    clock: createDrillClock({ start: new Date(0), speed: 'unpaced' }),
    state: new WorldState(),
    region: 'eu-central-1',
    account: '000000000000',
    machines: [{ name: 'loop', definition: LOOP }],
    tasks: { lambda: read, startBuild: read },
  });
  const { status } = await stepFunctions.done(stepFunctions.start('loop', { left: ROUNDS }));
  if (status !== 'SUCCEEDED') throw new Error(`our interpreter ended as ${status}`);
}

async function runPackage(): Promise<void> {
  // Its only need of Node 22; loaded afterwards.
  (Promise as { withResolvers?: unknown }).withResolvers ??= withResolvers;
  const { StateMachine } = await import('aws-local-stepfunctions');
  const machine = new StateMachine(LOOP as never, { validationOptions: { noValidate: true } });
  const overrides = { taskResourceLocalHandlers: { Read: read as () => Promise<never> } };
  await machine.run({ left: ROUNDS }, { context: { Execution: { Name: 'loop' } } as never, overrides }).result;
}

function withResolvers<Value>() {
  let resolve: ((value: Value) => void) | undefined;
  let reject: ((reason: unknown) => void) | undefined;
  const promise = new Promise<Value>((accept, refuse) => {
    resolve = accept;
    reject = refuse;
  });
  return { promise, resolve, reject };
}

async function transitionsPerSecond(run: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await run();
  return (ROUNDS * STATES_PER_ROUND * 1000) / (performance.now() - before);
}

async function bench(): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn < EXECUTIONS; turn += 1) {
    ours.push(await transitionsPerSecond(runOurs));
    theirs.push(await transitionsPerSecond(runPackage));
  }
  const [own, other] = [median(ours), median(theirs)];
  process.stdout.write(
    `our interpreter:         ${Math.round(own)} transitions/s\n` +
      `aws-local-stepfunctions: ${Math.round(other)} transitions/s\n` +
      `ratio:                   ${(own / other).toFixed(1)}\n`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

void bench();
