import { createDrillClock } from '../../../local/clock';
import { Process } from '../../../local/simulation/process';

test('a build that sleeps twice at once does not stop the clock of another one', async () => {
  const clock = createDrillClock({ start: new Date(0), speed: 'unpaced' });
  const woken: string[] = [];
  const build = (name: string, ...waits: readonly number[]): Promise<void> => {
    const ended = clock.work();
    const process = new Process();
    const own = process.clock(clock);
    const work = async (): Promise<void> => {
      await Promise.all(waits.map((wait) => own.sleep(wait * 1000)));
      woken.push(`${name} at ${clock.now().getTime() / 1000}`);
    };
    return process.run(work).finally(ended);
  };
  await Promise.all([build('one', 1, 5), build('other', 3)]);
  expect(woken).toEqual(['other at 3', 'one at 5']);
});

test('whoever has died sleeps no more', async () => {
  const clock = createDrillClock({ start: new Date(0), speed: 'unpaced' });
  const process = new Process();
  const ended = clock.work();
  const run = process.run(() => process.clock(clock).sleep(60_000)).finally(ended);
  process.kill(new Error('killed'));
  await expect(run).rejects.toThrow('killed');
  expect(clock.now()).toEqual(new Date(0));
});
