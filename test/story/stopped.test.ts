import type { Phase } from '../../domain/record';
import { WholeDrill } from '../../local/whole-drill';
import { LONG, LONG_OBSTACLE } from '../support/long-tests';

/** Where a drill is stopped: as soon as it says that it is there, or some minutes later, in the middle of a build. */
const PLACES: readonly (readonly [Phase, number])[] = [
  ['checking-readiness', 0],
  ['provisioning', 0],
  ['provisioning', 5],
  ['awaiting-cluster', 0],
  ['installing-gitops', 1],
  ['awaiting-foundation', 3],
  ['awaiting-platform', 3],
  ['awaiting-applications', 0],
  ['stopping-builds', 0],
  ['draining', 0],
  ['destroying', 4],
  ['finding-leaks', 0],
];

/** Stops a drill at a place as `drill stop` does, and returns what is left when the guard has done its work. */
async function stoppedAt(place: Phase, minutes: number) {
  const drill = await WholeDrill.open();
  try {
    const { history, executions, evidence } = drill.connection;
    const { arn, drillId } = drill.start();
    const change = history.change.bind(history);
    let stopping: Promise<void> | undefined;
    const stop = (): void => {
      stopping = executions.stop(arn, 'somebody ended it with "drill stop"');
    };
    let isThere = false;
    history.change = async (id, changes) => {
      await change(id, changes);
      if (changes.phase !== place || isThere) return;
      isThere = true;
      if (minutes === 0) stop();
      else drill.clock.alarm(new Date(drill.clock.now().getTime() + minutes * 60_000), stop);
      await stopping;
    };
    const execution = await drill.cloud.stepFunctions.done(arn);
    await stopping;
    await drill.cloud.settled();
    const story = (await history.story(drillId))!;
    return {
      status: execution.status,
      record: story.record,
      causes: story.failures.map(({ cause }) => cause),
      leftovers: drill.leftovers(),
      lease: await history.lease(story.record.target),
      open: await history.openDrills(),
      reports: (await evidence.list('')).filter((key) => key.endsWith('/report.html')).length,
    };
  } finally {
    await drill.close();
  }
}

const suite = LONG ? describe : describe.skip;

suite(`a drill that is stopped${LONG ? '' : ` (${LONG_OBSTACLE})`}`, () => {
  test.each(PLACES)(
    'while it is %s, for %d minutes, is torn down by the guard and reported',
    async (place, minutes) => {
      const { status, record, causes, leftovers, lease, open, reports } = await stoppedAt(place, minutes);
      expect(status).toBe('ABORTED');
      expect(leftovers).toEqual([]);
      expect(record).toMatchObject({ status: 'closed', verdict: { outcome: 'failed' } });
      expect(record.teardown).toMatchObject({ outcome: 'nothing-left' });
      expect(causes).toContain('interrupted');
      expect({ lease, open, reports }).toEqual({ lease: undefined, open: [], reports: 1 });
    },
  );
});
