import { resolveRef } from '../../domain/resolve-ref';

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [string, string, string, string];
const listing = [
  `${a}\tHEAD`,
  `${a}\trefs/heads/main`,
  `${b}\trefs/heads/release/1.2`,
  `${c}\trefs/tags/v1.2.0`,
  `${d}\trefs/tags/v1.2.0^{}`,
  `${b}\trefs/tags/light`,
  `${b}\trefs/heads/both`,
  `${c}\trefs/tags/both`,
  '',
].join('\n');
const resolve = (ref: string): string => resolveRef(listing, ref, 'https://git.example.com/r.git');

it.each([
  ['a branch', 'main', a],
  ['a branch with a slash', 'release/1.2', b],
  ['a full name', 'refs/heads/main', a],
  ['a lightweight tag', 'light', b],
  ['an annotated tag, as the commit that it points to', 'v1.2.0', d],
  ['an annotated tag by its full name', 'refs/tags/v1.2.0', d],
  ['a full SHA that is no tip', 'e'.repeat(40), 'e'.repeat(40)],
])('resolves %s', (_what, ref, commit) => {
  expect(resolve(ref)).toBe(commit);
});

it.each([
  ['misspelt', 'maim', 'did you mean main'],
  ['unknown', 'production', 'it has main, release/1.2, v1.2.0, light, both and 1 more'],
  ['a shortened SHA', 'aaaaaaa', 'a commit must be given with all 40 digits of its SHA'],
])('refuses a ref that is %s and says what to write', (_what, ref, mend) => {
  expect(() => resolve(ref)).toThrow(`The ref ${ref} does not exist in https://git.example.com/r.git; ${mend}`);
});

it('refuses a name that is a branch and a tag', () => {
  expect(() => resolve('both')).toThrow('is a branch and a tag; write refs/heads/both or refs/tags/both');
});

it('says that a repository has no refs', () => {
  expect(() => resolveRef('', 'main', 'r')).toThrow('the repository has no branches and no tags yet');
});
