import { CASES } from './cases';
import { NPM_DEVIATIONS } from './deviations';
import { runNpmEngine } from './run-npm-engine';

const agreeing = CASES.filter(({ name }) => !NPM_DEVIATIONS[name]);
const differing = CASES.flatMap((each) => {
  const deviation = NPM_DEVIATIONS[each.name];
  return deviation ? [{ ...each, ...deviation }] : [];
});

/** Where the npm package differs, the difference itself is asserted, so that a mark cannot go stale. */
describe('the npm package aws-local-stepfunctions', () => {
  test.each(agreeing)('agrees: $name', async (each) => {
    expect(await runNpmEngine(each)).toEqual(each.ends);
  });

  test.each(differing.filter(({ notRun }) => !notRun))('differs: $name ($because; AWS: $rule)', async (each) => {
    expect(await runNpmEngine(each)).not.toEqual(each.ends);
  });

  for (const { name, because, rule } of differing.filter(({ notRun }) => notRun)) {
    test.todo(`is not asked: ${name} (${because}; AWS: ${rule})`);
  }

  test('every mark names a case', () => {
    expect(differing.map(({ name }) => name).toSorted()).toEqual(Object.keys(NPM_DEVIATIONS).toSorted());
  });
});
