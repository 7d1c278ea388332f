import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrillStory } from '../../domain/record';
import { WholeDrill, type WholeDrillOptions } from '../../local/whole-drill';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'bootstrap');
const read = (path: string): string => readFileSync(join(EXAMPLE, path), 'utf8');
const KYVERNO = 'gitops/argocd/platform/kyverno.yaml';

let drill: WholeDrill;
afterEach(() => drill?.close());

async function drilled(options: WholeDrillOptions, input: unknown = {}): Promise<DrillStory> {
  drill = await WholeDrill.open(options);
  return (await drill.run(input)).story;
}

const reasons = ({ record }: DrillStory): string => record.verdict!.reasons.join('\n');

describe('an edit of the example shows in the next drill', () => {
  test('a component that is taken out fails its layer before its deadline, and is named', async () => {
    const list = read('gitops/argocd/kustomization.yaml').replace(/^.*platform\/kyverno\.yaml\n/m, '');
    const story = await drilled({ edits: { 'gitops/argocd/kustomization.yaml': list } });
    expect(reasons(story)).toMatch(
      /kyverno is listed in drill\.yaml for layer platform, but the root at [0-9a-f]{7} makes no Application kyverno/,
    );
    expect(story.failures[0]).toMatchObject({ layer: 'platform', cause: 'component' });
  }, 60_000);

  test('a component that is renamed is missed under its old name and found under its new one', async () => {
    const renamed = read(KYVERNO).replace(/^( {2}name: )kyverno$/m, '$1policy-engine');
    const story = await drilled({ edits: { [KYVERNO]: renamed } });
    expect(reasons(story)).toMatch(/kyverno is listed in drill\.yaml/);
    expect(story.layers.find(({ layer }) => layer === 'platform')!.components.map(({ name }) => name)).toContain(
      'policy-engine',
    );
  }, 60_000);

  test('a component that is added is judged, timed, and reported as not listed', async () => {
    const added = read(KYVERNO)
      .replace(/^( {2}name: )kyverno$/m, '$1second-kyverno')
      .replaceAll(/^( {4}namespace: )kyverno$/gm, '$1second-kyverno');
    const list = read('gitops/argocd/kustomization.yaml').replace(
      /^(.*platform\/)kyverno\.yaml$/m,
      '$&\n$1second.yaml',
    );
    const story = await drilled({
      edits: { 'gitops/argocd/platform/second.yaml': added, 'gitops/argocd/kustomization.yaml': list },
    });
    expect(story.record.verdict!.outcome).toBe('passed-with-findings');
    expect(story.findings).toMatchObject([
      { title: 'second-kyverno is in the platform layer, but drill.yaml does not list it' },
    ]);
    expect(story.spans.find(({ name }) => name === 'second-kyverno')).toMatchObject({
      kind: 'component',
      outcome: 'succeeded',
    });
  }, 60_000);

  test('a chart that is pinned to a version that does not exist fails its layer with the words of Argo CD', async () => {
    const wrong = read(KYVERNO).replace(/^( +targetRevision: ).*$/m, '$199.0.0');
    const story = await drilled({ edits: { [KYVERNO]: wrong } });
    expect(reasons(story)).toMatch(/kyverno.*99\.0\.0/);
    expect(story.failures[0]).toMatchObject({ layer: 'platform', cause: 'component' });
  }, 60_000);

  test('broken YAML is refused before anything is built, with file and line', async () => {
    const story = await drilled({ edits: { [KYVERNO]: 'kind: Application\n  metadata: [broken\n' } });
    expect(reasons(story)).toMatch(/gitops\/argocd\/platform\/kyverno\.yaml:\d+/);
    expect(story.failures[0]!.cause).toBe('repository');
    expect(story.record.bootstrapStartedAt).toBeUndefined();
  });

  test('a ref that does not exist is refused before anything is built, and is named', async () => {
    const story = await drilled({}, { ref: 'no-such-branch' });
    expect(reasons(story)).toContain('no-such-branch');
    expect(story.failures[0]!.cause).toBe('repository');
  });

  test('a Terraform syntax error fails the drill with its file and line', async () => {
    const story = await drilled({
      edits: { 'terraform/broken.tf': 'resource "aws_vpc" "second" {\n  cidr_block = \n}\n' },
    });
    expect(reasons(story)).toMatch(/broken\.tf:2/);
    expect(story.failures[0]!.cause).toBe('terraform');
    expect(drill.leftovers()).toEqual([]);
  });

  test('an empty repository is told so', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'empty-'));
    const story = await drilled({ repository: empty });
    rmSync(empty, { recursive: true });
    expect(reasons(story)).toBe(
      'The repository is empty at this commit; copy examples/bootstrap into it to begin with',
    );
    expect(story.failures[0]!.cause).toBe('repository');
  });
});

test('a repository that lacks more than one thing is told each', async () => {
  const story = await drilled({
    edits: { 'terraform/outputs.tf': '', 'gitops/argocd/kustomization.yaml': 'resources: [missing.yaml]\n' },
  });
  expect(reasons(story)).toMatch(/vpc_id/);
  expect(reasons(story)).toMatch(/missing\.yaml/);
});

test('the example drilled by Flux passes too', async () => {
  const story = await drilled({
    config: (text) =>
      text
        .replace('engine: argocd', 'engine: flux')
        .replace('version: 10.1.1', 'version: 2.18.3')
        .replace('path: gitops/argocd', 'path: gitops/flux'),
  });
  expect(story.record.verdict).toMatchObject({ outcome: 'passed' });
}, 60_000);
