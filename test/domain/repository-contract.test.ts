import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../domain/config';
import type { Readiness } from '../../domain/record';
import { checkRepository, kubernetesVersionOf, REPOSITORY_CHECKS } from '../../domain/repository-contract';
import type { Settings } from '../../domain/settings';
import { exampleFiles, repositoryFiles, type Texts } from '../support/repositories';

const root = join(__dirname, '../..');
const shipped = loadConfig(readFileSync(join(root, 'drill.yaml'), 'utf8'), 'drill.yaml').targets[0]!.settings;
const flux: Settings = { ...shipped, gitops: { engine: 'flux', version: '2.18.3', path: 'gitops/flux' } };

function faults(edits: Texts, settings = shipped): readonly Readiness[] {
  return checkRepository(exampleFiles(edits), settings).filter((check) => check.status !== 'passed');
}

/** `status: sentence` of everything that did not pass. */
function sentences(edits: Texts, settings = shipped): string[] {
  return faults(edits, settings).map(({ status, sentence }) => `${status}: ${sentence}`);
}

const text = (path: string): string => exampleFiles().text(path)!;

describe('the example repository', () => {
  it.each([
    ['Argo CD', shipped],
    ['Flux', flux],
  ])('fulfils every point of the contract with %s', (_engine, settings) => {
    const checks = checkRepository(exampleFiles(), settings);
    expect(checks.filter((check) => check.status !== 'passed')).toEqual([]);
    expect(checks.map((check) => check.name)).toEqual(Object.values(REPOSITORY_CHECKS));
  });

  it('names each check in its README', () => {
    for (const check of Object.values(REPOSITORY_CHECKS)) expect(text('README.md')).toContain(`\`${check}\``);
  });

  it('says which Kubernetes version it takes, and drill.yaml overrides it', () => {
    expect(
      kubernetesVersionOf(exampleFiles(), { ...shipped, terraform: { ...shipped.terraform, variables: {} } }),
    ).toBe('1.35');
    const variables = { kubernetes_version: '1.36' };
    expect(kubernetesVersionOf(exampleFiles(), { ...shipped, terraform: { ...shipped.terraform, variables } })).toBe(
      '1.36',
    );
  });
});

describe('a repository that lacks something', () => {
  it('is told when it is empty', () => {
    expect(checkRepository(repositoryFiles({}), shipped)).toEqual([
      {
        name: 'repository content',
        status: 'refused',
        sentence: 'The repository is empty at this commit; copy examples/bootstrap into it to begin with',
      },
    ]);
  });

  it('is told where its Terraform code is when the setting points elsewhere', () => {
    const settings = { ...shipped, terraform: { ...shipped.terraform, directory: 'infra' } };
    expect(sentences({}, settings)).toEqual([
      'refused: infra: there are no .tf files; there are some in terraform, so set terraform.directory in drill.yaml',
    ]);
  });

  it('is told which GitOps folder it has when the setting names none', () => {
    const settings: Settings = { ...shipped, gitops: { ...shipped.gitops, path: 'gitops/argo' } };
    expect(sentences({}, settings)).toEqual([
      'refused: gitops/argo: there is no such folder; there is a kustomization.yaml in gitops/argocd, so set gitops.path in drill.yaml',
    ]);
  });

  it.each<[string, Texts, string]>([
    [
      'a variable of the contract',
      {
        'terraform/variables.tf': text('terraform/variables.tf').replace('variable "region"', 'variable "aws_region"'),
      },
      'refused: terraform: the variable region is not declared; the drill sets it',
    ],
    [
      'an output of the contract that is only in a comment',
      { 'terraform/outputs.tf': '# output "cluster_name" {}\noutput "vpc_id" {\n  value = aws_vpc.this.id\n}\n' },
      'refused: terraform: the output cluster_name is not declared; the drill reads it after the apply',
    ],
    [
      'a value for a variable without a default',
      { 'terraform/more.tf': 'variable "zone" {\n  type = string\n}\n' },
      'refused: terraform/more.tf: the variable zone has no default; give it a value in drill.yaml (terraform.variables)',
    ],
    [
      'the root kustomization',
      { 'gitops/argocd/kustomization.yaml': undefined },
      'refused: gitops/argocd: there is no kustomization.yaml; add one that lists what the root Application applies',
    ],
    [
      'access by the API of EKS',
      { 'terraform/cluster.tf': text('terraform/cluster.tf').replace('= "API"', '= "CONFIG_MAP"') },
      'refused: terraform: aws_eks_cluster sets no authentication_mode that includes API, so the drill could not let its own roles in; set it to "API" in access_config',
    ],
    [
      'submodules',
      { '.gitmodules': '[submodule "modules"]' },
      'warned: The repository has submodules, which are not fetched; put what a drill needs into it',
    ],
    [
      'a file that the root names',
      { 'gitops/argocd/platform/kyverno.yaml': undefined },
      'refused: gitops/argocd/kustomization.yaml:31: names the resource platform/kyverno.yaml, but there is no gitops/argocd/platform/kyverno.yaml; add it or take its line out',
    ],
    [
      'a folder that an Application applies',
      { 'gitops/argocd/applications/web.yaml': text('gitops/argocd/applications/web.yaml').replace('s/web', 's/wbe') },
      'refused: gitops/argocd/applications/web.yaml:1: Application applies the folder applications/wbe, but there is no file in it; mend its path or add the folder',
    ],
    [
      'a component that was taken out',
      {
        'gitops/argocd/kustomization.yaml': text('gitops/argocd/kustomization.yaml').replace(
          '  - platform/kyverno.yaml\n',
          '',
        ),
      },
      'warned: drill.yaml lists kyverno in the platform layer, but gitops/argocd has no Application of that name; add it, unless an ApplicationSet or another repository makes it',
    ],
    [
      'a component that was renamed',
      {
        'gitops/argocd/platform/kyverno.yaml': text('gitops/argocd/platform/kyverno.yaml').replace(
          '  name: kyverno\n',
          '  name: kyverno2\n',
        ),
      },
      'warned: drill.yaml lists kyverno in the platform layer, but gitops/argocd has no Application of that name; did you mean kyverno2',
    ],
    [
      'manual-steps.yaml',
      { 'manual-steps.yaml': undefined },
      'warned: manual-steps.yaml: there is no such file; add it with "steps: []", or declare what is still done by hand',
    ],
  ])('is told that it lacks %s', (_what, edits, sentence) => {
    expect(sentences(edits)).toContain(sentence);
  });

  it('is told that nothing carries the tags', () => {
    const versions = text('terraform/versions.tf').replace('tags = var.tags', 'tags = {}');
    const nodes = text('terraform/nodes.tf').replace('var.tags', '{}');
    const addons = text('terraform/addons.tf').replace('var.tags', '{}');
    const edits = { 'terraform/versions.tf': versions, 'terraform/nodes.tf': nodes, 'terraform/addons.tf': addons };
    expect(sentences(edits)[0]).toMatch(/^refused: terraform: nothing uses var\.tags, .*; set default_tags/);
  });
});

