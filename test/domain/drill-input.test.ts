import { readDrillInput } from '../../domain/drill-input';
import { ErrorName } from '../../domain/errors';
import { shippedSettings } from '../support/story';

const targets = [shippedSettings(), { ...shippedSettings(), name: 'staging', ref: 'release' }];

test('{} drills the default target at its own ref', () => {
  expect(readDrillInput({}, targets)).toEqual({ settings: targets[0], ref: 'main' });
});

test('unknown keys are ignored, as the console proposes a comment', () => {
  expect(readDrillInput({ Comment: 'Insert your JSON here' }, targets).settings.name).toBe('example');
});

test('a target and a ref can be chosen', () => {
  expect(readDrillInput({ target: 'staging', ref: 'feature/x' }, targets)).toMatchObject({
    settings: { name: 'staging' },
    ref: 'feature/x',
  });
  expect(readDrillInput({ target: 'staging' }, targets).ref).toBe('release');
});

test.each([
  [{ target: 'stagin' }, 'There is no target "stagin"; did you mean "staging"?'],
  [{ target: 'production' }, 'There is no target "production"; drill.yaml has example, staging.'],
  [{ target: 7 }, 'The input\'s "target" is 7; write the name of a target as text'],
  [{ ref: '--exec=evil' }, 'The input\'s "ref" is "--exec=evil"; write a branch, a tag or a full commit SHA'],
  [{ ref: 'a; rm -rf /' }, 'The input\'s "ref" is "a; rm -rf /"; write a branch, a tag or a full commit SHA'],
  [{ scheduledAt: 'Monday' }, 'The input\'s "scheduledAt" is "Monday"; write an ISO 8601 time'],
  ['text', 'The input is not a JSON object'],
  [null, 'The input is not a JSON object'],
])('%j is refused with a sentence', (input, sentence) => {
  expect(() => readDrillInput(input, targets)).toThrow(
    expect.objectContaining({ name: ErrorName.InvalidInput, message: expect.stringContaining(sentence) }),
  );
});
