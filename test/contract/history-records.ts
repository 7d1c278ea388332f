import { ErrorName } from '../../domain/errors';
import type { History } from '../../domain/ports/history';
import { minute, layerTime } from '../support/story';
import { EXPIRES, CLOSING, drill, by, openPast } from './history-samples';

/** What a record goes through, from its opening to its report. */
export function describeHistoryRecords(current: () => History): void {
  let history: History;

  beforeEach(() => {
    history = current();
  });

  describe('opening', () => {
    test('an opened drill has its record and holds the lease of its target', async () => {
      const record = drill('example-1');
      await history.open(record, EXPIRES);
      expect(await history.record('example-1')).toEqual(record);
      expect(await history.openRecord('example-1')).toEqual(record);
      expect(await history.lease('example')).toEqual({
        target: 'example',
        drillId: 'example-1',
        executionArn: record.executionArn,
        takenAt: record.openedAt,
        heartbeatAt: record.openedAt,
        expiresAt: EXPIRES,
      });
    });

    test('opening the same drill again changes nothing, even after its phase and lease moved on', async () => {
      const record = drill('example-1', { trigger: 'schedule', scheduledAt: minute(0) });
      await history.open(record, EXPIRES);
      await history.change('example-1', { phase: 'provisioning' });
      await history.renewLease('example', 'example-1', minute(30), minute(300));
      await history.open(record, EXPIRES);
      expect((await history.record('example-1'))?.phase).toBe('provisioning');
      expect((await history.lease('example'))?.expiresAt).toBe(minute(300));
    });

    test('a target whose lease another drill holds is refused, and no record is written', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await expect(history.open(drill('example-2', { openedAt: minute(10) }), minute(250))).rejects.toMatchObject({
        name: ErrorName.LeaseHeld,
        message: expect.stringContaining('example-1'),
      });
      expect(await history.record('example-2')).toBeUndefined();
    });

    test('a lease is free again at the instant at which it expires', async () => {
      await history.open(drill('example-1'), minute(60));
      await history.open(drill('example-2', { openedAt: minute(60) }), minute(300));
      expect((await history.lease('example'))?.drillId).toBe('example-2');
    });

    test('leases of different targets do not touch each other', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await history.open(drill('other-1', { target: 'other' }), EXPIRES);
      expect((await history.lease('other'))?.drillId).toBe('other-1');
    });

    test('the second delivery of a scheduled time is a duplicate, whatever zone it is written in', async () => {
      const scheduled = { trigger: 'schedule', scheduledAt: '2026-10-05T06:00:00Z' } as const;
      await openPast(history, drill('example-1', scheduled));
      const again = drill('example-2', { ...scheduled, scheduledAt: '2026-10-05T08:00:00+02:00' });
      await expect(history.open(again, EXPIRES)).rejects.toMatchObject({
        name: ErrorName.DuplicateDrill,
        message: expect.stringContaining('example-1'),
      });
      expect(await history.lease('example')).toBeUndefined();
    });

    test('the same scheduled time of another target is no duplicate', async () => {
      const scheduled = { trigger: 'schedule', scheduledAt: minute(0) } as const;
      await history.open(drill('example-1', scheduled), EXPIRES);
      await history.open(drill('other-1', { ...scheduled, target: 'other' }), EXPIRES);
      expect(await history.record('other-1')).toMatchObject({ target: 'other' });
    });

    test('a closed drill cannot be opened again', async () => {
      await openPast(history, drill('example-1'));
      await history.close('example-1', CLOSING);
      await expect(history.open(drill('example-1'), EXPIRES)).rejects.toMatchObject({ name: ErrorName.DrillClosed });
      expect(await history.lease('example')).toBeUndefined();
    });
  });

  describe('changing', () => {
    test('changes of the record leave its other parts as they are', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await history.change('example-1', { phase: 'destroying', commit: 'a'.repeat(40) });
      await history.change('example-1', { phase: 'finding-leaks' });
      expect(await history.record('example-1')).toEqual(
        drill('example-1', { phase: 'finding-leaks', commit: 'a'.repeat(40) }),
      );
    });

    test('layer times are set one by one', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await history.setLayerTime('example-1', 'cluster', layerTime('cluster', 5, 15));
      await history.setLayerTime('example-1', 'platform', layerTime('platform', 30, 20));
      await history.setLayerTime('example-1', 'cluster', layerTime('cluster', 5, 16));
      expect((await history.record('example-1'))?.layers).toEqual({
        cluster: layerTime('cluster', 5, 16),
        platform: layerTime('platform', 30, 20),
      });
    });

    test.each<[string, (history: History) => Promise<unknown>]>([
      ['openRecord', (history) => history.openRecord('example-9')],
      ['change', (history) => history.change('example-9', { phase: 'draining' })],
      ['setLayerTime', (history) => history.setLayerTime('example-9', 'cluster', layerTime('cluster', 0, 1))],
      ['close', (history) => history.close('example-9', CLOSING)],
    ])('%s of a drill that was never opened says so', async (_, act) => {
      await expect(act(history)).rejects.toMatchObject({
        name: ErrorName.DrillClosed,
        message: expect.stringContaining('example-9'),
      });
    });
  });

  describe('closing', () => {
    test('a closed drill has its verdict, is not open any more and refuses to be continued', async () => {
      await history.open(drill('example-1'), EXPIRES);
      const closed = await history.close('example-1', CLOSING);
      expect(closed).toEqual({ ...drill('example-1'), ...CLOSING, status: 'closed', phase: 'closed' });
      expect(await history.record('example-1')).toEqual(closed);
      expect(await history.openDrills()).toEqual([]);
      await expect(history.openRecord('example-1')).rejects.toMatchObject({ name: ErrorName.DrillClosed });
    });

    test('a second close leaves the first verdict and returns it', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await history.close('example-1', CLOSING);
      const second = await history.close('example-1', {
        ...CLOSING,
        closedAt: minute(200),
        verdict: { outcome: 'failed', reasons: ['late'] },
      });
      expect(second).toMatchObject({ closedAt: CLOSING.closedAt, verdict: CLOSING.verdict });
    });

    test('closing does not give the lease back, and the mail can still be noted', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await history.close('example-1', CLOSING);
      const mail = { sentAt: minute(121), messageIds: ['one'], refused: [] };
      await history.change('example-1', { mail });
      expect((await history.record('example-1'))?.mail).toEqual(mail);
      expect((await history.lease('example'))?.drillId).toBe('example-1');
    });
  });

  describe('applying', () => {
    test('is claimed by one build, which may ask again; another one is refused with its name', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await history.claimApply('example-1', 'build-1', minute(5));
      await history.claimApply('example-1', 'build-1', minute(6));
      await expect(history.claimApply('example-1', 'build-2', minute(7))).rejects.toMatchObject({
        name: ErrorName.AlreadyApplied,
        message:
          'build build-1 applies, or has applied, for drill example-1, and a drill applies once; start a new drill instead of applying again',
      });
      expect((await history.record('example-1'))?.apply).toEqual({ buildId: 'build-1', claimedAt: minute(5) });
    });

    test('of builds that ask at the same moment one is let', async () => {
      await history.open(drill('example-1'), EXPIRES);
      const asked = ['a', 'b', 'c'].map((build) => history.claimApply('example-1', build, minute(5)));
      const results = await Promise.allSettled(asked);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    test.each<[string, (history: History) => Promise<unknown>]>([
      ['whose teardown has begun', (history) => history.beginTeardown('example-1', minute(8))],
      ['that is closed', (history) => history.close('example-1', CLOSING)],
    ])('is refused to a drill %s, also to the build that has the claim', async (_, end) => {
      await history.open(drill('example-1'), EXPIRES);
      await history.claimApply('example-1', 'build-1', minute(5));
      await end(history);
      for (const build of ['build-1', 'build-2']) {
        await expect(history.claimApply('example-1', build, minute(9))).rejects.toMatchObject({
          name: ErrorName.DrillClosed,
        });
      }
    });

    test('is refused to a drill that was never opened', async () => {
      await expect(history.claimApply('example-9', 'build-1', minute(5))).rejects.toMatchObject({
        name: ErrorName.DrillClosed,
        message: expect.stringContaining('never opened'),
      });
    });
  });

  describe('sending the report', () => {
    test('is claimed by one execution, which may ask again', async () => {
      await history.open(drill('example-1'), EXPIRES);
      const asked = [by('a', 1), by('b', 2), by('a', 3), by('b', 3)];
      const granted: boolean[] = [];
      for (const claim of asked) granted.push(await history.claimReport('example-1', claim, minute(0)));
      expect(granted).toEqual([true, false, true, false]);
      expect((await history.record('example-1'))?.reportClaim).toEqual({ by: 'a', at: minute(3) });
    });

    test('is taken over from one whose claim is stale', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await history.claimReport('example-1', by('a', 1), minute(0));
      expect(await history.claimReport('example-1', by('b', 11), minute(1))).toBe(false);
      expect(await history.claimReport('example-1', by('b', 12), minute(2))).toBe(true);
    });

    test('of a drill that was never opened is refused', async () => {
      await expect(history.claimReport('example-9', by('a', 1), minute(0))).rejects.toMatchObject({
        name: ErrorName.DrillClosed,
      });
    });
  });

  describe('the beginning of a teardown', () => {
    test('is marked once, and from then on the drill is not to be built any more', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await history.beginTeardown('example-1', minute(8));
      const record = await history.beginTeardown('example-1', minute(9));
      expect(record).toEqual(drill('example-1', { teardownBegunAt: minute(8) }));
      expect(await history.record('example-1')).toEqual(record);
      await expect(history.openRecord('example-1')).rejects.toMatchObject({
        name: ErrorName.DrillClosed,
        message: `drill example-1 is being torn down since ${minute(8)}; start a new drill instead of continuing it`,
      });
      expect((await history.openDrills()).map(({ drillId }) => drillId)).toEqual(['example-1']);
    });

    test('is also marked on a drill that is closed', async () => {
      await history.open(drill('example-1'), EXPIRES);
      await history.close('example-1', CLOSING);
      expect(await history.beginTeardown('example-1', minute(8))).toMatchObject({ status: 'closed' });
    });

    test('of a drill that was never opened is refused', async () => {
      await expect(history.beginTeardown('example-9', minute(8))).rejects.toMatchObject({
        name: ErrorName.DrillClosed,
      });
    });
  });
}
