import { addressStatus } from './cloud/load-balancers';
import { claimStatus } from './cloud/volumes';
import type { Cluster } from './cluster';
import type { Stored } from './cluster-state';
import { timestamp } from './instants';
import { groupOf, type Fields, type Manifest } from './manifest';
import { nodeStatus } from './nodes';
import { customResourceStatus } from './operated-status';
import { disruptionBudgetStatus, namespaceStatus } from './plain-status';
import { podStatus } from './workloads/pod-status';
import { workloadStatus, type Derived } from './workloads/workload-status';

/** An object as the API shows it at the instant of the cluster, and until when it stays so if nobody writes. */
export interface Shown {
  readonly object: Manifest;
  readonly until: number;
}

const shownBefore = new WeakMap<Stored, Shown & { readonly revision: string; readonly from: number }>();

/** The object with its status. It is kept until it changes, so that polling costs little. */
export function shown(cluster: Cluster, stored: Stored): Shown {
  const revision = stored.object.metadata.resourceVersion ?? '';
  const before = shownBefore.get(stored);
  if (before && before.revision === revision && before.from <= cluster.at && cluster.at < before.until) return before;
  const derived = derive(cluster, stored);
  const object = derived ? { ...stored.object, status: derived.status } : stored.object;
  const now = { object, until: derived?.until ?? Infinity, revision, from: cluster.at };
  shownBefore.set(stored, now);
  return now;
}

export function statusOf(cluster: Cluster, stored: Stored): Fields | undefined {
  return shown(cluster, stored).object.status;
}

/** Statuses that follow from instants; undefined for objects whose status is stored (or that have none). */
function derive(cluster: Cluster, stored: Stored): Derived | undefined {
  const { object } = stored;
  const byKind = DERIVED[`${groupOf(object.apiVersion)}/${object.kind}`];
  return byKind ? byKind(cluster, stored) : customResourceStatus(cluster, stored);
}

type Derive = (cluster: Cluster, stored: Stored) => Derived | undefined;

const DERIVED: Readonly<Record<string, Derive>> = {
  'apps/Deployment': workloadStatus,
  'apps/ReplicaSet': workloadStatus,
  'apps/StatefulSet': workloadStatus,
  'apps/DaemonSet': workloadStatus,
  'batch/Job': workloadStatus,
  '/Pod': podStatus,
  '/Node': nodeStatus,
  '/Namespace': namespaceStatus,
  '/PersistentVolumeClaim': claimStatus,
  '/Service': addressStatus,
  'networking.k8s.io/Ingress': addressStatus,
  'policy/PodDisruptionBudget': disruptionBudgetStatus,
  'apiextensions.k8s.io/CustomResourceDefinition': (_, stored) => ({
    status: establishedStatus(stored),
    until: Infinity,
  }),
};

function establishedStatus({ object, bornAt }: Stored): Fields {
  const { names, versions } = object.spec as { names: Fields; versions?: { name: string; storage?: boolean }[] };
  const since = timestamp(bornAt);
  return {
    acceptedNames: names,
    conditions: [
      {
        lastTransitionTime: since,
        message: 'no conflicts found',
        reason: 'NoConflicts',
        status: 'True',
        type: 'NamesAccepted',
      },
      {
        lastTransitionTime: since,
        message: 'the initial names have been accepted',
        reason: 'InitialNamesAccepted',
        status: 'True',
        type: 'Established',
      },
    ],
    storedVersions: (versions ?? []).filter(({ storage }) => storage).map(({ name }) => name),
  };
}
