import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { createDrillClock, type DrillClock } from '../../../local/clock';
import type { StatusChange } from '../../../local/services/execution-status-change';
import { StepFunctions } from '../../../local/services/step-functions';
import type { StepFunctionsTasks } from '../../../local/services/step-functions-tasks';
import { WorldState } from '../../../local/world/world-state';

const START = new Date('2026-10-05T06:00:00.000Z');
const MACHINE_ARN = 'arn:aws:states:eu-central-1:000000000000:stateMachine:';

type Machines = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface World {
  readonly clock: DrillClock;
  readonly stepFunctions: StepFunctions;
  readonly events: StatusChange[];
}

function unexpected(): Promise<never> {
  return Promise.reject(new Error('unexpected call'));
}

function world(
  machines: Machines,
  tasks: Partial<StepFunctionsTasks> | ((clock: DrillClock) => Partial<StepFunctionsTasks>),
  state = new WorldState(),
): World {
  const clock = createDrillClock({ start: START, speed: 'unpaced' });
  const events: StatusChange[] = [];
  const given = typeof tasks === 'function' ? tasks(clock) : tasks;
  const stepFunctions = new StepFunctions({
    clock,
    state,
    region: 'eu-central-1',
    account: '000000000000',
    machines: Object.entries(machines).map(([name, states]) => ({
      name,
      definition: { StartAt: Object.keys(states)[0], States: states },
    })),
    tasks: { lambda: unexpected, startBuild: unexpected, ...given },
    onStatusChange: (event) => events.push(event),
  });
  return { clock, stepFunctions, events };
}

function invoke(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'arn:aws:lambda:eu-central-1:000000000000:function:work', 'Payload.$': '$' },
    End: true,
    ...fields,
  };
}

const ASK_SOMEBODY = invoke({
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: 'ask', Payload: { 'token.$': '$$.Task.Token' } },
});
const BUILD = {
  Type: 'Task',
  Resource: 'arn:aws:states:::codebuild:startBuild.sync',
  Parameters: { ProjectName: 'provision', EnvironmentVariablesOverride: [{ Name: 'DRILL_ID', 'Value.$': '$.id' }] },
  End: true,
};
const NEST = {
  Type: 'Task',
  Resource: 'arn:aws:states:::states:startExecution.sync:2',
  Parameters: { StateMachineArn: `${MACHINE_ARN}inner`, Input: { 'id.$': '$.id' } },
  End: true,
};
const REST = { Type: 'Wait', Seconds: 3600, End: true };

async function ending({ stepFunctions }: World, machine: string, input: unknown = {}) {
  const record = await stepFunctions.done(stepFunctions.start(machine, input));
  return {
    ...record,
    output: record.output === undefined ? undefined : (JSON.parse(record.output) as Record<string, unknown>),
    cause: record.cause ?? '',
  };
}

function typesOf({ stepFunctions }: World, arn: string): string[] {
  return stepFunctions.historyOf(arn)!.events.map(({ type }) => type);
}

async function call<Output>({ stepFunctions }: World, operation: string, input: unknown): Promise<Output> {
  const answer = await stepFunctions.service({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': `AWSStepFunctions.${operation}` },
    body: Buffer.from(JSON.stringify(input)),
  });
  return JSON.parse(String(answer.body)) as Output;
}

