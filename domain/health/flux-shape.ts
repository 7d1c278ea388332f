import type { KubernetesObject } from '../ports/kubernetes';
import type { Shaped } from './object-reading';

/** The fields of Flux objects that the drill reads (Flux 2.9: kustomize-, source- and helm-controller). */
export type FluxSource = Shaped<
  { suspend: boolean; url: string; type: string },
  { observedGeneration: number; artifact: { revision: string; lastUpdateTime?: string } }
>;

export type Kustomization = Shaped<
  {
    suspend: boolean;
    wait: boolean;
    targetNamespace: string;
    sourceRef: { kind: string; name: string; namespace?: string };
  },
  {
    observedGeneration: number;
    lastAppliedRevision: string;
    lastAttemptedRevision: string;
    history: readonly {
      firstReconciled?: string;
      lastReconciledStatus?: string;
      metadata?: { revision?: string };
    }[];
    inventory: { entries?: readonly { id: string; v: string }[] };
  }
>;

export type HelmRelease = Shaped<
  {
    suspend: boolean;
    targetNamespace: string;
    chart: { spec?: { version?: string } };
  },
  {
    observedGeneration: number;
    history: readonly { chartVersion?: string; status?: string; lastDeployed?: string }[];
  }
>;

/** An object of a Kustomization's inventory. */
export interface InventoryEntry {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The inventory of a Kustomization: ids are `<namespace>_<name>_<group>_<Kind>`; undefined before it applied anything. */
export function inventoryOf(kustomization: KubernetesObject): readonly InventoryEntry[] | undefined {
  const entries = (kustomization as Kustomization).status?.inventory?.entries;
  return entries?.map(({ id, v }) => {
    const [namespace = '', ...rest] = id.split('_');
    const kind = rest.pop() ?? '';
    const group = rest.pop() ?? '';
    // A colon in a name (RBAC) is written as `__`.
    return { namespace, name: rest.join('_').replaceAll('__', ':'), group, version: v, kind };
  });
}

/** Whether a Flux revision (`main@sha1:4e2f35d…`) is of a commit. */
export function isOfCommit(revision: string | undefined, commit: string): boolean {
  return revision?.endsWith(`sha1:${commit}`) ?? false;
}
