import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBuildspec } from '../../../local/builds/buildspec';
import { BUILDS } from '../../../domain/names';

test('a buildspec is read with its phases', () => {
  const text =
    'version: 0.2\nphases:\n  build:\n    on-failure: ABORT\n    commands: [node step.cjs]\n    finally: [ls]\n';
  expect(parseBuildspec('sample', text)).toEqual({
    version: 0.2,
    phases: { build: { 'on-failure': 'ABORT', commands: ['node step.cjs'], finally: ['ls'] } },
  });
});

test.each([
  ['an unknown field', 'version: 0.2\nphases: {}\nartifacts: {}\n', /sample: .*artifacts/],
  [
    'an unknown field of a phase',
    'version: 0.2\nphases: {build: {commands: [], run-as: me}}\n',
    /phases\.build: .*run-as/,
  ],
  ['a phase that does not exist', 'version: 0.2\nphases: {deploy: {commands: []}}\n', /deploy/],
  [
    'a retry, which would run Terraform twice',
    'version: 0.2\nphases: {build: {commands: [], on-failure: RETRY}}\n',
    /on-failure/,
  ],
  ['another shell', 'version: 0.2\nenv: {shell: powershell.exe}\nphases: {}\n', /env\.shell/],
  ['an older version, in which commands share no shell', 'version: 0.1\nphases: {}\n', /version/],
  ['text that is no YAML', 'version: [', /no YAML/],
])('%s is refused', (_, text, sentence) => {
  expect(() => parseBuildspec('sample', text)).toThrow(sentence);
});

test('the buildspecs of the drill can be run locally', () => {
  const texts = BUILDS.map((build) => join(__dirname, '../../../buildspecs', build, 'buildspec.yml'))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
  expect(texts.map((text) => parseBuildspec('buildspec.yml', text).phases.build?.commands)).toEqual(
    texts.map(() => ['node step.cjs']),
  );
});
