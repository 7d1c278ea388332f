import type { Manifest } from './gitops-tree';
import { LABEL, ROOT_NAME } from './names';
import { hasFolder, resolvePath, type RepositoryFiles } from './repository-files';

/** A source that is not pinned as it must be. */
export interface PinFault {
  readonly status: 'refused' | 'warned';
  readonly place: string;
  readonly sentence: string;
}

type Fields = Readonly<Record<string, unknown>>;

const FULL_SHA = /^[0-9a-f]{40}$/;
const EXACT_VERSION = /^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/;

/**
 * Whether everything that these manifests pull in is pinned: charts at an exact version, this repository at the drill's
 * commit, other repositories at a commit or a tag. What floats makes two drills of one commit different platforms.
 */
export function pinFaultsOf(manifests: readonly Manifest[], files: RepositoryFiles, repository: string): PinFault[] {
  return manifests.flatMap((manifest) => {
    switch (kindOf(manifest.object)) {
      case 'argoproj.io/Application':
        return applicationFaults(manifest, field(manifest.object, 'spec'), files, repository);
      case 'argoproj.io/ApplicationSet':
        return applicationFaults(
          manifest,
          field(field(field(manifest.object, 'spec'), 'template'), 'spec'),
          files,
          repository,
        );
      case 'helm.toolkit.fluxcd.io/HelmRelease':
        return helmReleaseFaults(manifest);
      case 'source.toolkit.fluxcd.io/GitRepository':
        return gitRepositoryFaults(manifest);
      default:
        return [];
    }
  });
}

/** `<group>/<kind>` of an object, such as `argoproj.io/Application`; a core object has an empty group. */
export function kindOf(object: Fields): string {
  const group = String(object['apiVersion'] ?? '').split('/');
  return `${group.length > 1 ? group[0]! : ''}/${String(object['kind'])}`;
}

function applicationFaults(manifest: Manifest, spec: Fields, files: RepositoryFiles, repository: string): PinFault[] {
  const single = spec['source'] === undefined ? [] : [field(spec, 'source')];
  const several = Array.isArray(spec['sources']) ? (spec['sources'] as Fields[]) : [];
  const labelled = labelsOf(manifest.object)[LABEL.pin] === 'commit';
  if (labelled && single.length === 0) {
    return [fault(manifest, `carries ${LABEL.pin}, which works on spec.source only; give it a single source`)];
  }
  return [...single, ...several].flatMap((source) => {
    if (labelled && source === single[0]) return [];
    return typeof source['chart'] === 'string'
      ? chartFaults(manifest, source['chart'], source['targetRevision'])
      : gitSourceFaults(manifest, source, files, repository);
  });
}

function chartFaults(manifest: Manifest, chart: string, version: unknown): PinFault[] {
  if (isTemplate(version) || EXACT_VERSION.test(String(version))) return [];
  return [
    fault(manifest, `takes chart ${chart} at ${quoted(version)}, which floats; pin an exact version such as 1.2.3`),
  ];
}

function gitSourceFaults(manifest: Manifest, source: Fields, files: RepositoryFiles, repository: string): PinFault[] {
  const revision = source['targetRevision'];
  if (isTemplate(revision) || FULL_SHA.test(String(revision)) || EXACT_VERSION.test(String(revision))) return [];
  const path = typeof source['path'] === 'string' ? resolvePath('.', source['path']) : undefined;
  if (
    sameRepository(String(source['repoURL']), repository) ||
    (path !== undefined && path !== '.' && hasFolder(files, path))
  ) {
    const mend = `label it ${LABEL.pin}: commit, so that the drill sets its repository and commit`;
    return [fault(manifest, `reads this repository at ${quoted(revision)}, which floats; ${mend}`)];
  }
  const floats = revision === undefined || revision === 'HEAD' || String(revision).includes('*');
  const said = `reads ${String(source['repoURL'])} at ${quoted(revision)}`;
  return floats
    ? [fault(manifest, `${said}, which floats; pin a commit or a tag`)]
    : [
        {
          ...fault(manifest, `${said}; if that is a branch it floats, so pin a commit or a version tag`),
          status: 'warned',
        },
      ];
}

function helmReleaseFaults(manifest: Manifest): PinFault[] {
  const chart = field(field(field(manifest.object, 'spec'), 'chart'), 'spec');
  return typeof chart['chart'] === 'string' ? chartFaults(manifest, chart['chart'], chart['version']) : [];
}

function gitRepositoryFaults(manifest: Manifest): PinFault[] {
  const spec = field(manifest.object, 'spec');
  const ref = field(spec, 'ref');
  if (nameOf(manifest.object) === ROOT_NAME) {
    return [fault(manifest, `has the name of the drill's own GitRepository; give it another name`)];
  }
  if (FULL_SHA.test(String(ref['commit'])) || EXACT_VERSION.test(String(ref['tag']))) return [];
  return [fault(manifest, `reads ${String(spec['url'])} without a commit or a version tag; pin spec.ref.commit`)];
}

function fault(manifest: Manifest, what: string): PinFault {
  const place = `${manifest.file}:${manifest.line}`;
  const kind = String(manifest.object['kind']);
  return { status: 'refused', place, sentence: `${place}: ${kind} ${nameOf(manifest.object)} ${what}` };
}

/** Whether two git URLs mean one repository, whatever their scheme: `git@host:a/b.git` is `https://host/a/b`. */
function sameRepository(a: string, b: string): boolean {
  return plainUrl(a) === plainUrl(b);
}

/** A git URL without scheme, user and `.git`. */
function plainUrl(url: string): string {
  return url
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^@/]+@/, '')
    .replace(/^([^/:]+):(?!\d+\/)/, '$1/')
    .replace(/(\.git)?\/*$/, '')
    .toLowerCase();
}

/** An ApplicationSet fills `{{ … }}` in later. */
function isTemplate(value: unknown): boolean {
  return String(value).includes('{{');
}

function quoted(value: unknown): string {
  return value === undefined ? 'no version' : JSON.stringify(value);
}

export function nameOf(object: Fields): string {
  return String(field(object, 'metadata')['name'] ?? 'without a name');
}

export function labelsOf(object: Fields): Readonly<Record<string, unknown>> {
  return field(field(object, 'metadata'), 'labels');
}

function field(object: Fields, name: string): Fields {
  const value = object[name];
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
