import { QuickChance } from '../../../local/lab/quick-chance';
import { wallClock } from '../../../local/lab/wall-clock';
import { Chance } from '../../../local/chance';

afterEach(() => jest.useRealTimers());

test('an alarm rings at its instant, unless it is cancelled', () => {
  jest.useFakeTimers({ now: 0 });
  const rung: string[] = [];
  wallClock.alarm(new Date(1000), () => rung.push('one'));
  wallClock.alarm(new Date(1000), () => rung.push('other'))();
  jest.advanceTimersByTime(999);
  expect(rung).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(rung).toEqual(['one']);
});

test('quick chance is the same chance, faster', () => {
  const slow = new Chance(7).milliseconds('pod', 600);
  expect(new QuickChance(7, 60).milliseconds('pod', 600)).toBe(Math.round(slow / 60));
});
