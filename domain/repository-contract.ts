import { GITOPS_LAYERS, isLayer, type GitopsLayer } from './layers';
import { kustomizationFileIn, readGitopsTree, type GitopsTree, type Manifest } from './gitops-tree';
import { orderFaultsOf } from './gitops-order';
import { kindOf, labelsOf, nameOf, pinFaultsOf } from './gitops-pins';
import { parseManualSteps } from './manual-steps';
import { messageOf } from './errors';
import { LABEL, MANUAL_STEPS_FILE, TERRAFORM_OUTPUT, TERRAFORM_VARIABLE } from './names';
import { nearest } from './nearest';
import type { Readiness } from './record';
import { filesIn, hasFolder, type RepositoryFiles } from './repository-files';
import type { Settings } from './settings';
import { terraformDeclarations, type TerraformDeclarations, type TerraformVariable } from './terraform-declarations';

/** The checks of a repository, in the order in which they are reported; the README of examples/bootstrap explains each. */
export const REPOSITORY_CHECKS = {
  content: 'repository content',
  terraformDirectory: 'terraform directory',
  terraformVariables: 'terraform variables',
  terraformTags: 'terraform tags',
  terraformOutputs: 'terraform outputs',
  terraformAccess: 'terraform access',
  gitopsPath: 'gitops path',
  gitopsFiles: 'gitops files',
  gitopsYaml: 'gitops YAML',
  gitopsPins: 'gitops pins',
  gitopsOrder: 'gitops order',
  gitopsComponents: 'gitops components',
  manualSteps: 'manual steps',
} as const;
type Check = (typeof REPOSITORY_CHECKS)[keyof typeof REPOSITORY_CHECKS];

/** What a check found wrong; `place` tells several faults of one check apart. */
interface Fault {
  readonly check: Check;
  readonly status: 'refused' | 'warned';
  readonly place: string;
  readonly sentence: string;
}

/**
 * Whether a repository fulfils the drill's contract, before anything is built from it. One entry per check that passed,
 * one per fault otherwise; a sentence says what is lacking and how to mend it. Pure: a listing and texts go in.
 */
export function checkRepository(files: RepositoryFiles, settings: Settings): Readiness[] {
  if (files.paths.length === 0) {
    const sentence = 'The repository is empty at this commit; copy examples/bootstrap into it to begin with';
    return [{ name: REPOSITORY_CHECKS.content, status: 'refused', sentence }];
  }
  return [
    report(REPOSITORY_CHECKS.content, submodules(files), `The repository has ${files.paths.length} files`),
    ...checkTerraform(files, settings),
    ...checkGitops(files, settings),
    ...checkManualSteps(files),
  ].flat();
}

function submodules({ paths }: RepositoryFiles): Omit<Fault, 'check'>[] {
  if (!paths.includes('.gitmodules')) return [];
  const sentence = 'The repository has submodules, which are not fetched; put what a drill needs into it';
  return [{ status: 'warned', place: '.gitmodules', sentence }];
}

/** One entry that passed, or one per fault. */
function report(check: Check, faults: readonly Omit<Fault, 'check'>[], passed: string): Readiness[] {
  if (faults.length === 0) return [{ name: check, status: 'passed', sentence: passed }];
  return faults.map(({ status, place, sentence }) => ({ name: `${check}: ${place}`, status, sentence }));
}

function refused(place: string, sentence: string): Omit<Fault, 'check'> {
  return { status: 'refused', place, sentence };
}

function checkTerraform(files: RepositoryFiles, settings: Settings): Readiness[] {
  const { directory, variables: given } = settings.terraform;
  const sources = terraformFiles(files, directory);
  if (sources.length === 0) return report(REPOSITORY_CHECKS.terraformDirectory, [noTerraform(files, directory)], '');
  const declared = declarationsIn(files, directory);
  const untagged = refused(
    'tags',
    `${directory}: nothing uses var.tags, so the drill could not find its resources again; set default_tags { tags = var.tags } in the aws provider`,
  );
  const shutOut = refused(
    'access',
    `${directory}: aws_eks_cluster sets no authentication_mode that includes API, so the drill could not let its own roles in; set it to "API" in access_config`,
  );
  const missingOutputs = Object.values(TERRAFORM_OUTPUT)
    .filter((name) => !declared.outputs.has(name))
    .map((name) =>
      refused(name, `${directory}: the output ${name} is not declared; the drill reads it after the apply`),
    );
  return [
    ...report(REPOSITORY_CHECKS.terraformDirectory, [], `${directory} holds ${sources.length} Terraform files`),
    ...report(
      REPOSITORY_CHECKS.terraformVariables,
      variableFaults(directory, declared.variables, given),
      'Terraform takes the name, the region and the tags of the cluster, and every other variable has a value',
    ),
    ...report(REPOSITORY_CHECKS.terraformTags, declared.usesTags ? [] : [untagged], 'Terraform uses the tags'),
    ...report(
      REPOSITORY_CHECKS.terraformOutputs,
      missingOutputs,
      'Terraform gives the name of the cluster and the VPC',
    ),
    ...report(
      REPOSITORY_CHECKS.terraformAccess,
      declared.shutsOut ? [shutOut] : [],
      'Nothing keeps the drill from granting its own roles access to the cluster',
    ),
  ];
}