/** Lets everything happen that needs no more time of the clock's owner. */
function realMilliseconds(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

describe('a Lambda task', () => {
  test('has the result of the integration, with the payload as JSON', async () => {
    const payloads: unknown[] = [];
    const here = world(
      { machine: { Work: invoke() } },
      {
        lambda: async (arn, payload) => {
          payloads.push(arn, payload);
          return { at: START, nothing: undefined };
        },
      },
    );
    const { output, arn } = await ending(here, 'machine', { id: 1 });
    expect(payloads).toEqual(['arn:aws:lambda:eu-central-1:000000000000:function:work', { id: 1 }]);
    expect(output).toMatchObject({ ExecutedVersion: '$LATEST', Payload: { at: START.toISOString() }, StatusCode: 200 });
    expect(typesOf(here, arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('that changes its event does not change the state', async () => {
    const here = world(
      { machine: { Work: invoke({ ResultPath: null }) } },
      { lambda: async (_arn, payload) => Object.assign(payload as object, { changed: true }) },
    );
    expect((await ending(here, 'machine', { id: 1 })).output).toEqual({ id: 1 });
  });

  test('fails with the name of what was thrown and the cause that Lambda writes', async () => {
    const error = Object.assign(new Error('the lease is held'), { name: 'LeaseHeldError' });
    const here = world({ machine: { Work: invoke() } }, { lambda: () => Promise.reject(error) });
    const { status, error: name, cause } = await ending(here, 'machine');
    expect({ status, name }).toEqual({ status: 'FAILED', name: 'LeaseHeldError' });
    expect(JSON.parse(cause)).toEqual({
      errorType: 'LeaseHeldError',
      errorMessage: 'the lease is held',
      trace: expect.arrayContaining([expect.stringContaining('step-functions.test')]),
    });
  });

  test('runs on when its execution is aborted, and its result is dropped', async () => {
    const seen: string[] = [];
    const here = world({ machine: { Work: invoke() } }, (clock) => ({
      lambda: async () => {
        await clock.sleep(10_000);
        seen.push(`ends at ${clock.now().getTime() - START.getTime()}`);
      },
    }));
    const arn = here.stepFunctions.start('machine', {});
    here.clock.alarm(new Date(START.getTime() + 4000), () => here.stepFunctions.stop(arn, 'Stopped', 'by hand'));
    const record = await here.stepFunctions.done(arn);
    expect(record).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' });
    expect(record.stopDate).toBe('2026-10-05T06:00:04.000Z');
    while (seen.length === 0) await realMilliseconds(1);
    expect(seen).toEqual(['ends at 10000']);
    expect(typesOf(here, arn).at(-1)).toBe('ExecutionAborted');
  });
});

/** Notes the tokens that the Lambda is given. */
function asking(tokens: string[]): Partial<StepFunctionsTasks> {
  return {
    lambda: async (_arn, payload) => {
      tokens.push((payload as { token: string }).token);
    },
  };
}

describe('a task with a callback token', () => {
  test('waits until somebody answers, and takes the answer as its result', async () => {
    const tokens: string[] = [];
    const here = world({ machine: { Ask: ASK_SOMEBODY } }, asking(tokens));
    here.clock.alarm(new Date(START.getTime() + 600_000), () => {
      void call(here, 'SendTaskSuccess', { taskToken: tokens[0], output: '{"by":"ann"}' });
    });
    const { output, stopDate, arn } = await ending(here, 'machine');
    expect([output, stopDate]).toEqual([{ by: 'ann' }, '2026-10-05T06:10:00.000Z']);
    expect(typesOf(here, arn)).toContain('TaskSubmitted');
  });

  test('can be answered from within the Lambda', async () => {
    const here: World = world(
      { machine: { Ask: ASK_SOMEBODY } },
      {
        lambda: async (_arn, payload) => {
          await call(here, 'SendTaskSuccess', { taskToken: (payload as { token: string }).token, output: '1' });
        },
      },
    );
    expect((await ending(here, 'machine')).output).toBe(1);
  });

  test('fails as it is told, and refuses a second answer', async () => {
    const tokens: string[] = [];
    const here = world({ machine: { Ask: ASK_SOMEBODY } }, asking(tokens));
    here.clock.alarm(new Date(START.getTime() + 1000), () => {
      void call(here, 'SendTaskFailure', { taskToken: tokens[0], error: 'Refused', cause: 'not today' });
    });
    expect(await ending(here, 'machine')).toMatchObject({ status: 'FAILED', error: 'Refused', cause: 'not today' });
    expect(await call(here, 'SendTaskSuccess', { taskToken: tokens[0], output: '1' })).toMatchObject({
      __type: 'TaskTimedOut',
    });
  });

  test('fails when a heartbeat is missed, however many came before', async () => {
    const tokens: string[] = [];
    const here = world({ machine: { Ask: { ...ASK_SOMEBODY, HeartbeatSeconds: 60 } } }, asking(tokens));
    for (const seconds of [50, 100]) {
      here.clock.alarm(new Date(START.getTime() + seconds * 1000), () => {
        void call(here, 'SendTaskHeartbeat', { taskToken: tokens[0] });
      });
    }
    const { error, stopDate, arn } = await ending(here, 'machine');
    expect([error, stopDate]).toEqual(['States.HeartbeatTimeout', '2026-10-05T06:02:40.000Z']);
    expect(typesOf(here, arn)).toContain('TaskTimedOut');
  });

  test('gets another token for every try', async () => {
    const tokens: string[] = [];
    const retrying = {
      ...ASK_SOMEBODY,
      TimeoutSeconds: 5,
      Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 2 }],
    };
    await ending(world({ machine: { Ask: retrying } }, asking(tokens)), 'machine');
    expect(new Set(tokens).size).toBe(3);
  });
});

describe('a build', () => {
  test('is given its parameters and gives the Build', async () => {
    const calls: unknown[] = [];
    const here = world({ machine: { Build: BUILD } }, (clock) => ({
      startBuild: async (parameters) => {
        calls.push(parameters);
        await clock.sleep(600_000);
        return { Id: 'provision:1', BuildStatus: 'SUCCEEDED' };
      },
    }));
    const { output, stopDate, arn } = await ending(here, 'machine', { id: 'd-1' });
    expect(calls).toEqual([
      { ProjectName: 'provision', EnvironmentVariablesOverride: [{ Name: 'DRILL_ID', Value: 'd-1' }] },
    ]);
    expect(output).toEqual({ Build: { Id: 'provision:1', BuildStatus: 'SUCCEEDED' } });
    expect(stopDate).toBe('2026-10-05T06:10:00.000Z');
    expect(typesOf(here, arn).slice(2, 6)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
  });

  test('that failed is a States.TaskFailed with the Build as its cause', async () => {
    const here = world({ machine: { Build: BUILD } }, { startBuild: async () => ({ BuildStatus: 'FAILED' }) });
    const { error, cause } = await ending(here, 'machine', { id: 'd-1' });
    expect([error, JSON.parse(cause)]).toEqual(['States.TaskFailed', { Build: { BuildStatus: 'FAILED' } }]);
  });

  test('that cannot be started is an error of CodeBuild', async () => {
    const refusal = Object.assign(new Error('no such project'), { name: 'ResourceNotFoundException' });
    const here = world({ machine: { Build: BUILD } }, { startBuild: () => Promise.reject(refusal) });
    expect(await ending(here, 'machine', { id: 'd-1' })).toMatchObject({
      error: 'CodeBuild.ResourceNotFoundException',
      cause: 'no such project',
    });
  });

  test('is told to stop when its task times out', async () => {
    const stopped: boolean[] = [];
    const here = world({ machine: { Build: { ...BUILD, TimeoutSeconds: 60 } } }, (clock) => ({
      startBuild: async (_parameters, signal) => {
        await clock.sleep(600_000, signal).catch(() => {});
        stopped.push(signal.aborted);
        return { BuildStatus: 'STOPPED' };
      },
    }));
    const { error, stopDate } = await ending(here, 'machine', { id: 'd-1' });
    expect([error, stopDate]).toEqual(['States.Timeout', '2026-10-05T06:01:00.000Z']);
    await realMilliseconds(5);
    expect(stopped).toEqual([true]);
  });
});

describe('a nested execution', () => {
  test('gives its description, with input and output parsed', async () => {
    const here = world({ outer: { Nest: NEST }, inner: { Rest: REST } }, {});
    const { output } = await ending(here, 'outer', { id: 'd-1' });
    expect(output).toMatchObject({
      ExecutionArn: expect.stringContaining(':execution:inner:'),
      Input: { id: 'd-1' },
      Output: { id: 'd-1' },
      Status: 'SUCCEEDED',
      StartDate: START.getTime(),
      StopDate: START.getTime() + 3_600_000,
    });
  });

  test('that fails is a States.TaskFailed whose cause names its error', async () => {
    const broken = { Type: 'Fail', Error: 'LayerFailedError', Cause: 'kyverno' };
    const here = world({ outer: { Nest: NEST }, inner: { Broken: broken } }, {});
    const { error, cause } = await ending(here, 'outer', { id: 'd-1' });
    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(cause)).toMatchObject({ Error: 'LayerFailedError', Cause: 'kyverno', Status: 'FAILED' });
  });

  test('is aborted with the one that waits for it', async () => {
    const here = world({ outer: { Nest: NEST }, inner: { Rest: REST } }, {});
    const arn = here.stepFunctions.start('outer', { id: 'd-1' });
    here.clock.alarm(new Date(START.getTime() + 1000), () => here.stepFunctions.stop(arn));
    await here.stepFunctions.done(arn);
    await realMilliseconds(5);
    expect(
      here.events.map(
        ({ detail }) => `${detail.name.length > 0 && detail.stateMachineArn.split(':').at(-1)} ${detail.status}`,
      ),
    ).toEqual(['outer RUNNING', 'inner RUNNING', 'inner ABORTED', 'outer ABORTED']);
  });

  test('is ended by the timeout of its task, which the parent can catch', async () => {
    const catching = { ...NEST, TimeoutSecondsPath: '$.limit', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Tidy' }] };
    const here = world(
      { outer: { Nest: catching, Tidy: { Type: 'Pass', OutputPath: '$.Error', End: true } }, inner: { Rest: REST } },
      {},
    );
    const { output, stopDate } = await ending(here, 'outer', { id: 'd-1', limit: 90 });
    expect([output, stopDate]).toEqual(['States.Timeout', '2026-10-05T06:01:30.000Z']);
    const [inner] = here.stepFunctions.executionsOf(`${MACHINE_ARN}inner`);
    expect(inner).toMatchObject({ status: 'ABORTED', stopDate: '2026-10-05T06:01:30.000Z' });
  });

  test('of a machine that is not there is an error of Step Functions', async () => {
    const here = world({ outer: { Nest: NEST } }, {});
    expect((await ending(here, 'outer', { id: 'd-1' })).error).toBe('StepFunctions.StateMachineDoesNotExistException');
  });
});

describe('an execution', () => {
  test('with the name and input of a running one is that one; with another input it is refused', async () => {
    const { stepFunctions } = world({ machine: { Rest: REST } }, {});
    const arn = stepFunctions.start('machine', { id: 1 }, 'monday');
    expect(arn).toBe('arn:aws:states:eu-central-1:000000000000:execution:machine:monday');
    expect(stepFunctions.start('machine', { id: 1 }, 'monday')).toBe(arn);
    expect(() => stepFunctions.start('machine', { id: 2 }, 'monday')).toThrow('Execution Already Exists');
    await stepFunctions.done(arn);
    expect(() => stepFunctions.start('machine', { id: 1 }, 'monday')).toThrow('Execution Already Exists');
  });

  test('can take the name of one that ended 90 days ago', async () => {
    const { stepFunctions, clock } = world({ machine: { Rest: REST } }, {});
    const arn = stepFunctions.start('machine', {}, 'monday');
    await stepFunctions.done(arn);
    await clock.sleep(90 * 24 * 3_600_000);
    expect(stepFunctions.start('machine', {}, 'monday')).toBe(arn);
  });

  test.each(['', 'with space', 'a/b', 'x'.repeat(81), 'a:b'])('cannot be named "%s"', (name) => {
    const { stepFunctions } = world({ machine: { Rest: REST } }, {});
    expect(() => stepFunctions.start('machine', {}, name)).toThrow('Invalid Name');
  });

  test('tells EventBridge of its start and its end', async () => {
    const here = world({ machine: { Broken: { Type: 'Fail', Error: 'DrillFailed', Cause: 'because' } } }, {});
    const { arn, name } = await ending(here, 'machine', { id: 1 });
    expect(here.events).toHaveLength(2);
    expect(here.events[1]).toMatchObject({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      time: '2026-10-05T06:00:00Z',
      resources: [arn],
      detail: {
        executionArn: arn,
        stateMachineArn: `${MACHINE_ARN}machine`,
        name,
        status: 'FAILED',
        startDate: START.getTime(),
        stopDate: START.getTime(),
        input: '{"id":1}',
        output: null,
        error: 'DrillFailed',
        cause: 'because',
      },
    });
  });

  test('has the same ids in every run of the same drill', async () => {
    const [one, other] = [0, 1].map(() => world({ outer: { Nest: NEST }, inner: { Rest: REST } }, {}));
    await ending(one!, 'outer', { id: 'd-1' });
    await ending(other!, 'outer', { id: 'd-1' });
    expect(one!.events).toHaveLength(4);
    expect(one!.events).toEqual(other!.events);
  });

  test('fails at 25,000 history events', async () => {
    const here = world(
      { machine: { Turn: { Type: 'Pass', Next: 'Round' }, Round: { Type: 'Pass', Next: 'Turn' } } },
      {},
    );
    const { status, cause, arn } = await ending(here, 'machine');
    expect(status).toBe('FAILED');
    expect(cause).toContain('maximum number of history events (25000)');
    expect(typesOf(here, arn)).toHaveLength(25_000);
  });

  test('that was running when the process died is found and aborted by the next one', () => {
    const state = new WorldState();
    const arn = world({ machine: { Rest: REST } }, {}, state).stepFunctions.start('machine', { id: 1 });
    const next = world({ machine: { Rest: REST } }, {}, state);
    expect(next.stepFunctions.interrupted()).toMatchObject([{ arn, status: 'RUNNING' }]);
    next.stepFunctions.abortInterrupted();
    expect(next.stepFunctions.interrupted()).toEqual([]);
    expect(next.events.map(({ detail }) => [detail.executionArn, detail.status])).toEqual([[arn, 'ABORTED']]);
  });
});

describe('the API', () => {
  const machines = { machine: { Work: invoke({ ResultPath: null }) } };
  const tasks = { lambda: async () => 1 };

  test('starts, describes, lists and tells the history', async () => {
    const here = world(machines, tasks);
    const started = await call<{ executionArn: string; startDate: number }>(here, 'StartExecution', {
      stateMachineArn: `${MACHINE_ARN}machine`,
      input: '{ "id": 1 }',
      name: 'monday',
    });
    expect(started.startDate).toBe(START.getTime() / 1000);
    await here.stepFunctions.done(started.executionArn);
    const { executionArn } = started;
    expect(await call(here, 'DescribeExecution', { executionArn })).toMatchObject({
      executionArn,
      name: 'monday',
      status: 'SUCCEEDED',
      input: '{"id":1}',
      output: '{"id":1}',
    });
    expect(
      await call(here, 'ListExecutions', { stateMachineArn: `${MACHINE_ARN}machine`, statusFilter: 'SUCCEEDED' }),
    ).toMatchObject({ executions: [{ executionArn }] });
    const history = await call<{ events: unknown[]; nextToken: string }>(here, 'GetExecutionHistory', {
      executionArn,
      maxResults: 3,
    });
    expect(history.events).toMatchObject([
      { id: 1, previousEventId: 0, type: 'ExecutionStarted', executionStartedEventDetails: { input: '{"id":1}' } },
      { id: 2, type: 'TaskStateEntered', stateEnteredEventDetails: { name: 'Work' } },
      { id: 3, type: 'TaskScheduled', taskScheduledEventDetails: { resourceType: 'lambda', resource: 'invoke' } },
    ]);
    const rest = await call<{ events: unknown[] }>(here, 'GetExecutionHistory', { executionArn, nextToken: '3' });
    expect(rest.events).toHaveLength(4);
    expect(history.nextToken).toBe('3');
  });

  test('lists and describes the machines', async () => {
    const here = world(machines, tasks);
    expect(await call(here, 'ListStateMachines', {})).toMatchObject({ stateMachines: [{ name: 'machine' }] });
    const { definition } = await call<{ definition: string }>(here, 'DescribeStateMachine', {
      stateMachineArn: `${MACHINE_ARN}machine`,
    });
    expect(JSON.parse(definition)).toMatchObject({ StartAt: 'Work' });
  });

  test('stops an execution, and a second stop changes nothing', async () => {
    const here = world({ machine: { Rest: REST } }, {});
    const executionArn = here.stepFunctions.start('machine', {});
    const stopped = await call<{ stopDate: number }>(here, 'StopExecution', { executionArn, error: 'Stopped' });
    expect(stopped.stopDate).toBe(START.getTime() / 1000);
    await here.stepFunctions.done(executionArn);
    await call(here, 'StopExecution', { executionArn, error: 'Again' });
    expect(here.stepFunctions.execution(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Stopped' });
  });

  test.each([
    ['DescribeExecution', { executionArn: 'arn:none' }, 'ExecutionDoesNotExist'],
    ['StartExecution', { stateMachineArn: `${MACHINE_ARN}other` }, 'StateMachineDoesNotExist'],
    ['StartExecution', { stateMachineArn: `${MACHINE_ARN}machine`, input: '{' }, 'InvalidExecutionInput'],
    ['StartExecution', { stateMachineArn: `${MACHINE_ARN}machine`, name: 'a b' }, 'InvalidName'],
    ['SendTaskHeartbeat', { taskToken: 'none' }, 'TaskTimedOut'],
  ])('%s of %j is refused as %s', async (operation, input, code) => {
    expect(await call(world(machines, tasks), operation, input)).toMatchObject({ __type: code });
  });

  test('speaks the protocol of the SDK', async () => {
    const here = world(machines, tasks);
    const client = new SFNClient({
      region: 'eu-central-1',
      requestHandler: {
        handle: async ({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) => {
          const answer = await here.stepFunctions.service({
            method: 'POST',
            path: '/',
            query: new URLSearchParams(),
            headers: { 'x-amz-target': headers['x-amz-target'] ?? headers['X-Amz-Target'] ?? '' },
            body: Buffer.concat([body]),
          });
          const text = Buffer.from(String(answer.body));
          return { response: { statusCode: answer.status, headers: answer.headers ?? {}, body: text } };
        },
      },
    });
    const start = (name: string) =>
      client.send(new StartExecutionCommand({ stateMachineArn: `${MACHINE_ARN}machine`, name }));
    expect((await start('monday')).startDate).toEqual(START);
    await expect(start('mon day')).rejects.toMatchObject({ name: 'InvalidName' });
  });
});

test('statistics count transitions, calls, events and bytes', async () => {
  const here = world(
    { machine: { First: { Type: 'Pass', Next: 'Work' }, Work: invoke({ ResultPath: null }) } },
    {
      lambda: async () => 'x'.repeat(1000),
    },
  );
  await ending(here, 'machine', { id: 1 });
  expect(here.stepFunctions.statistics()).toMatchObject({
    executions: 1,
    stateTransitions: 2,
    lambdaInvocations: 1,
    builds: 0,
    mostHistoryEvents: { machine: 'machine', events: 9 },
    largestPayload: { machine: 'machine', state: 'Work' },
  });
  expect(here.stepFunctions.statistics().largestPayload.bytes).toBeGreaterThan(1000);
});
