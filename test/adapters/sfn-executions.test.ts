import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { SfnExecutions } from '../../adapters/sfn-executions';
import { UserError } from '../../domain/errors';

const MACHINE = 'arn:aws:states:eu-central-1:000000000000:stateMachine:cluster-drill-teardown';
const EXECUTION = 'arn:aws:states:eu-central-1:000000000000:execution:cluster-drill-teardown:one';
const GONE = { message: 'gone', $metadata: {} };

const mock = mockClient(SFNClient);
const executions = new SfnExecutions(new SFNClient());

beforeEach(() => {
  mock.reset();
});

test('starting gives the ARN of the execution', async () => {
  mock.on(StartExecutionCommand).resolves({ executionArn: EXECUTION });
  expect(await executions.start(MACHINE, { drillId: 'x' }, 'one')).toBe(EXECUTION);
  expect(mock.call(0).args[0].input).toEqual({ stateMachineArn: MACHINE, input: '{"drillId":"x"}', name: 'one' });
});

test('starting a name that was used before gives the ARN of that execution', async () => {
  mock.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists(GONE));
  expect(await executions.start(MACHINE, {}, 'one')).toBe(EXECUTION);
});

test('an execution is described with its parsed input and output', async () => {
  mock.on(DescribeExecutionCommand).resolves({
    executionArn: EXECUTION,
    status: 'SUCCEEDED',
    input: '{"target":"example"}',
    output: '{"passed":true}',
    startDate: new Date('2026-10-05T06:00:00Z'),
  });
  expect(await executions.execution(EXECUTION)).toEqual({
    arn: EXECUTION,
    status: 'SUCCEEDED',
    input: { target: 'example' },
    output: { passed: true },
    startedAt: '2026-10-05T06:00:00.000Z',
  });
});

test('a failed execution has its error and cause', async () => {
  mock.on(DescribeExecutionCommand).resolves({
    status: 'FAILED',
    input: '{}',
    error: 'LeaseHeldError',
    cause: 'held',
    startDate: new Date(0),
  });
  expect(await executions.execution(EXECUTION)).toMatchObject({ error: 'LeaseHeldError', cause: 'held' });
});

test('there is no execution of an unknown ARN', async () => {
  mock.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist(GONE));
  expect(await executions.execution(EXECUTION)).toBeUndefined();
});

test('stopping gives the cause', async () => {
  mock.on(StopExecutionCommand).resolves({});
  await executions.stop(EXECUTION, 'Ctrl-C');
  expect(mock.call(0).args[0].input).toEqual({ executionArn: EXECUTION, cause: 'Ctrl-C' });
});

test('confirming answers the token', async () => {
  mock.on(SendTaskSuccessCommand).resolves({});
  await executions.confirm('token', { confirmedBy: 'alice' });
  expect(mock.call(0).args[0].input).toEqual({ taskToken: 'token', output: '{"confirmedBy":"alice"}' });
});

test.each([new TaskTimedOut(GONE), new TaskDoesNotExist(GONE), new InvalidToken(GONE)])(
  'a token that nobody waits for is told as the mistake of a person (%s)',
  async (error) => {
    mock.on(SendTaskSuccessCommand).rejects(error);
    await expect(executions.confirm('token', {})).rejects.toBeInstanceOf(UserError);
  },
);