/** Terraform reads the files of one folder, not those below it. */
function terraformFiles(files: RepositoryFiles, directory: string): string[] {
  return filesIn(files, directory).filter((path) => /\.tf(\.json)?$/.test(path));
}

function declarationsIn(files: RepositoryFiles, directory: string): TerraformDeclarations {
  const sources = terraformFiles(files, directory);
  return terraformDeclarations(Object.fromEntries(sources.map((path) => [path, files.text(path) ?? ''])));
}

/** Names that repositories give the variable of the Kubernetes version. */
const VERSION_VARIABLES = ['kubernetes_version', 'cluster_version', 'eks_version'];

/** The Kubernetes version that the target's settings or the repository's defaults ask for, where that can be told. */
export function kubernetesVersionOf(files: RepositoryFiles, settings: Settings): string | undefined {
  const { variables } = declarationsIn(files, settings.terraform.directory);
  for (const name of VERSION_VARIABLES) {
    const value = settings.terraform.variables[name] ?? variables.get(name)?.defaultText;
    if (variables.has(name) && typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function noTerraform(files: RepositoryFiles, directory: string): Omit<Fault, 'check'> {
  const elsewhere = files.paths.find((path) => path.endsWith('.tf'));
  const mend = elsewhere
    ? `there are some in ${elsewhere.split('/').slice(0, -1).join('/') || '.'}, so set terraform.directory in drill.yaml`
    : 'add the Terraform code of the cluster layer, or set terraform.directory in drill.yaml';
  return refused(directory, `${directory}: there are no .tf files; ${mend}`);
}

function variableFaults(
  directory: string,
  declared: ReadonlyMap<string, TerraformVariable>,
  given: Readonly<Record<string, unknown>>,
): Omit<Fault, 'check'>[] {
  const { commit: _optional, ...required } = TERRAFORM_VARIABLE;
  const set = new Set<string>([...Object.values(TERRAFORM_VARIABLE), ...Object.keys(given)]);
  return [
    ...Object.values(required)
      .filter((name) => !declared.has(name))
      .map((name) => refused(name, `${directory}: the variable ${name} is not declared; the drill sets it`)),
    ...[...declared]
      .filter(([name, { hasDefault }]) => !hasDefault && !set.has(name))
      .map(([name, { file }]) =>
        refused(
          name,
          `${file}: the variable ${name} has no default; give it a value in drill.yaml (terraform.variables)`,
        ),
      ),
    ...Object.keys(given)
      .filter((name) => !declared.has(name))
      .map((name): Omit<Fault, 'check'> => {
        const near = nearest(name, [...declared.keys()]);
        const mend = near ? `did you mean ${near}` : 'take it out';
        return {
          status: 'warned',
          place: name,
          sentence: `drill.yaml sets the Terraform variable ${name}, which ${directory} does not declare; ${mend}`,
        };
      }),
  ];
}

function checkGitops(files: RepositoryFiles, settings: Settings): Readiness[] {
  const { path } = settings.gitops;
  if (!hasFolder(files, path)) {
    return report(REPOSITORY_CHECKS.gitopsPath, [noGitops(files, path)], '');
  }
  const tree = readGitopsTree(files, path);
  const unrooted = refused(
    path,
    `${path}: there is no kustomization.yaml; add one that lists what the root ${settings.gitops.engine === 'argocd' ? 'Application' : 'Kustomization'} applies`,
  );
  const of = (check: Check) =>
    tree.faults.filter((fault) => fault.check === check).map((fault) => refused(fault.place, fault.sentence));
  const rooted = kustomizationFileIn(files, path) !== undefined;
  return [
    ...report(REPOSITORY_CHECKS.gitopsPath, rooted ? [] : [unrooted], `${path} has a kustomization.yaml`),
    ...report(REPOSITORY_CHECKS.gitopsFiles, of('gitops files'), 'Every resource that is named exists'),
    ...report(REPOSITORY_CHECKS.gitopsYaml, of('gitops YAML'), `${tree.manifests.length} manifests can be read`),
    ...report(
      REPOSITORY_CHECKS.gitopsPins,
      pinFaultsOf(tree.manifests, files, settings.repository),
      'Everything is pinned to an exact version or to the commit',
    ),
    ...report(REPOSITORY_CHECKS.gitopsOrder, orderFaultsOf(tree), 'Everything that is waited for is made'),
    ...report(
      REPOSITORY_CHECKS.gitopsComponents,
      componentFaults(tree, settings),
      'Every listed component is made, in its layer',
    ),
  ];
}

function noGitops(files: RepositoryFiles, path: string): Omit<Fault, 'check'> {
  const folders = files.paths
    .filter((file) => file.endsWith('/kustomization.yaml'))
    .map((file) => file.split('/').slice(0, -1).join('/'));
  const near = nearest(path, folders);
  const mend = near ? `there is a kustomization.yaml in ${near}, so set gitops.path in drill.yaml` : 'add it';
  return refused(path, `${path}: there is no such folder; ${mend}`);
}

/** What makes a component, by engine. */
const COMPONENT_KIND = {
  argocd: { kind: 'argoproj.io/Application', word: 'Application' },
  flux: { kind: 'kustomize.toolkit.fluxcd.io/Kustomization', word: 'Kustomization' },
} as const;

function componentFaults(tree: GitopsTree, settings: Settings): Omit<Fault, 'check'>[] {
  const { kind, word } = COMPONENT_KIND[settings.gitops.engine];
  const made = tree.manifests.filter(({ object }) => kindOf(object) === kind);
  const listed = GITOPS_LAYERS.flatMap((layer) =>
    settings.layers[layer].components.map((component) => ({ layer, name: component.application })),
  );
  const names = made.map(({ object }) => nameOf(object));
  return [
    ...made.flatMap((manifest) => layerLabelFaults(manifest, word, listed)),
    ...listed
      .filter(({ name }) => !names.includes(name))
      .map(({ layer, name }): Omit<Fault, 'check'> => {
        const near = nearest(name, names);
        const hint = near ? `did you mean ${near}` : `add it, unless an ApplicationSet or another repository makes it`;
        return {
          status: 'warned',
          place: name,
          sentence: `drill.yaml lists ${name} in the ${layer} layer, but ${settings.gitops.path} has no ${word} of that name; ${hint}`,
        };
      }),
  ];
}

function layerLabelFaults(
  { file, line, object }: Manifest,
  word: string,
  listed: readonly { readonly layer: GitopsLayer; readonly name: string }[],
): Omit<Fault, 'check'>[] {
  const label = labelsOf(object)[LABEL.layer];
  const name = nameOf(object);
  const place = `${file}:${line}`;
  const expected = listed.find((component) => component.name === name)?.layer;
  if (label !== undefined && !isLayer(String(label))) {
    const mend = nearest(String(label), GITOPS_LAYERS) ?? GITOPS_LAYERS.join(', ');
    return [
      refused(
        place,
        `${place}: ${word} ${name} has the label ${LABEL.layer}: ${String(label)}, which is no layer; write ${mend}`,
      ),
    ];
  }
  if (expected === undefined || label === expected) return [];
  const said = label === undefined ? `has no label ${LABEL.layer}` : `is labelled for the ${String(label)} layer`;
  return [
    {
      status: 'warned',
      place,
      sentence: `${place}: ${word} ${name} ${said}, but drill.yaml lists it in the ${expected} layer; label it ${LABEL.layer}: ${expected}`,
    },
  ];
}

function checkManualSteps(files: RepositoryFiles): Readiness[] {
  const text = files.text(MANUAL_STEPS_FILE);
  if (text === undefined) {
    const sentence = `${MANUAL_STEPS_FILE}: there is no such file; add it with "steps: []", or declare what is still done by hand`;
    return report(REPOSITORY_CHECKS.manualSteps, [{ status: 'warned', place: MANUAL_STEPS_FILE, sentence }], '');
  }
  try {
    const steps = parseManualSteps(text, MANUAL_STEPS_FILE);
    return report(REPOSITORY_CHECKS.manualSteps, [], `${steps.length} manual steps are declared`);
  } catch (error) {
    const sentence = messageOf(error).split('\n').join(' | ');
    return report(REPOSITORY_CHECKS.manualSteps, [refused(MANUAL_STEPS_FILE, sentence)], '');
  }
}
