import { patientHistory } from '../../buildspecs/patient-history';
import { MemoryHistory } from '../../local/memory-history';

const THROTTLED = Object.assign(new Error('too many requests'), { name: 'ProvisionedThroughputExceededException' });

/** A history that refuses so many calls, and a clock that sleeping moves. */
function refusing(refusals: number, error: Error) {
  let now = 0;
  let left = refusals;
  const history = new MemoryHistory();
  history.openDrills = async () => {
    left -= 1;
    if (left >= 0) throw error;
    return [];
  };
  const clock = { now: () => new Date(now), sleep: async (milliseconds: number) => void (now += milliseconds) };
  return { history: patientHistory(history, clock, new AbortController().signal), seconds: () => now / 1000 };
}

test('a table that is overrun for minutes is waited for', async () => {
  const { history, seconds } = refusing(24, THROTTLED);
  await expect(history.openDrills()).resolves.toEqual([]);
  expect(seconds()).toBe(240);
});

test('a table that stays away is given up after five minutes, with its own error', async () => {
  const { history, seconds } = refusing(1000, THROTTLED);
  await expect(history.openDrills()).rejects.toBe(THROTTLED);
  expect(seconds()).toBe(300);
});

test('a refusal for good is not tried again', async () => {
  const { history, seconds } = refusing(1, Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  await expect(history.openDrills()).rejects.toThrow('no');
  expect(seconds()).toBe(0);
});

test('a build that is told to stop does not wait any more', async () => {
  const stop = new AbortController();
  stop.abort();
  const history = new MemoryHistory();
  history.openDrills = () => Promise.reject(THROTTLED);
  const clock = { now: () => new Date(0), sleep: async () => {} };
  await expect(patientHistory(history, clock, stop.signal).openDrills()).rejects.toBe(THROTTLED);
});
