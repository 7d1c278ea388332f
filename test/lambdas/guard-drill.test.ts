import { guardDrill } from '../../lambdas/guard-drill/handler';
import { memoryHost } from '../support/memory-host';
import { minute, sampleRecord } from '../support/story';

const environment = { TABLE_NAME: 't', TEARDOWN_MACHINE_ARN: 'arn:teardown' };
const record = sampleRecord({ phase: 'awaiting-platform' });
const event = (status: string, executionArn = record.executionArn) => ({ detail: { executionArn, status } });

test('an aborted drill is torn down once, however often the event comes, and the reason is kept', async () => {
  const host = memoryHost();
  await host.history.open(record, minute(400));
  for (let times = 0; times < 3; times += 1)
    expect(await guardDrill(event('ABORTED'), host, environment)).toEqual({ started: true });
  expect(host.started).toEqual([{ input: { drillId: record.drillId }, name: `guard-${record.drillId}` }]);
  const { failures } = (await host.history.story(record.drillId))!;
  expect(failures).toMatchObject([
    {
      cause: 'interrupted',
      sentence: 'The drill was interrupted: its execution was aborted while it was awaiting platform',
    },
  ]);
});

test.each([
  [{ error: null, cause: 'jane ended it with "drill stop"' }, ' (jane ended it with "drill stop")'],
  [{ error: 'Maintenance', cause: 'The account is moved. Ask\nthe team.' }, ' (Maintenance: The account is moved)'],
  [{ cause: 'x'.repeat(500) }, ` (${'x'.repeat(159)}…)`],
  [{ error: null, cause: null }, ''],
])('who stopped a drill, and why, is kept in one sentence: %j', async (said, words) => {
  const host = memoryHost();
  await host.history.open(record, minute(400));
  const aborted = event('ABORTED');
  await guardDrill({ detail: { ...aborted.detail, ...said } }, host, environment);
  const { failures } = (await host.history.story(record.drillId))!;
  expect(failures.map(({ sentence }) => sentence)).toEqual([
    `The drill was interrupted: its execution was aborted${words} while it was awaiting platform`,
  ]);
});

test('an event that does not tell the cause has it asked for', async () => {
  const host = memoryHost();
  await host.history.open(record, minute(400));
  const execution = host.executions.execution.bind(host.executions);
  const cause = 'jane ended it with "drill stop"';
  host.executions.execution = async (arn) => {
    const found = await execution(arn);
    return found && arn === record.executionArn ? { ...found, cause } : found;
  };
  await guardDrill(event('ABORTED'), host, environment);
  const [failure] = (await host.history.story(record.drillId))!.failures;
  expect(failure!.sentence).toContain('was aborted (jane ended it with "drill stop") while');
});

test('a drill that failed and closed itself is left alone', async () => {
  const host = memoryHost();
  await host.history.open(record, minute(400));
  await host.history.close(record.drillId, {
    closedAt: minute(100),
    verdict: { outcome: 'failed', reasons: ['x'] },
    counts: { findings: 0, leaks: 0, manualSteps: 0 },
  });
  expect(await guardDrill(event('FAILED'), host, environment)).toEqual({ started: false });
  expect(host.started).toEqual([]);
});

test('an event that comes again when the drill is closed starts nothing, though the list of open drills lags', async () => {
  const host = memoryHost();
  await host.history.open(record, minute(400));
  await guardDrill(event('ABORTED'), host, environment);
  host.guardStatus = 'SUCCEEDED';
  await host.history.close(record.drillId, {
    closedAt: minute(100),
    verdict: { outcome: 'failed', reasons: ['x'] },
    counts: { findings: 0, leaks: 0, manualSteps: 0 },
  });
  Object.assign(host.history, { openDrills: async () => [record] });
  expect(await guardDrill(event('ABORTED'), host, environment)).toEqual({ started: false });
  expect(host.started).toHaveLength(1);
});

test('an execution that opened no drill needs no teardown', async () => {
  const host = memoryHost();
  expect(await guardDrill(event('FAILED', 'arn:other'), host, environment)).toEqual({ started: false });
});

describe('a teardown of the guard that dies itself', () => {
  const teardown = {
    detail: {
      executionArn: 'arn:teardown:guard',
      status: 'TIMED_OUT',
      input: JSON.stringify({ drillId: record.drillId }),
    },
  };

  test('is followed by another, three in all, and then by an error that raises the alarm', async () => {
    const host = memoryHost();
    await host.history.open(record, minute(400));
    host.executionStatus = 'ABORTED';
    host.guardStatus = 'TIMED_OUT';
    for (let times = 0; times < 3; times += 1) await guardDrill(teardown, host, environment);
    expect(host.started.map(({ name }) => name)).toEqual([
      `guard-${record.drillId}`,
      `guard-${record.drillId}-2`,
      `guard-${record.drillId}-3`,
    ]);
    await expect(guardDrill(teardown, host, environment)).rejects.toMatchObject({ name: 'GuardExhaustedError' });
  });

  test('is left alone while the drill that started it still runs', async () => {
    const host = memoryHost();
    await host.history.open(record, minute(400));
    expect(await guardDrill(teardown, host, environment)).toEqual({ started: false });
  });
});
