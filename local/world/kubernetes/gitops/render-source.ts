import { posix } from 'node:path';
import { parse } from 'yaml';
import { chartObjects, findChart } from '../charts';
import { isFields, type Fields, type Manifest } from '../manifest';
import { mergePatch } from '../json-merge';
import { buildKustomization, kustomizationFile, KustomizeError, type Kustomization } from './kustomize';
import { ManifestError, parseManifests } from './parse-manifests';
import { isFailure, type Repositories, type RepositoryTree } from './repositories';

/** One source of an Application (`spec.source`), as far as it says what to render. */
export interface Source {
  repoURL: string;
  path?: string;
  chart?: string;
  targetRevision?: string;
  helm?: {
    releaseName?: string;
    values?: string;
    valuesObject?: Fields;
  };
  kustomize?: Kustomization;
  directory?: { recurse?: boolean };
}

/** What a source renders to, or why it does not, in the words of Argo CD's repo-server. */
export type Rendering =
  | {
      readonly revision: string;
      readonly sourceType: 'Directory' | 'Kustomize' | 'Helm';
      readonly manifests: readonly Manifest[];
    }
  | { readonly error: string };

/** Where sources are read from, and what came of it. */
export interface Renderer {
  readonly repositories: Repositories;
  /** Renderings by source and commit, shared by all clusters of a process: a commit never renders differently. */
  readonly renderings: Map<string, Rendering>;
}

/** What stands for the repo-server's checkout in its errors. */
const CHECKOUT = '<path to cached source>';

/** Renders a source; renderings are kept by source and commit. Objects must not be changed by the caller. */
export function renderSource(
  renderer: Renderer,
  source: Source,
  release: { name: string; namespace: string },
): Rendering {
  const releaseName = source.helm?.releaseName ?? release.name;
  if (source.chart !== undefined)
    return renderChart(renderer, source, { name: releaseName, namespace: release.namespace });
  const revision = source.targetRevision || 'HEAD';
  const answer = renderer.repositories(source.repoURL, revision);
  if (isFailure(answer)) {
    if (answer.missing === 'repository') return { error: `failed to list refs: ${answer.error}` };
    if (!/^[0-9a-f]{40}$/.test(revision)) return { error: `unable to resolve '${revision}' to a commit SHA` };
    return { error: `failed to checkout revision ${revision}: ${answer.error}` };
  }
  const key = JSON.stringify([
    source.repoURL,
    answer.commit,
    source.path,
    source.kustomize,
    source.directory,
    source.helm,
    releaseName,
    release.namespace,
  ]);
  const kept = renderer.renderings.get(key);
  if (kept) return kept;
  const rendering = renderPath(answer, source, { name: releaseName, namespace: release.namespace });
  renderer.renderings.set(key, rendering);
  return rendering;
}

function renderChart(renderer: Renderer, source: Source, release: { name: string; namespace: string }): Rendering {
  const { repoURL, chart = '', targetRevision: version } = source;
  const key = JSON.stringify([repoURL, chart, version, source.helm, release]);
  const kept = renderer.renderings.get(key);
  if (kept) return kept;
  const found = findChart({ repository: repoURL, chart, version: version === '' ? undefined : version });
  const rendering: Rendering =
    'error' in found
      ? {
          error: `error fetching chart: failed to fetch chart: failed to get command args to log: \`helm pull --destination ${CHECKOUT} --version ${version} --repo ${repoURL} ${chart}\` failed exit status 1: Error: ${found.error}`,
        }
      : {
          revision: found.version,
          sourceType: 'Helm',
          manifests: chartObjects(found, { ...release, values: valuesOf(source) }),
        };
  renderer.renderings.set(key, rendering);
  return rendering;
}

function valuesOf({ helm }: Source): Fields {
  const text: unknown = helm?.values ? parse(helm.values) : {};
  return mergePatch(isFields(text) ? text : {}, helm?.valuesObject ?? {}) as Fields;
}

function renderPath(tree: RepositoryTree, source: Source, release: { name: string; namespace: string }): Rendering {
  const folder = posix.normalize(source.path ?? '.').replace(/\/$/, '');
  const prefix = folder === '.' ? '' : `${folder}/`;
  const revision = tree.commit;
  if (!Object.keys(tree.files).some((path) => path.startsWith(prefix)))
    return { error: `${source.path}: app path does not exist` };
  try {
    if (tree.files[`${prefix}Chart.yaml`] !== undefined) {
      const manifests = chartObjects(
        { chart: posix.basename(folder), version: '0.0.0' },
        { ...release, values: valuesOf(source) },
      );
      return { revision, sourceType: 'Helm', manifests };
    }
    if (kustomizationFile(tree.files, folder)) {
      const manifests = buildKustomization(tree.files, folder, CHECKOUT, overlayOf(source.kustomize));
      return { revision, sourceType: 'Kustomize', manifests };
    }
    return {
      revision,
      sourceType: 'Directory',
      manifests: renderDirectory(tree, prefix, source.directory?.recurse ?? false),
    };
  } catch (error) {
    if (error instanceof KustomizeError)
      return { error: `\`kustomize build ${CHECKOUT}/${folder}\` failed exit status 1: Error: ${error.message}` };
    if (error instanceof ManifestError)
      return {
        error: `Failed to unmarshal "${posix.relative(folder, error.file)}": failed to unmarshal manifest: error converting YAML to JSON: ${error.message}`,
      };
    throw error;
  }
}

/** Images of an Application are strings (`name=new:tag`); the rest of its `kustomize` reads as a kustomization does. */
function overlayOf(inline: Kustomization | undefined): Kustomization {
  const { images, ...overlay } = inline ?? {};
  const parsed = (images as readonly unknown[] | undefined)?.map((image) => imageOf(String(image)));
  return { ...overlay, ...(parsed && { images: parsed }) };
}

function imageOf(text: string): NonNullable<Kustomization['images']>[number] {
  const equals = text.indexOf('=');
  const target = text.slice(equals + 1);
  const newTag = /:([^/:]*)$/.exec(target)?.[1];
  const newName = target.replace(/:[^/:]*$/, '');
  const name = equals === -1 ? newName : text.slice(0, equals);
  return newTag === undefined ? { name, newName } : { name, newName, newTag };
}

function renderDirectory(tree: RepositoryTree, prefix: string, recurse: boolean): Manifest[] {
  return Object.entries(tree.files)
    .filter(([path]) => path.startsWith(prefix) && /\.(ya?ml|json)$/.test(path))
    .filter(([path]) => recurse || !path.slice(prefix.length).includes('/'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, text]) => parseManifests(path, text));
}
