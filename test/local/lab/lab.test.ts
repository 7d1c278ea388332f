import { killedApply, stoppedApply } from '../../../local/lab/broken-apply';
import { exampleProviderVersion, Lab, type Watch } from '../../../local/lab/lab';
import { findTools, thisMachine } from '../../../local/lab/tools';
import { wholeDrill } from '../../../local/lab/whole-drill';

/** The acts of `npm run lab`, each check a line of what is expected. They take minutes, so they must be asked for. */
const found = findTools(thisMachine, exampleProviderVersion());
const obstacle = !process.env['LAB']
  ? 'run with LAB=1 to include them'
  : 'missing' in found
    ? found.missing.join(' ')
    : undefined;
const suite = obstacle === undefined ? describe : describe.skip;

suite(`drills with the real Terraform against moto${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`, () => {
  jest.setTimeout(600_000);
  const nobodyWatches: Watch = ({ arn }) => lab.cloud.stepFunctions.done(arn);
  let lab: Lab;
  beforeAll(async () => {
    if ('tools' in found) lab = await Lab.open({ tools: found.tools, variables: { encrypt_secrets: true } });
  });
  afterAll(() => lab?.close());

  test.each([
    ['a whole drill passes and leaves nothing', wholeDrill],
    ['what a killed apply left is found and removed, and nothing beside it', killedApply],
    ['an apply that is stopped keeps its state, and is destroyed by it', stoppedApply],
  ])('%s', async (_what, act) => {
    const checks = await act(lab, nobodyWatches);
    expect(checks.length).toBeGreaterThan(4);
    expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  });
});
