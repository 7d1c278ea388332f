import { posix } from 'node:path';
import type { Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import {
  buildKustomization,
  kustomizationFile,
  KustomizeError,
  type Kustomization,
  type Patch,
} from '../gitops/kustomize';
import { FLUX_LABELS } from '../gitops/ownership';
import { ManifestError, parseManifests } from '../gitops/parse-manifests';
import { isFailure } from '../gitops/repositories';
import { inGoWords } from '../instants';
import { groupOf, type Manifest } from '../manifest';
import { GIT_REPOSITORY } from './flux-objects';

/** `spec` of a Kustomization, as far as the simulation follows it. */
export interface KustomizationSpec {
  path?: string;
  interval?: string;
  retryInterval?: string;
  timeout?: string;
  prune?: boolean;
  wait?: boolean;
  suspend?: boolean;
  targetNamespace?: string;
  dependsOn?: { name: string; namespace?: string }[];
  sourceRef?: { kind?: string; name: string; namespace?: string };
  patches?: Patch[];
  images?: Kustomization['images'];
  deletionPolicy?: 'MirrorPrune' | 'Delete' | 'WaitForTermination' | 'Orphan';
  healthChecks?: { apiVersion: string; kind: string; name: string; namespace?: string }[];
}

export function kustomizationSpecOf(stored: Stored): KustomizationSpec {
  return (stored.object.spec ?? {}) as KustomizationSpec;
}

/** How long a missing source is waited for. */
export const SOURCE_RETRY_MS = 30_000;
/** What stands for the controller's temporary directory in its messages. */
const BUILD_ROOT = '/build-dir/kustomization';

/** Where the files of a Kustomization are. */
export interface Artifact {
  readonly revision: string;
  readonly commit: string;
  readonly url: string;
}

/** The artifact of the source that a Kustomization names, or what is wrong with it. */
export function artifactOf(cluster: Cluster, stored: Stored): Artifact | { readonly problem: string } {
  const { sourceRef } = kustomizationSpecOf(stored);
  const { kind = 'GitRepository', name = '', namespace = stored.object.metadata.namespace } = sourceRef ?? {};
  const source = cluster.find(GIT_REPOSITORY[0], kind, namespace, name);
  if (!source) return { problem: `${kind}.source.toolkit.fluxcd.io "${name}" not found` };
  const artifact = source.object.status?.['artifact'] as { revision?: string } | undefined;
  if (!artifact?.revision) return { problem: `Source artifact not found, retrying in ${inGoWords(SOURCE_RETRY_MS)}` };
  const url = source.object.spec?.['url'];
  return { revision: artifact.revision, commit: artifact.revision.split('sha1:')[1] ?? '', url: String(url) };
}

/** Why nothing could be built: reason and message of the Ready condition, and how far it got. */
export interface BuildProblem {
  reason: string;
  problem: string;
  stage: string;
}

/** The objects of a Kustomization's folder at its source's commit, labelled as its own; or why there are none. */
export function buildObjects(cluster: Cluster, stored: Stored, source: Artifact): Manifest[] | BuildProblem {
  const spec = kustomizationSpecOf(stored);
  const tree = cluster.around.repositories(source.url, source.commit);
  if (isFailure(tree)) return { reason: 'ArtifactFailed', problem: tree.error, stage: 'Fetching manifests' };
  const folder = posix.normalize(spec.path ?? '.').replace(/\/$/, '');
  const prefix = folder === '.' ? '' : `${folder}/`;
  if (!Object.keys(tree.files).some((path) => path.startsWith(prefix)))
    return {
      reason: 'ArtifactFailed',
      problem: `kustomization path not found: stat ${BUILD_ROOT}/${folder}: no such file or directory`,
      stage: 'Fetching manifests',
    };
  const overlay: Kustomization = {
    ...(spec.patches && { patches: spec.patches }),
    ...(spec.images && { images: spec.images }),
    ...(spec.targetNamespace && { namespace: spec.targetNamespace }),
  };
  try {
    return buildFolder(tree.files, folder, prefix, overlay).map((manifest) => owned(cluster, manifest, stored));
  } catch (error) {
    if (!(error instanceof KustomizeError) && !(error instanceof ManifestError)) throw error;
    return { reason: 'BuildFailed', problem: `kustomize build failed: ${error.message}`, stage: 'Building manifests' };
  }
}

/** A folder without a kustomization file gets one of all its manifests, as Flux generates it. */
function buildFolder(
  files: Readonly<Record<string, string>>,
  folder: string,
  prefix: string,
  overlay: Kustomization,
): Manifest[] {
  if (kustomizationFile(files, folder)) return buildKustomization(files, folder, BUILD_ROOT, overlay);
  const paths = Object.keys(files)
    .filter((path) => path.startsWith(prefix) && /\.ya?ml$/.test(path))
    .toSorted();
  for (const path of paths) parseManifests(path, files[path] ?? '');
  const generated = {
    ...files,
    [`${prefix}kustomization.yaml`]: JSON.stringify({ resources: paths.map((path) => path.slice(prefix.length)) }),
  };
  return buildKustomization(generated, folder, BUILD_ROOT, overlay);
}

function owned(cluster: Cluster, manifest: Manifest, { object }: Stored): Manifest {
  const { name, namespace = '' } = object.metadata;
  const labels = FLUX_LABELS.kustomization;
  const { creationTimestamp: _created, ...metadata } = manifest.metadata;
  const isScoped = cluster.typeOf(groupOf(manifest.apiVersion), manifest.kind)?.namespaced === true;
  return {
    ...manifest,
    metadata: {
      ...metadata,
      ...(isScoped && { namespace: metadata.namespace ?? 'default' }),
      labels: { ...metadata.labels, [labels.name]: name, [labels.namespace]: namespace },
    },
  };
}
