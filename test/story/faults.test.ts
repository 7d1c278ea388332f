import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FAULT_KINDS } from '../../local/simulation/faults';
import { MUTATIONS } from '../../local/simulation/mutations';
import type { SimulatedDrills } from '../support/simulation-worker';

/** A fixed number of the seeds of `npm run simulate`; every third kind of fault happens in them. */
const SEEDS = Array.from({ length: 16 }, (_, index) => index + 1);

let drills: SimulatedDrills;
beforeAll(async () => {
  const root = join(__dirname, '..', '..');
  const args = ['bin/launch.cjs', 'test/support/simulation-worker.ts', JSON.stringify(SEEDS)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  drills = JSON.parse(stdout) as SimulatedDrills;
}, 180_000);

test('no invariant is broken by faults at any step', () => {
  const broken = drills.outcomes
    .filter(({ violations }) => violations.length > 0)
    .map(({ plan, violations, story }) => ({ seed: plan.seed, violations, story }));
  expect(broken).toEqual([]);
});

test('the faults of many kinds happen, and drills end in every way', () => {
  const happened = new Set(drills.outcomes.flatMap(({ injected }) => injected.map(({ kind }) => kind)));
  expect(happened.size).toBeGreaterThan(FAULT_KINDS.length / 3);
  const verdicts = new Set(drills.outcomes.flatMap((outcome) => outcome.verdicts));
  expect([...verdicts].toSorted()).toEqual(['failed', 'passed', 'passed-with-findings']);
});

test('the same seed is the same drill, to the byte', () => {
  const [first] = drills.outcomes;
  expect(first!.injected.length).toBeGreaterThan(0);
  expect(JSON.stringify(drills.again)).toBe(JSON.stringify(first));
});

test.each(MUTATIONS)('without $name it is noticed that $what', ({ name, breaks }) => {
  const { before, after } = drills.mutations[name]!;
  expect(before.violations).toEqual([]);
  expect(after.violations.map(({ invariant }) => invariant)).toContain(breaks);
});
