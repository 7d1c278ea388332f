import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drilled, type DrillOutcome, type DrillRequest } from '../support/drilled';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'bootstrap');
const read = (path: string): string => readFileSync(join(EXAMPLE, path), 'utf8');

const KYVERNO = 'gitops/argocd/platform/kyverno.yaml';
const LIST = 'gitops/argocd/kustomization.yaml';
const renamed = (name: string): string => read(KYVERNO).replace(/^( {2}name: )kyverno$/m, `$1${name}`);

const REQUESTS: readonly DrillRequest[] = [
  { name: 'taken out', edits: { [LIST]: read(LIST).replace(/^.*platform\/kyverno\.yaml\n/m, '') } },
  { name: 'renamed', edits: { [KYVERNO]: renamed('policy-engine') } },
  {
    name: 'added',
    edits: {
      'gitops/argocd/platform/second.yaml': renamed('second-kyverno').replaceAll(
        /^( {4}namespace: )kyverno$/gm,
        '$1second-kyverno',
      ),
      [LIST]: read(LIST).replace(/^(.*platform\/)kyverno\.yaml$/m, '$&\n$1second.yaml'),
    },
  },
  { name: 'wrong chart version', edits: { [KYVERNO]: read(KYVERNO).replace(/^( +targetRevision: ).*$/m, '$199.0.0') } },
  { name: 'broken YAML', edits: { [KYVERNO]: 'kind: Application\n  metadata: [broken\n' } },
  { name: 'wrong ref', input: { ref: 'no-such-branch' } },
  { name: 'wrong commit', input: { ref: '0123456789abcdef0123456789abcdef01234567' } },
  { name: 'Terraform syntax', edits: { 'terraform/broken.tf': 'resource "aws_vpc" "second" {\n  cidr_block = \n}\n' } },
  { name: 'empty', repository: mkdtempSync(join(tmpdir(), 'empty-')) },
  { name: 'lacking', edits: { 'terraform/outputs.tf': '', [LIST]: 'resources: [missing.yaml]\n' } },
  {
    name: 'Flux',
    config: (text) =>
      text
        .replace('engine: argocd', 'engine: flux')
        .replace('version: 10.1.1', 'version: 2.18.3')
        .replace('path: gitops/argocd', 'path: gitops/flux'),
  },
];

let outcomes: Readonly<Record<string, DrillOutcome>>;
beforeAll(async () => {
  outcomes = await drilled(REQUESTS);
}, 180_000);

const storyOf = (name: string) => outcomes[name]!.story;
const reasonsOf = (name: string): string => storyOf(name).record.verdict!.reasons.join('\n');

describe('an edit of the example shows in the next drill', () => {
  test('a component that is taken out fails its layer before its deadline, and is named', () => {
    expect(reasonsOf('taken out')).toMatch(
      /kyverno is listed in drill\.yaml for layer platform, but the root at [0-9a-f]{7} makes no Application kyverno/,
    );
    expect(storyOf('taken out').failures[0]).toMatchObject({ layer: 'platform', cause: 'component' });
  });

  test('a component that is renamed is missed under its old name and found under its new one', () => {
    expect(reasonsOf('renamed')).toMatch(/kyverno is listed in drill\.yaml/);
    const platform = storyOf('renamed').layers.find(({ layer }) => layer === 'platform')!;
    expect(platform.components.map(({ name }) => name)).toContain('policy-engine');
  });

  test('a component that is added is judged, timed, and reported as not listed', () => {
    const { record, findings, spans } = storyOf('added');
    expect(record.verdict!.outcome).toBe('passed-with-findings');
    expect(findings).toMatchObject([
      { title: 'second-kyverno is in the platform layer, but drill.yaml does not list it' },
    ]);
    expect(spans.find(({ name }) => name === 'second-kyverno')).toMatchObject({
      kind: 'component',
      outcome: 'succeeded',
    });
  });

  test('a chart that is pinned to a version that does not exist fails its layer with the words of Argo CD', () => {
    expect(reasonsOf('wrong chart version')).toMatch(/kyverno.*99\.0\.0/);
    expect(reasonsOf('wrong chart version')).not.toContain('usually');
    expect(storyOf('wrong chart version').failures[0]).toMatchObject({ layer: 'platform', cause: 'component' });
  });

  test('a Terraform syntax error fails the drill with its file and line', () => {
    expect(reasonsOf('Terraform syntax')).toMatch(/broken\.tf:2/);
    expect(storyOf('Terraform syntax').failures[0]!.cause).toBe('terraform');
    expect(outcomes['Terraform syntax']!.leftovers).toEqual([]);
  });

  test.each([
    ['broken YAML', /gitops\/argocd\/platform\/kyverno\.yaml:\d+/],
    ['wrong ref', /no-such-branch/],
    ['wrong commit', /0123456789abcdef0123456789abcdef01234567/],
    ['empty', /^The repository is empty at this commit; copy examples\/bootstrap into it to begin with$/],
    ['lacking', /vpc_id[^]*missing\.yaml/],
  ])('%s is refused before anything is built, in a sentence that names it', (name, sentence) => {
    expect(reasonsOf(name)).toMatch(sentence);
    expect(storyOf(name).failures[0]!.cause).toBe('repository');
    expect(storyOf(name).record.bootstrapStartedAt).toBeUndefined();
  });
});

test('the example drilled by Flux passes too', () => {
  expect(storyOf('Flux').record.verdict).toMatchObject({ outcome: 'passed' });
});
