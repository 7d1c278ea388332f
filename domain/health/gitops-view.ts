import { LABEL, ROOT_NAME } from '../names';
import type { KubernetesObject } from '../ports/kubernetes';
import type { ObjectReading } from '../record';
import { judgeApplication } from './argo-application';
import { comparedRevisions } from './argo-revisions';
import { type ArgoApplication, sourcesOf } from './argo-shape';
import { type ClusterSnapshot, type ObjectIdentity, objectsOf } from './cluster-snapshot';
import { judgeGitRepository } from './flux-source';
import { judgeKustomization } from './flux-kustomization';
import { type Kustomization, inventoryOf, isOfCommit } from './flux-shape';
import { RESOURCE } from './resource-types';

/** One Argo CD Application or Flux Kustomization, as far as layers and components are concerned. */
export interface GitopsUnit {
  readonly kind: 'Application' | 'Kustomization';
  readonly name: string;
  readonly object: KubernetesObject;
  /** Value of its layer label. */
  readonly layer: string | undefined;
  /** Where its namespaceless manifests go: the namespace of what it installs. */
  readonly targetNamespace: string | undefined;
  /** What it makes, by its own account; undefined while it has not compared or applied anything. */
  readonly makes: readonly ObjectIdentity[] | undefined;
  judge(): ObjectReading;
}

/** The GitOps side of a snapshot, the same for both engines. */
export interface GitopsView {
  readonly units: readonly GitopsUnit[];
  /** The unit that the drill applied; it makes all others. */
  readonly root: GitopsUnit | undefined;
  /** Whether the root's list of what it makes was read at the drill's commit. */
  readonly rootIsAtCommit: boolean;
  /** Why the source cannot be had (Flux's GitRepository), when it cannot. */
  readonly source?: ObjectReading;
}

/** Reads the Applications (Argo CD) or Kustomizations (Flux) of a snapshot. */
export function gitopsView(
  engine: 'argocd' | 'flux',
  snapshot: ClusterSnapshot,
  { commit, now }: { readonly commit: string; readonly now: Date },
): GitopsView {
  return engine === 'argocd' ? argoView(snapshot, commit, now) : fluxView(snapshot, commit);
}

function argoView(snapshot: ClusterSnapshot, commit: string, now: Date): GitopsView {
  const applications = objectsOf(snapshot, RESOURCE.application);
  const rootObject = applications.find(({ metadata }) => metadata.name === ROOT_NAME);
  const repository = sourcesOf((rootObject as ArgoApplication | undefined)?.spec ?? {})[0]?.repoURL ?? '';
  const units = applications.map((object): GitopsUnit => {
    const { spec, status } = object as ArgoApplication;
    return {
      kind: 'Application',
      name: object.metadata.name,
      object,
      layer: object.metadata.labels?.[LABEL.layer],
      targetNamespace: spec?.destination?.['namespace'],
      makes: status?.resources
        ?.filter((resource) => !resource.hook && !resource.requiresPruning)
        .map(({ group = '', version, kind, namespace = '', name }) => ({
          group,
          ...(version !== undefined && { version }),
          kind,
          namespace,
          name,
        })),
      judge: () => judgeApplication(object, { commit, repository }, now),
    };
  });
  const root = units.find(({ object }) => object === rootObject);
  return { units, root, rootIsAtCommit: root !== undefined && isComparedAt(root.object as ArgoApplication, commit) };
}

/** While a comparison fails, `sync.revision` may still be the commit, and what was made is of an earlier comparison. */
function isComparedAt(application: ArgoApplication, commit: string): boolean {
  const status = application.status?.sync?.status;
  return (status === 'Synced' || status === 'OutOfSync') && comparedRevisions(application)[0] === commit;
}

function fluxView(snapshot: ClusterSnapshot, commit: string): GitopsView {
  const units = objectsOf(snapshot, RESOURCE.kustomization).map((object): GitopsUnit => {
    const { spec } = object as Kustomization;
    const { kind, name } = spec?.sourceRef ?? {};
    const pinned = kind === 'GitRepository' && name === ROOT_NAME ? commit : undefined;
    return {
      kind: 'Kustomization',
      name: object.metadata.name,
      object,
      layer: object.metadata.labels?.[LABEL.layer],
      targetNamespace: spec?.targetNamespace,
      makes: inventoryOf(object),
      judge: () => judgeKustomization(object, pinned),
    };
  });
  const root = units.find(({ name }) => name === ROOT_NAME);
  const repository = objectsOf(snapshot, RESOURCE.gitRepository).find(({ metadata }) => metadata.name === ROOT_NAME);
  const source = repository && judgeGitRepository(repository, commit);
  return {
    units,
    root,
    // The inventory is written as soon as everything is applied, before the health checks: the attempt counts.
    rootIsAtCommit: isOfCommit((root?.object as Kustomization | undefined)?.status?.lastAttemptedRevision, commit),
    ...(source && source.status !== 'healthy' && { source }),
  };
}
