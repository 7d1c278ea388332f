import { CASES } from './cases';
import { runNpmEngine } from './run-npm-engine';

/** Where the npm package differs, the case says why, and the difference itself is asserted: a mark cannot go stale. */
describe('the npm package aws-local-stepfunctions', () => {
  test.each(CASES.filter(({ npm }) => !npm))('agrees: $name', async (each) => {
    expect(await runNpmEngine(each)).toEqual(each.ends);
  });

  test.each(CASES.filter(({ npm }) => npm && !npm.notRun))('differs: $name ($npm.because)', async (each) => {
    expect(await runNpmEngine(each)).not.toEqual(each.ends);
  });

  test.skip.each(CASES.filter(({ npm }) => npm?.notRun))('is not run: $name ($npm.because)', () => {});
});
