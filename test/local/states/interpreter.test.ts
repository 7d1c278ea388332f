import { CASES } from './cases';
import { runOurEngine } from './run-our-engine';

describe.each(CASES)('our interpreter: $name', (each) => {
  test('ends as on AWS', async () => {
    const run = await runOurEngine(each);
    expect(run.ending).toEqual(each.ends);
    expect(run.seconds).toBe(each.seconds ?? run.seconds);
    expect(run.events).toEqual(each.events ?? run.events);
  });
});
