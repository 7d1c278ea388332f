import { checkQuarter } from '../../lambdas/check-quarter/handler';
import type { DrillRecord } from '../../domain/record';
import { memoryHost, type MemoryHost } from '../support/memory-host';
import { openRecord } from '../support/open-record';
import { sampleSettings } from '../support/settings';

const environment = { TABLE_NAME: 't', TARGETS_BUCKET: 'b', TARGETS_KEY: 'targets.json', CONFIGURATION_SET: 'c' };
let host: MemoryHost;
let now: string;

beforeEach(() => {
  host = memoryHost();
  host.objectsByKey.set('targets.json', JSON.stringify([sampleSettings(), sampleSettings({ name: 'other' })]));
  Object.assign(host, { clock: { now: () => new Date(now), sleep: async () => {} } });
});

const checkAt = async (at: string) => {
  now = at;
  return (await checkQuarter({}, host, environment)).missed;
};

/** A drill that ran to its verdict, unless the changes say otherwise. */
async function drilled(target: string, openedAt: string, changes: Partial<DrillRecord> = {}): Promise<void> {
  const drillId = `${target}-${openedAt}`;
  await host.history.open(
    openRecord({ drillId, target, openedAt, bootstrapStartedAt: openedAt, ...changes }),
    openedAt,
  );
  await host.history.close(drillId, {
    closedAt: openedAt,
    verdict: { outcome: 'failed', reasons: ['x'] },
    counts: { findings: 0, leaks: 0, manualSteps: 0 },
  });
}

test('in the middle of a quarter nobody is reminded, and what ended before the target was known is not missed', async () => {
  expect(await checkAt('2026-08-15T06:00:00Z')).toEqual([]);
  expect(host.mails).toEqual([]);
});

test('a quarter that ends within two weeks is told once and alarmed every day', async () => {
  await drilled('other', '2026-07-06T06:00:00Z');
  const missed = [{ target: 'example', quarter: '2026Q3', isOver: false }];
  expect(await checkAt('2026-09-16T23:59:59Z')).toEqual([]);
  for (const day of [17, 18, 30]) expect(await checkAt(`2026-09-${day}T06:00:00Z`)).toEqual(missed);
  expect(host.mails).toHaveLength(1);
  expect(host.mails[0]).toMatchObject({
    to: 'team@example.com',
    subject: '[cluster-drill] not drilled in its quarter: example',
    text: expect.stringContaining('Target example has not been drilled in 2026Q3, which ends within 14 days.'),
  });
  const notices = host.logs.filter((line) => line.includes('"notice":"missed-quarter"'));
  expect(notices).toHaveLength(3);
});

test('a quarter that has passed is told once more, until the target is drilled', async () => {
  await checkAt('2026-09-30T06:00:00Z');
  await drilled('other', '2026-10-01T01:00:00Z');
  expect(await checkAt('2026-10-01T06:00:00Z')).toEqual([{ target: 'example', quarter: '2026Q3', isOver: true }]);
  await checkAt('2026-10-02T06:00:00Z');
  expect(host.mails.map(({ text }) => text)).toEqual([
    expect.stringContaining('2026Q3, which ends'),
    expect.stringContaining('Target example was not drilled in 2026Q3, nor since'),
  ]);
  await drilled('example', '2026-10-03T06:00:00Z');
  expect(await checkAt('2026-10-04T06:00:00Z')).toEqual([]);
});

test('both are told of a target that nobody drills at all', async () => {
  await checkAt('2026-09-30T06:00:00Z');
  await drilled('other', '2026-10-03T06:00:00Z');
  expect(await checkAt('2026-12-31T06:00:00Z')).toEqual([
    { target: 'example', quarter: '2026Q3', isOver: true },
    { target: 'example', quarter: '2026Q4', isOver: false },
  ]);
});

test.each<[string, Partial<DrillRecord>]>([
  ['was refused before it built anything', { bootstrapStartedAt: undefined }],
  ['is of another quarter', { openedAt: '2026-06-30T23:59:59Z' }],
])('a drill that %s does not count', async (_, changes) => {
  await drilled('other', '2026-07-06T06:00:00Z');
  await drilled('example', '2026-07-07T06:00:00Z', changes);
  expect(await checkAt('2026-09-30T06:00:00Z')).toMatchObject([{ target: 'example' }]);
});

test('a mail that nobody gets fails the check, and is sent the next day', async () => {
  host.refused = ['team@example.com'];
  await expect(checkAt('2026-09-29T06:00:00Z')).rejects.toThrow('Nobody could be told');
  host.refused = [];
  await checkAt('2026-09-30T06:00:00Z');
  expect(host.mails).toHaveLength(1);
});
