import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GITOPS_SURPRISES } from './gitops-surprises';
import { KUBERNETES_SURPRISES } from './kubernetes-surprises';

const SURPRISES = [...KUBERNETES_SURPRISES, ...GITOPS_SURPRISES];

/** Surprises that are no matter of a rule, with the file and the words of the test that holds them. */
const CLIENT = 'adapters/kubernetes-client.test.ts';
const LAYER = 'domain/health/judge-layer.test.ts';
const ELSEWHERE: Readonly<Record<number, readonly [file: string, words: string]>> = {
  20: [CLIENT, "['api-403-anonymous', 'unauthorized']"],
  22: [CLIENT, 'a namespace that does not exist gives an empty list'],
  // The drain step deletes pods and never evicts them; whoever does is not told to try again soon.
  23: [CLIENT, "['api-429-eviction-blocked-by-pdb', 429, 'TooManyRequests']"],
  24: [CLIENT, "['api-409-server-side-apply-field-conflict', 409, 'Conflict']"],
  // The client polls and does not watch, so only lists expire.
  25: [CLIENT, 'a list whose token expired is begun again, and its first half is not repeated'],
  26: [CLIENT, 'items of a raw list get the kind and apiVersion that the API leaves out'],
  37: [LAYER, 'surprise 37: the sick object is named from the object itself'],
  49: [LAYER, 'surprise 49: a Kustomization that does not wait is judged by what it made'],
};

describe('surprises of the recordings', () => {
  test.each(SURPRISES.map(([number, behaviour, check]) => ({ number, behaviour, check })))(
    'surprise $number: $behaviour',
    ({ check }) => {
      expect.hasAssertions();
      check();
    },
  );

  test.each(Object.entries(ELSEWHERE))('surprise %s is tested elsewhere', (_, [file, words]) => {
    expect(readFileSync(join(__dirname, '../..', file), 'utf8')).toContain(words);
  });

  test('each of the 56 is tested here or elsewhere', () => {
    const numbers = [...SURPRISES.map(([number]) => number), ...Object.keys(ELSEWHERE).map(Number)];
    expect(numbers.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 56 }, (_, index) => index + 1));
  });
});
