import { posix } from 'node:path';
import { parse } from 'yaml';
import { jsonPatch } from '../json-merge';
import { labelSelector } from '../label-selector';
import { groupOf, isFields, type Fields, type Manifest } from '../manifest';
import { ManifestError, parseManifests } from './parse-manifests';
import { strategicMerge } from './strategic-merge';

const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

export interface PatchTarget {
  group?: string;
  version?: string;
  kind?: string;
  name?: string;
  namespace?: string;
  labelSelector?: string;
  annotationSelector?: string;
}

export interface Patch {
  patch?: string;
  path?: string;
  target?: PatchTarget;
}

/** The parts of a kustomization that the simulation follows. */
export interface Kustomization {
  resources?: string[];
  components?: string[];
  bases?: string[];
  namespace?: string;
  namePrefix?: string;
  nameSuffix?: string;
  commonLabels?: Record<string, string>;
  labels?: { pairs: Record<string, string> }[];
  commonAnnotations?: Record<string, string>;
  patches?: Patch[];
  patchesStrategicMerge?: string[];
  images?: { name: string; newName?: string; newTag?: string; digest?: string }[];
  replicas?: { name: string; count: number }[];
  configMapGenerator?: Generator[];
  secretGenerator?: Generator[];
}

interface Generator {
  name: string;
  namespace?: string;
  literals?: string[];
  files?: string[];
}

type Files = Readonly<Record<string, string>>;

/** Thrown in the words of `kustomize build`. */
export class KustomizeError extends Error {
  override readonly name = 'KustomizeError';
}

/** The kustomization file of a folder, if it has one. */
export function kustomizationFile(files: Files, folder: string): string | undefined {
  return KUSTOMIZATION_FILES.map((name) => posix.join(folder, name)).find((path) => files[path] !== undefined);
}

/**
 * `kustomize build` of a folder: resources, components, patches, labels, names, images, replicas and generators.
 * @param overlay further fields applied on top, such as the inline `kustomize` of an Application.
 * @param root what stands before paths in errors.
 * @throws KustomizeError
 */
export function buildKustomization(
  files: Files,
  folder: string,
  root: string,
  overlay: Kustomization = {},
): Manifest[] {
  const file = kustomizationFile(files, folder);
  if (file === undefined)
    throw new KustomizeError(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${posix.join(root, folder)}'`,
    );
  const kustomization = readKustomization(file, files[file] ?? '', root);
  const { resources = [], bases = [], components = [] } = kustomization;
  const gathered = [
    ...[...resources, ...bases].flatMap((resource) => accumulate(files, folder, resource, root)),
    ...generated(kustomization, files, folder),
  ];
  const composed = components.reduce((objects, component) => {
    const path = posix.join(folder, component);
    const componentFile = kustomizationFile(files, path);
    if (!componentFile) throw missingResource(component, path, root);
    return transform(objects, readKustomization(componentFile, files[componentFile] ?? '', root), files, path);
  }, gathered);
  return transform(transform(composed, kustomization, files, folder), overlay, files, folder);
}

function readKustomization(file: string, text: string, root: string): Kustomization {
  try {
    const value: unknown = parse(text);
    return isFields(value) ? value : {};
  } catch (error) {
    throw new KustomizeError(`invalid Kustomization: yaml: ${lineOf(error)}in File: ${posix.join(root, file)}`, {
      cause: error,
    });
  }
}

function lineOf(error: unknown): string {
  const { linePos, message } = error as { linePos?: { line: number }[]; message: string };
  return `line ${linePos?.[0]?.line ?? 1}: ${message.split(' at line ')[0]?.toLowerCase()} `;
}

function accumulate(files: Files, folder: string, resource: string, root: string): Manifest[] {
  if (/^(https?:|git@|ssh:)|\?ref=/.test(resource))
    throw new KustomizeError(
      `accumulating resources: accumulation err='accumulating resources from '${resource}': the local drill does not fetch remote resources': URL is a git repository`,
    );
  const path = posix.normalize(posix.join(folder, resource));
  const text = files[path];
  if (text === undefined) {
    if (kustomizationFile(files, path)) return buildKustomization(files, path, root);
    throw missingResource(resource, path, root);
  }
  try {
    return parseManifests(path, text);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new KustomizeError(
      `accumulating resources: accumulation err='accumulating resources from '${resource}': MalformedYAMLError: ${error.message} in File: ${resource}': must build at directory: '${posix.join(root, path)}': file is not directory`,
      { cause: error },
    );
  }
}

function missingResource(resource: string, path: string, root: string): KustomizeError {
  const full = posix.join(root, path);
  return new KustomizeError(
    `accumulating resources: accumulation err='accumulating resources from '${resource}': open ${full}: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '${full}' : lstat ${full}: no such file or directory`,
  );
}

function transform(
  objects: readonly Manifest[],
  kustomization: Kustomization,
  files: Files,
  folder: string,
): Manifest[] {
  const patches: Patch[] = [
    ...(kustomization.patchesStrategicMerge ?? []).map((entry) =>
      files[posix.join(folder, entry)] === undefined ? { patch: entry } : { path: entry },
    ),
    ...(kustomization.patches ?? []),
  ];
  const patched = patches.reduce((current, patch) => applyPatch(current, patch, files, folder), [...objects]);
  return patched.map((object) => decorated(object, kustomization));
}

