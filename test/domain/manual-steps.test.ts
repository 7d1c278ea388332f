import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../domain/errors';
import { parseManualSteps } from '../../domain/manual-steps';

const STEP = `steps:
  - name: unseal-vault
    layer: platform
    description: Unseal Vault with three of the five key shares.
    owner: platform-oncall@example.com
    minutes: 15
`;

describe('manual-steps.yaml', () => {
  test('declares steps with layer, owner and expected minutes', () => {
    expect(parseManualSteps(STEP)).toEqual([
      {
        name: 'unseal-vault',
        source: 'declared',
        layer: 'platform',
        description: 'Unseal Vault with three of the five key shares.',
        owner: 'platform-oncall@example.com',
        expectedMinutes: 15,
        status: 'declared',
      },
    ]);
  });

  test.each([
    ['an empty file', ''],
    ['only a comment', '# nothing\n'],
    ['an empty list', 'steps: []\n'],
  ])('declares nothing by %s', (_, text) => {
    expect(parseManualSteps(text)).toEqual([]);
  });

  test('of the example is right', () => {
    const text = readFileSync(join(__dirname, '../../examples/bootstrap/manual-steps.yaml'), 'utf8');
    expect(Array.isArray(parseManualSteps(text))).toBe(true);
  });

  test.each([
    [
      'a layer that does not exist',
      STEP.replace('layer: platform', 'layer: plattform'),
      'manual-steps.yaml: steps[0].layer is "plattform"; did you mean platform?',
    ],
    [
      'a missing description',
      STEP.replace(/ {4}description.*\n/, ''),
      'manual-steps.yaml: steps[0].description is missing; say in a sentence what is to be done.',
    ],
    [
      'a misspelt key',
      STEP.replace('owner', 'ownr'),
      'manual-steps.yaml: steps[0].ownr is not known here; did you mean owner?',
    ],
    [
      'a name that is no slug',
      STEP.replace('unseal-vault', 'Unseal Vault'),
      'manual-steps.yaml: steps[0].name is "Unseal Vault"; use lower-case letters, digits and hyphens, beginning with a letter.',
    ],
    [
      'minutes as text',
      STEP.replace('15', 'ten'),
      'manual-steps.yaml: steps[0].minutes is "ten"; write the minutes it takes as a number.',
    ],
    [
      'a list at the top',
      '- unseal\n',
      'manual-steps.yaml: the file is ["unseal"]; write a mapping with the key steps.',
    ],
    [
      'a name twice',
      STEP + STEP.replace('steps:\n', ''),
      'manual-steps.yaml: steps[1].name is "unseal-vault", which an earlier step has too; give each step its own name.',
    ],
  ])('is refused with %s', (_, text, sentence) => {
    expect(() => parseManualSteps(text)).toThrow(new UserError(sentence));
  });

  test('that is not YAML is refused with file and line', () => {
    expect(() => parseManualSteps('steps:\n  - name: "unseal\n', 'repo/manual-steps.yaml')).toThrow(
      /^repo\/manual-steps\.yaml:\d+: this is not YAML: /,
    );
  });
});