describe('a repository with a mistake', () => {
  const traefik = text('gitops/argocd/foundation/traefik.yaml');
  const web = text('gitops/argocd/applications/web.yaml');
  /** Traefik from a folder of another repository at a revision. */
  const at = (revision: string): Texts => ({
    'gitops/argocd/foundation/traefik.yaml': traefik
      .replace('chart: traefik', 'path: deploy')
      .replace('41.3.0', revision),
  });

  it.each<[string, Texts, RegExp]>([
    [
      'broken YAML with file and line',
      { 'gitops/argocd/foundation/traefik.yaml': traefik.replace('  namespace: argocd\n', '  namespace: [argocd\n') },
      /^refused: gitops\/argocd\/foundation\/traefik\.yaml:\d+: this is not YAML \(/,
    ],
    [
      'broken YAML of an application in the same repository',
      { 'applications/web/service.yaml': 'kind: Service\n  spec: 1\n' },
      /^refused: applications\/web\/service\.yaml:\d+: this is not YAML \(/,
    ],
    [
      'a manifest without a kind',
      { 'applications/web/service.yaml': 'name: web\n' },
      /^refused: applications\/web\/service\.yaml:1: this is no Kubernetes object; give it a kind$/,
    ],
    [
      'a chart at a range',
      { 'gitops/argocd/foundation/traefik.yaml': traefik.replace('targetRevision: 41.3.0', 'targetRevision: 41.*') },
      /^refused: gitops\/argocd\/foundation\/traefik\.yaml:1: Application traefik takes chart traefik at "41\.\*", which floats; pin an exact version such as 1\.2\.3$/,
    ],
    [
      'a chart without a version',
      { 'gitops/argocd/foundation/traefik.yaml': traefik.replace('    targetRevision: 41.3.0\n', '') },
      /takes chart traefik at no version, which floats/,
    ],
    [
      'a child of this repository without the pin',
      { 'gitops/argocd/applications/web.yaml': web.replace('    cluster-drill/pin: commit\n', '') },
      /^refused: gitops\/argocd\/applications\/web\.yaml:1: Application web reads this repository at "main", which floats; label it cluster-drill\/pin: commit/,
    ],
    [
      'a pin on an Application with several sources',
      { 'gitops/argocd/applications/web.yaml': web.replace('  source:\n    repoURL', '  sources:\n  - repoURL') },
      /Application web carries cluster-drill\/pin, which works on spec\.source only; give it a single source$/,
    ],
    [
      'another repository at HEAD',
      {
        'gitops/argocd/foundation/traefik.yaml': traefik.replace('chart: traefik', 'path: .').replace('41.3.0', 'HEAD'),
      },
      /reads https:\/\/traefik\.github\.io\/charts at "HEAD", which floats; pin a commit or a tag$/,
    ],
    [
      'a layer that does not exist',
      { 'gitops/argocd/foundation/traefik.yaml': traefik.replace('layer: foundation', 'layer: fundation') },
      /^refused: .*has the label cluster-drill\/layer: fundation, which is no layer; write foundation$/,
    ],
    [
      'a component in another layer than drill.yaml says',
      { 'gitops/argocd/foundation/traefik.yaml': traefik.replace('layer: foundation', 'layer: platform') },
      /^warned: .*Application traefik is labelled for the platform layer, but drill\.yaml lists it in the foundation layer/,
    ],
    [
      'a manual step of an unknown layer',
      { 'manual-steps.yaml': 'steps:\n  - name: unseal\n    layer: platfrom\n    description: Unseal it.\n' },
      /^refused: manual-steps\.yaml: steps\[0\]\.layer is "platfrom"; did you mean platform\?$/,
    ],
  ])('is refused for %s', (_what, edits, sentence) => {
    expect(sentences(edits)).toContainEqual(expect.stringMatching(sentence));
  });

  it('of Flux is told that a whole layer waits for what nothing makes, and which Kustomization does', () => {
    const root = 'gitops/flux/kustomization.yaml';
    const withoutTraefik = text(root).replace('  - foundation/traefik.yaml\n', '');
    const mistyped = text('gitops/flux/platform/loki.yaml').replace(
      'spec:\n',
      'spec:\n  dependsOn: [{ name: treafik }]\n',
    );
    expect(sentences({ [root]: withoutTraefik }, flux)).toContain(
      'refused: gitops/flux/kustomization.yaml:3: dependsOn names traefik, which nothing makes; take it out of dependsOn, or add it to the resources',
    );
    expect(sentences({ 'gitops/flux/platform/loki.yaml': mistyped }, flux)).toEqual([
      'refused: gitops/flux/platform/loki.yaml:1: dependsOn names treafik, which nothing makes; did you mean traefik',
    ]);
    const partial = withoutTraefik.replace('resources:\n', 'resources:\n  - github.com/example/more?ref=v1\n');
    expect(sentences({ [root]: partial }, flux)).toContainEqual(
      expect.stringMatching(/^warned: .*dependsOn names traefik/),
    );
  });

  it('is warned of a branch of another repository and passes at its tag or commit', () => {
    expect(sentences(at('stable'))).toEqual([expect.stringMatching(/^warned: .*if that is a branch it floats/)]);
    expect(sentences(at('v1.4.2'))).toEqual([]);
    expect(sentences(at('0123456789abcdef0123456789abcdef01234567'))).toEqual([]);
  });

  it('is warned of a value for a variable that it does not declare', () => {
    const settings = { ...shipped, terraform: { ...shipped.terraform, variables: { kubernets_version: '1.35' } } };
    expect(sentences({}, settings)).toEqual([
      'warned: drill.yaml sets the Terraform variable kubernets_version, which terraform does not declare; did you mean kubernetes_version',
    ]);
  });

  it('is refused for a HelmRelease at a range and for a GitRepository that floats', () => {
    const path = 'gitops/flux/foundation/traefik/release.yaml';
    const source =
      'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: other\nspec:\n  url: https://git.example.com/other\n  ref:\n    branch: main\n';
    const edits = { [path]: `${text(path).replace('41.3.0', "'>=41.0.0'")}---\n${source}` };
    expect(sentences(edits, flux)).toEqual([
      expect.stringMatching(/HelmRelease traefik takes chart traefik at ">=41\.0\.0", which floats/),
      expect.stringMatching(
        /GitRepository other reads https:\/\/git\.example\.com\/other without a commit or a version tag/,
      ),
    ]);
  });
});

describe('reading Terraform', () => {
  it('takes declarations in JSON as well', () => {
    const json = JSON.stringify({
      variable: { cluster_name: {}, region: {}, tags: {} },
      provider: { aws: { region: '${var.region}', default_tags: { tags: '${var.tags}' } } },
      output: { cluster_name: { value: 1 }, vpc_id: { value: 2 } },
    });
    const hcl = exampleFiles().paths.filter((path) => path.startsWith('terraform/'));
    const edits = { ...Object.fromEntries(hcl.map((path) => [path, undefined])), 'terraform/main.tf.json': json };
    const settings = { ...shipped, terraform: { ...shipped.terraform, variables: {} } };
    expect(sentences(edits, settings)).toEqual([]);
  });

  it('does not take a nested default or a brace in a string for the end of a variable', () => {
    const tf = 'variable "zone" {\n  description = "a } brace"\n  type        = object({ default = string })\n}\n';
    expect(sentences({ 'terraform/more.tf': tf })).toEqual([
      expect.stringContaining('the variable zone has no default'),
    ]);
  });
});
