import type { Check } from '../../../local/lab/check';
import type { Lab, Watch } from '../../../local/lab/lab';
import { exampleProviderVersion, findTools, thisMachine, type LabTools } from '../../../local/lab/tools';

/** The acts of `npm run lab`, each check a line of what is expected. They take minutes, so they must be asked for. */
function labTools(): { readonly tools: LabTools } | { readonly missing: readonly string[] } {
  if (!process.env['LAB']) return { missing: ['run with LAB=1 to include them'] };
  return findTools(thisMachine, exampleProviderVersion());
}

const found = labTools();
const suite = 'tools' in found ? describe : describe.skip;

suite(
  `drills with the real Terraform against moto${'tools' in found ? '' : ` (skipped: ${found.missing.join(' ')})`}`,
  () => {
    jest.setTimeout(600_000);
    let lab: Lab;
    const watch: Watch = ({ arn }) => lab.cloud.stepFunctions.done(arn);

    // Loaded here, because synthesis takes a second that nobody should wait for who skips these.
    beforeAll(async () => {
      const { Lab: TheLab } = await import('../../../local/lab/lab');
      if ('tools' in found) lab = await TheLab.open({ tools: found.tools, variables: { encrypt_secrets: true } });
    });
    afterAll(() => lab?.close());

    async function play(act: (lab: Lab, watch: Watch) => Promise<readonly Check[]>): Promise<readonly Check[]> {
      const checks = await act(lab, watch);
      expect(checks.length).toBeGreaterThan(4);
      return checks.filter(({ holds }) => !holds);
    }

    test('a whole drill passes and leaves nothing', async () => {
      const { wholeDrill } = await import('../../../local/lab/whole-drill');
      expect(await play(wholeDrill)).toEqual([]);
    });

    test('what a killed apply left is found and removed, and nothing beside it', async () => {
      const { killedApply } = await import('../../../local/lab/broken-apply');
      expect(await play(killedApply)).toEqual([]);
    });

    test('an apply that is stopped keeps its state, and is destroyed by it', async () => {
      const { stoppedApply } = await import('../../../local/lab/broken-apply');
      expect(await play(stoppedApply)).toEqual([]);
    });
  },
);
