import { createDrillClock, type DrillClock } from '../../local/clock';

const START = new Date('2026-10-05T06:00:00.000Z');
const HOUR = 3_600_000;

function unpaced(onAdvance?: (now: Date) => void): DrillClock {
  return createDrillClock({ start: START, speed: 'unpaced', ...(onAdvance && { onAdvance }) });
}

function elapsed(clock: DrillClock): number {
  return clock.now().getTime() - START.getTime();
}

/** Real time, in which a worker computes or waits for another process. */
function realMilliseconds(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** Who wakes when, of a thousand workers that sleep five times each. */
async function thousandWorkers(): Promise<string> {
  const clock = unpaced();
  const seen: string[] = [];
  const worker = async (id: number): Promise<void> => {
    const ended = clock.work();
    for (let nap = 1; nap <= 5; nap += 1) {
      await clock.sleep(((id * 7919 + nap * 104_729) % 50) * 100);
      seen.push(`${id}.${nap}@${elapsed(clock)}`);
    }
    ended();
  };
  await Promise.all(Array.from({ length: 1000 }, (_, id) => worker(id)));
  return seen.join();
}

describe('an unpaced drill clock', () => {
  test('takes no real time for hours of sleep', async () => {
    const clock = unpaced();
    const before = performance.now();
    await clock.sleep(2 * HOUR);
    expect(elapsed(clock)).toBe(2 * HOUR);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test('stands still while a worker works, however long it really takes', async () => {
    const clock = unpaced();
    const ended = clock.work();
    const other = clock.work();
    const sleeper = clock.sleep(1000).then(other);
    await realMilliseconds(20);
    expect(elapsed(clock)).toBe(0);
    ended();
    await sleeper;
    expect(elapsed(clock)).toBe(1000);
  });

  test('wakes by instant, and at the same instant in the order of asking', async () => {
    const clock = unpaced();
    const order: string[] = [];
    const naps: [string, number][] = [
      ['c', 30],
      ['a', 10],
      ['b1', 20],
      ['b2', 20],
      ['b3', 20],
      ['now', 0],
    ];
    await Promise.all(naps.map(([name, time]) => clock.sleep(time).then(() => order.push(name))));
    expect(order).toEqual(['now', 'a', 'b1', 'b2', 'b3', 'c']);
  });

  test('lets each worker come to rest before it wakes the next one of the same instant', async () => {
    const clock = unpaced();
    const order: string[] = [];
    const worker = async (name: string): Promise<void> => {
      const ended = clock.work();
      await clock.sleep(100);
      order.push(`${name} wakes`);
      await realMilliseconds(name === 'first' ? 15 : 1);
      order.push(`${name} ends`);
      ended();
    };
    await Promise.all([worker('first'), worker('second')]);
    expect(order).toEqual(['first wakes', 'first ends', 'second wakes', 'second ends']);
  });

  test('gives the same order for a thousand workers every time', async () => {
    const first = await thousandWorkers();
    expect(first.split(',')).toHaveLength(5000);
    expect(await thousandWorkers()).toBe(first);
  });

  test('does not move between the end of one worker and the start of the next', async () => {
    const clock = unpaced();
    const first = clock.work();
    const rang: number[] = [];
    clock.alarm(new Date(START.getTime() + 1000), () => rang.push(elapsed(clock)));
    await realMilliseconds(1);
    first();
    await Promise.resolve();
    const second = clock.work();
    await realMilliseconds(20);
    expect(rang).toEqual([]);
    expect(elapsed(clock)).toBe(0);
    second();
    await realMilliseconds(20);
    expect(rang).toEqual([1000]);
  });

  test('does not move while a worker that was waited for hands over its result', async () => {
    const clock = unpaced();
    clock.alarm(new Date(START.getTime() + HOUR), () => {});
    const caller = clock.work();
    const called = async (): Promise<string> => {
      const ended = clock.work();
      await clock.sleep(1000);
      ended();
      return 'result';
    };
    const result = await clock.idle(called());
    await realMilliseconds(10);
    expect([result, elapsed(clock)]).toEqual(['result', 1000]);
    caller();
  });

  test('wakes the caller that idles with the error of the one it waits for', async () => {
    const clock = unpaced();
    const caller = clock.work();
    await expect(clock.idle(clock.sleep(10).then(() => Promise.reject(new Error('broken'))))).rejects.toThrow('broken');
    clock.alarm(new Date(START.getTime() + HOUR), () => {});
    await realMilliseconds(10);
    expect(elapsed(clock)).toBe(10);
    caller();
  });

  test('rejects an aborted sleep with the reason, holds the clock for it, and forgets its wake-up', async () => {
    const clock = unpaced();
    const other = clock.work();
    const ended = clock.work();
    const stop = new AbortController();
    const sleep = clock.sleep(HOUR, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(sleep).rejects.toThrow('stopped');
    other();
    clock.alarm(new Date(START.getTime() + 5), () => {});
    await realMilliseconds(10);
    expect(elapsed(clock)).toBe(0);
    ended();
    await realMilliseconds(10);
    expect(elapsed(clock)).toBe(5);
    await expect(clock.sleep(1, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  test('an abort after waking changes nothing', async () => {
    const clock = unpaced();
    const stop = new AbortController();
    await clock.sleep(5, stop.signal);
    stop.abort();
    await clock.sleep(5);
    expect(elapsed(clock)).toBe(10);
  });

  test('rings alarms at their instant, those of the past at once, and cancelled ones never', async () => {
    const clock = unpaced();
    const rang: string[] = [];
    await clock.sleep(1000);
    clock.alarm(new Date(START.getTime() + 3000), () => rang.push(`later ${elapsed(clock)}`));
    clock.alarm(START, () => rang.push(`past ${elapsed(clock)}`));
    const cancel = clock.alarm(new Date(START.getTime() + 2000), () => rang.push('cancelled'));
    expect(rang).toEqual([]);
    cancel();
    cancel();
    await clock.sleep(5000);
    expect(rang).toEqual(['past 1000', 'later 3000']);
  });

  test('a sleep outside any work neither holds the clock nor owes it anything', async () => {
    const clock = unpaced();
    const outside = clock.sleep(50);
    const worker = async (): Promise<void> => {
      const ended = clock.work();
      await realMilliseconds(10);
      expect(elapsed(clock)).toBe(0);
      await clock.sleep(100);
      ended();
    };
    await Promise.all([outside, worker()]);
    await clock.idle(clock.sleep(100));
    await clock.sleep(100);
    expect(elapsed(clock)).toBe(300);
  });

  test('work that ends while somebody still sleeps on its behalf leaves the count right', async () => {
    const clock = unpaced();
    const ended = clock.work();
    const orphan = clock.sleep(1000);
    ended();
    ended();
    const next = clock.work();
    await realMilliseconds(10);
    expect(elapsed(clock)).toBe(0);
    next();
    await orphan;
    await clock.sleep(1000);
    expect(elapsed(clock)).toBe(2000);
  });

  test('tells of every move', async () => {
    const moves: number[] = [];
    const clock = unpaced((now) => moves.push(now.getTime() - START.getTime()));
    await Promise.all([clock.sleep(10), clock.sleep(10), clock.sleep(25)]);
    expect(moves).toEqual([10, 25]);
  });

  test('moves by whole milliseconds and refuses what is not a duration', async () => {
    const clock = unpaced();
    await clock.sleep(0.2);
    await clock.sleep(-5);
    expect(elapsed(clock)).toBe(1);
    await expect(clock.sleep(Number.NaN)).rejects.toThrow('cannot sleep for NaN milliseconds');
    expect(() => createDrillClock({ start: START, speed: 0 })).toThrow('speed 0 of the drill clock');
  });
});

describe('a paced drill clock', () => {
  test('takes the real time that the speed says, moving smoothly', async () => {
    const moves: number[] = [];
    const clock = createDrillClock({ start: START, speed: 36_000, onAdvance: (now) => moves.push(now.getTime()) });
    const before = performance.now();
    await clock.sleep(2 * HOUR);
    const took = performance.now() - before;
    expect(elapsed(clock)).toBe(2 * HOUR);
    expect(took).toBeGreaterThanOrEqual(190);
    expect(took).toBeLessThan(1000);
    expect(moves.length).toBeGreaterThanOrEqual(4);
    expect(moves).toEqual(moves.toSorted((a, b) => a - b));
  });

  test('adds up jumps that are too short for a timer', async () => {
    const clock = createDrillClock({ start: START, speed: 36_000 });
    const before = performance.now();
    for (let step = 0; step < 2000; step += 1) await clock.sleep(HOUR / 1000);
    const took = performance.now() - before;
    expect(elapsed(clock)).toBe(2 * HOUR);
    expect(took).toBeGreaterThanOrEqual(190);
    expect(took).toBeLessThan(1500);
  });

  test('stops advancing when work begins on the way', async () => {
    const clock = createDrillClock({ start: START, speed: 36_000 });
    const sleeper = clock.sleep(2 * HOUR);
    await realMilliseconds(90);
    const ended = clock.work();
    const reached = elapsed(clock);
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(2 * HOUR);
    await realMilliseconds(60);
    expect(elapsed(clock)).toBe(reached);
    ended();
    await sleeper;
    expect(elapsed(clock)).toBe(2 * HOUR);
  });

  test('heeds a sooner wake-up that is asked for on the way', async () => {
    const clock = createDrillClock({ start: START, speed: 36_000 });
    const sleeper = clock.sleep(2 * HOUR);
    await realMilliseconds(60);
    let rang = -1;
    clock.alarm(new Date(clock.now().getTime() + 1), () => {
      rang = elapsed(clock);
    });
    const asked = elapsed(clock) + 1;
    await sleeper;
    expect(rang).toBe(asked);
  });
});
