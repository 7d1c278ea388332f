import { keyOf, type Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import { TRACKING_ANNOTATION, trackingId } from '../gitops/ownership';
import { renderSource, type Source } from '../gitops/render-source';
import { timestamp } from '../instants';
import { contains } from '../json-merge';
import { groupOf, versionOf, type Fields, type Manifest, type PodTemplate } from '../manifest';
import { memoryOf, specOf, type ApplicationSpec } from './application';

/** The target state of an Application, with Argo CD's tracking on every object. */
export interface Target {
  readonly revisions: readonly string[];
  readonly sourceTypes: readonly string[];
  readonly manifests: readonly Manifest[];
}

export type Rendered = Target | { readonly error: string };

/** Renders all sources of an Application, in the words of a ComparisonError where one fails. */
export function renderTarget(cluster: Cluster, application: Stored): Rendered {
  const spec = specOf(application);
  const sources = sourcesOf(spec);
  const { name } = application.object.metadata;
  const namespace = spec.destination?.namespace ?? '';
  const revisions: string[] = [];
  const sourceTypes: string[] = [];
  const manifests: Manifest[] = [];
  for (const [index, source] of sources.entries()) {
    const rendering = renderSource(cluster.around, source, { name, namespace });
    if ('error' in rendering) {
      const place = `source ${index + 1} of ${sources.length}`;
      return {
        error: `Failed to load target state: failed to generate manifest for ${place}: rpc error: code = Unknown desc = ${rendering.error}`,
      };
    }
    revisions.push(rendering.revision);
    sourceTypes.push(rendering.sourceType);
    manifests.push(...rendering.manifests.map((manifest) => tracked(cluster, manifest, name, namespace)));
  }
  return { revisions, sourceTypes, manifests };
}

function sourcesOf(spec: ApplicationSpec): readonly Source[] {
  return spec.sources ?? (spec.source ? [spec.source] : []);
}

function tracked(cluster: Cluster, manifest: Manifest, application: string, namespace: string): Manifest {
  const scoped =
    cluster.typeOf(groupOf(manifest.apiVersion), manifest.kind)?.namespaced ??
    manifest.metadata.namespace !== undefined;
  // What generators write and the API server owns would look like drift for ever.
  const { namespace: own, creationTimestamp: _created, ...rest } = manifest.metadata;
  const { status: _status, ...wanted } = manifest;
  const metadata = { ...rest, ...(scoped && { namespace: own ?? namespace }) };
  const placed: Manifest = { ...(wanted as Manifest), metadata };
  return {
    ...placed,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [TRACKING_ANNOTATION]: trackingId(application, placed) },
    },
  };
}

const HOOK = 'argocd.argoproj.io/hook';

export function hookOf({ metadata }: Manifest): string | undefined {
  return metadata.annotations?.[HOOK];
}

export function waveOf({ metadata }: Manifest): number {
  return Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0) || 0;
}

/** Order of kinds within a wave, as Argo CD applies them. */
const KIND_ORDER = [
  'Namespace',
  'CustomResourceDefinition',
  'StorageClass',
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'PersistentVolumeClaim',
  'Service',
];

function rankOf({ kind }: Manifest): number {
  return KIND_ORDER.includes(kind) ? KIND_ORDER.indexOf(kind) : KIND_ORDER.length;
}

export function byWaveAndKind(a: Manifest, b: Manifest): number {
  return waveOf(a) - waveOf(b) || rankOf(a) - rankOf(b) || (a.metadata.name < b.metadata.name ? -1 : 1);
}

export interface Comparison {
  readonly synced: boolean;
  /** `status.resources`. */
  readonly resources: readonly Fields[];
  /** Keys of what is live, belongs to the Application and is not in its target state. */
  readonly surplus: readonly string[];
}

/** Compares the target state with what is live. */
export function compare(cluster: Cluster, application: Stored, target: Target): Comparison {
  const memory = memoryOf(application);
  const wanted = target.manifests.filter((manifest) => hookOf(manifest) === undefined);
  const keys = new Set(wanted.map(keyOf));
  const surplus = memory.tracked.filter((key) => !keys.has(key) && cluster.byKey(key) !== undefined);
  const entries = wanted.map((manifest) => {
    const live = cluster.byKey(keyOf(manifest));
    const inSync = live !== undefined && !live.object.metadata.deletionTimestamp && contains(live.object, manifest);
    return resourceEntry(manifest, inSync ? 'Synced' : 'OutOfSync');
  });
  const extra = surplus.map((key) => ({
    ...resourceEntry(cluster.byKey(key)!.object, 'OutOfSync'),
    requiresPruning: true,
  }));
  const resources = [...entries, ...extra].toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return { synced: resources.every(({ status }) => status === 'Synced'), resources, surplus };
}

function resourceEntry(manifest: Manifest, status: string): Fields & { status: string } {
  const group = groupOf(manifest.apiVersion);
  const wave = waveOf(manifest);
  const { name, namespace } = manifest.metadata;
  return {
    ...(group && { group }),
    kind: manifest.kind,
    name,
    ...(namespace && { namespace }),
    status,
    ...(wave !== 0 && { syncWave: wave }),
    version: versionOf(manifest.apiVersion),
  };
}

function sortKey(entry: Fields): string {
  return [entry['group'] ?? '', entry['kind'], entry['namespace'] ?? '', entry['name']].join('/');
}

/** `status.sync`: the revision is that which was compared, which need not be deployed. */
export function syncStatus(spec: ApplicationSpec, status: string, revisions: readonly string[]): Fields {
  const destination = spec.destination ?? {};
  const several = spec.sources !== undefined;
  return {
    comparedTo: {
      destination,
      ...(several ? { source: { repoURL: '' }, sources: spec.sources } : { source: spec.source }),
    },
    ...(several ? { revisions } : { revision: revisions[0] }),
    status,
  };
}

/** Images of the workloads of a target state, for `status.summary`. */
export function summaryOf(manifests: readonly Manifest[], cluster: Cluster): Fields {
  const live = manifests.filter((manifest) => cluster.byKey(keyOf(manifest)));
  const images = [...new Set(live.flatMap(imagesOf))].toSorted();
  return {
    ...(images.length > 0 && { images }),
    ...(live.some(({ kind }) => kind === 'Application') && { isAppOfApps: true }),
  };
}

export function imagesOf({ spec }: Manifest): string[] {
  const template = (spec?.['template'] ?? {}) as PodTemplate;
  return (template.spec?.containers ?? []).map(({ image }) => image).filter((image) => image !== undefined);
}

/** A condition keeps its first time as long as it says the same. */
export function withCondition(conditions: readonly Fields[], type: string, message: string, at: number): Fields[] {
  const same = conditions.find((condition) => condition['type'] === type && condition['message'] === message);
  return [same ?? { lastTransitionTime: timestamp(at), message, type }];
}

/** What is tried when the target is synced; the same attempt is not made by itself again. */
export function attemptOf(application: Stored, target: Target): string {
  const { source, sources } = specOf(application);
  return JSON.stringify([target.revisions, source ?? sources]);
}
