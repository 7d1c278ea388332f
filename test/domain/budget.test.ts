import { budgetObstacle } from '../../domain/budget';
import type { DrillRecord } from '../../domain/record';
import { openRecord } from '../support/open-record';

const limits = { concurrentDrills: 2, monthlyDollars: 10, dollarsPerClusterHour: 1 };
/** May take three hours and one for its teardown. */
const settings = { deadlineSeconds: 3 * 3_600 };
const now = new Date('2026-10-20T12:00:00.000Z');
const at = (day: number, hour: number): string => new Date(Date.UTC(2026, 9, day, hour)).toISOString();

/** A closed drill whose cluster stood for some hours. */
function stood(hours: number, changes: Partial<DrillRecord> = {}): DrillRecord {
  return openRecord({
    status: 'closed',
    openedAt: at(5, 6),
    bootstrapStartedAt: at(5, 7),
    teardown: { outcome: 'nothing-left', startedAt: at(5, 7), finishedAt: at(5, 7 + hours), notes: [] },
    closedAt: at(6, 7),
    ...changes,
  });
}

const isRefused = (...drills: DrillRecord[]): boolean => budgetObstacle(drills, settings, limits, now) !== undefined;

test.each<[string, DrillRecord[], boolean]>([
  ['no drill yet', [], false],
  ['what is left is just enough', [stood(6)], false],
  ['what is left is not enough', [stood(7)], true],
  ['drills of another month of the quarter do not count', [stood(9, { openedAt: '2026-09-30T23:59:59.000Z' })], false],
  ['a drill that never built anything costs nothing', [stood(9, { bootstrapStartedAt: undefined })], false],
  ['one without a teardown counts until it was closed', [stood(0, { teardown: undefined })], true],
  ['a drill that runs counts with what it may take', [openRecord({ openedAt: at(20, 11) }), stood(3)], true],
  [
    'and one that has taken longer with what it took',
    [openRecord({ openedAt: at(20, 0), bootstrapStartedAt: at(20, 4) })],
    true,
  ],
])('%s', (_, drills, refused) => {
  expect(isRefused(...(drills as DrillRecord[]))).toBe(refused);
});

test('the sentence has the figures', () => {
  expect(budgetObstacle([stood(5), stood(2)], settings, { ...limits, dollarsPerClusterHour: 1.5 }, now)).toBe(
    'it may take 4.0 cluster hours (6.00 US dollars), and the 2 drills of 2026-10 took 7.0 (10.50 US dollars) of a budget of 10.00 US dollars; raise limits.monthlyDollars in drill.yaml, or wait for the next month',
  );
});
