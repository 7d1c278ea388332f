import { judgeDrill } from '../../lambdas/judge-drill/handler';
import { sendReport } from '../../lambdas/send-report/handler';
import { ErrorName } from '../../domain/errors';
import { reportKeyOf } from '../../domain/names';
import { memoryHost, type MemoryHost } from '../support/memory-host';
import { minute, sampleRecord } from '../support/story';

const record = sampleRecord();
const { drillId, target } = record;

const executionArn = 'arn:aws:states:eu-central-1:000000000000:execution:cluster-drill:one';

let host: MemoryHost;
const send = (by = executionArn) => sendReport({ drillId, executionArn: by }, host);

beforeEach(async () => {
  host = memoryHost();
  await host.history.open(record, minute(400));
});

test('judging closes the record, gives the lease back, and judging again leaves the first verdict', async () => {
  expect(await judgeDrill({ drillId }, host)).toEqual({ passed: true, outcome: 'passed' });
  expect(await host.history.lease(target)).toBeUndefined();
  await host.history.putFailureOnce(drillId, {
    where: 'late',
    cause: 'internal',
    sentence: 'late',
    at: minute(101),
    evidence: [],
  });
  expect(await judgeDrill({ drillId }, host)).toEqual({ passed: true, outcome: 'passed' });
});

describe('the report', () => {
  beforeEach(() => judgeDrill({ drillId }, host));

  test('is mailed by one of two executions that close the drill at the same time', async () => {
    await Promise.all([send(), send('arn:guard')]);
    expect(host.mails.map(({ to }) => to)).toEqual(['platform-team@example.com', 'sre@example.com']);
  });

  test('is mailed by another execution when the one that claimed it has died', async () => {
    const { send: reached } = host.mailer;
    host.mailer.send = () => Promise.reject(new Error('killed'));
    await expect(send()).rejects.toThrow('killed');
    host.mailer.send = reached;
    host.minutes += 10;
    await send('arn:guard');
    expect(host.mails).toEqual([]);
    host.minutes += 1;
    await send('arn:guard');
    expect(host.mails).toHaveLength(2);
  });

  test('is stored in every form and mailed to every recipient', async () => {
    await send();
    expect([...host.objectsByKey.keys()]).toEqual([
      reportKeyOf(target, drillId, 'html'),
      reportKeyOf(target, drillId, 'md'),
      reportKeyOf(target, drillId, 'json'),
    ]);
    expect(host.mails.map(({ to }) => to)).toEqual(['platform-team@example.com', 'sre@example.com']);
    expect(await host.history.record(drillId)).toMatchObject({
      phase: 'closed',
      mail: { messageIds: ['message-1', 'message-2'], refused: [] },
    });
  });

  test('sent twice, it reaches each recipient once', async () => {
    await send();
    await send();
    expect(host.mails).toHaveLength(2);
  });

  test('held up between two recipients, it reaches the rest by the next try, and nobody twice', async () => {
    const { send: reached } = host.mailer;
    host.mailer.send = (mail) => (host.mails.length === 0 ? reached(mail) : Promise.reject(new Error('Throttling')));
    await expect(send()).rejects.toThrow('Throttling');
    const { mail } = (await host.history.record(drillId))!;
    expect(mail).toMatchObject({ messageIds: ['message-1'], refused: [], unreached: ['sre@example.com'] });
    host.mailer.send = reached;
    await send();
    expect(host.mails.map(({ to }) => to)).toEqual(['platform-team@example.com', 'sre@example.com']);
    const { mail: last } = (await host.history.record(drillId))!;
    expect(last).toEqual({ sentAt: expect.any(String), messageIds: ['message-1', 'message-2'], refused: [] });
  });

  test('refused for one recipient, it is stored, reaches the others, and says so by its error', async () => {
    host.refused = ['sre@example.com'];
    await expect(send()).rejects.toMatchObject({
      name: ErrorName.MailRefused,
      message: expect.stringContaining('sre@example.com is suppressed'),
    });
    expect(host.mails).toHaveLength(1);
    expect(host.objectsByKey.size).toBe(3);
    expect(await host.history.record(drillId)).toMatchObject({
      verdict: { outcome: 'passed' },
      mail: { refused: ['sre@example.com'] },
    });
    host.refused = [];
    await send();
    expect(host.mails.map(({ to }) => to)).toEqual(['platform-team@example.com', 'sre@example.com']);
  });
});