/** A patch with a target changes everything that the target selects; without one, the object that it names. */
function applyPatch(
  objects: readonly Manifest[],
  { patch, path, target }: Patch,
  files: Files,
  folder: string,
): Manifest[] {
  const text = patch ?? files[posix.join(folder, path ?? '')];
  if (text === undefined)
    throw new KustomizeError(`failed to get the patch file from path(${path}): '${path}' doesn't exist`);
  const content: unknown = parse(text);
  const selects = selectorOf(target, content);
  let found = false;
  const result = objects.map((object) => {
    if (!selects(object)) return object;
    found = true;
    return Array.isArray(content)
      ? (jsonPatch(object, content as never) as Manifest)
      : (strategicMerge(object, patchBody(content)) as Manifest);
  });
  if (!found && !target)
    throw new KustomizeError(
      `no resource matches strategic merge patch ${JSON.stringify(isFields(content) ? content['kind'] : '')}: no matches for Id`,
    );
  return result;
}

/** With a target, the names inside a patch only label it. */
function patchBody(content: unknown): Fields {
  if (!isFields(content)) return {};
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = content;
  const { name: _name, namespace: _namespace, ...meta } = isFields(metadata) ? metadata : {};
  return { ...rest, ...(Object.keys(meta).length > 0 && { metadata: meta }) };
}

/** The fields of a target are patterns that must match as a whole. */
function matchesWhole(pattern: string | undefined, value: string): boolean {
  return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value);
}

function selectorOf(target: PatchTarget | undefined, content: unknown): (object: Manifest) => boolean {
  if (!target) {
    const named = content as { kind?: string; metadata?: { name?: string } } | undefined;
    return ({ kind, metadata }) => kind === named?.kind && metadata.name === named.metadata?.name;
  }
  const labels = labelSelector(target.labelSelector ?? '');
  const annotations = labelSelector(target.annotationSelector ?? '');
  return ({ apiVersion, kind, metadata }) =>
    matchesWhole(target.kind, kind) &&
    matchesWhole(target.group, groupOf(apiVersion)) &&
    matchesWhole(target.name, metadata.name) &&
    matchesWhole(target.namespace, metadata.namespace ?? '') &&
    labels(metadata.labels ?? {}) &&
    annotations(metadata.annotations ?? {});
}

function decorated(object: Manifest, kustomization: Kustomization): Manifest {
  const pairs = Object.assign(
    {},
    kustomization.commonLabels,
    ...(kustomization.labels ?? []).map((entry) => entry.pairs),
  ) as Record<string, string>;
  const { namespace, namePrefix = '', nameSuffix = '', commonAnnotations } = kustomization;
  const scoped = namespace !== undefined && !CLUSTER_SCOPED.has(object.kind);
  const metadata = {
    ...object.metadata,
    name:
      object.kind === 'Namespace' || object.kind === 'CustomResourceDefinition'
        ? object.metadata.name
        : `${namePrefix}${object.metadata.name}${nameSuffix}`,
    ...(scoped && { namespace }),
    ...(Object.keys(pairs).length > 0 && { labels: { ...object.metadata.labels, ...pairs } }),
    ...(commonAnnotations && { annotations: { ...object.metadata.annotations, ...commonAnnotations } }),
  };
  return withReplicas(withImages({ ...object, metadata }, kustomization), kustomization);
}

const CLUSTER_SCOPED = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'StorageClass',
  'IngressClass',
  'PriorityClass',
  'PersistentVolume',
]);

function withImages(object: Manifest, { images = [] }: Kustomization): Manifest {
  if (images.length === 0) return object;
  const replaced = JSON.parse(JSON.stringify(object), (key, value: unknown) => {
    if (key !== 'image' || typeof value !== 'string') return value;
    const name = value.replace(/(@.*|:[^/:]*)$/, '');
    const image = images.find((candidate) => candidate.name === name);
    if (!image) return value;
    const base = image.newName ?? name;
    return image.digest ? `${base}@${image.digest}` : `${base}:${image.newTag ?? value.slice(name.length + 1)}`;
  }) as Manifest;
  return replaced;
}

function withReplicas(object: Manifest, { replicas = [] }: Kustomization): Manifest {
  const wanted = replicas.find(({ name }) => name === object.metadata.name);
  return wanted && isFields(object.spec) ? { ...object, spec: { ...object.spec, replicas: wanted.count } } : object;
}

function generated(
  { configMapGenerator = [], secretGenerator = [] }: Kustomization,
  files: Files,
  folder: string,
): Manifest[] {
  const make = (
    kind: 'ConfigMap' | 'Secret',
    { name, namespace, literals = [], files: paths = [] }: Generator,
  ): Manifest => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, ...(namespace && { namespace }) },
    data: Object.fromEntries([
      ...literals.map((literal) => [literal.slice(0, literal.indexOf('=')), literal.slice(literal.indexOf('=') + 1)]),
      ...paths.map((path) => [posix.basename(path), files[posix.join(folder, path)] ?? '']),
    ]),
  });
  return [
    ...configMapGenerator.map((entry) => make('ConfigMap', entry)),
    ...secretGenerator.map((entry) => make('Secret', entry)),
  ];
}
