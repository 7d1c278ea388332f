import type { ApplicationMemory } from './argocd/application-memory';
import type { ReconcileMemory } from './flux/reconcile-memory';
import type { Manifest } from './manifest';

/** What a controller is to do, and when. Data, so that a killed drill goes on where it was. */
export interface Task {
  /** Milliseconds since the epoch. */
  at: number;
  /** Name of a handler in `controllers.ts`. */
  do: string;
  /** Key of the object it is for, or of the AWS resource. */
  key: string;
}

/** The life of a pod as instants; null where it never happens by itself. */
export interface PodRun {
  /** When it is bound to a node; absent while no node takes it. */
  scheduledAt?: number;
  node?: string;
  /** When its containers start (image pulled, volumes attached). */
  startedAt?: number;
  /** When it is ready (a Job's pod: done); null for one that crashes for ever. */
  readyAt?: number | null;
  /** Why the scheduler does not place it. */
  unschedulable?: string;
}

/** What the controllers know of a workload's rollout. */
export interface Rollout {
  generation: number;
  startedAt: number;
  /** Keys of its pods, in order. */
  pods: string[];
  /** Name of the ReplicaSet (Deployment) or of the revision (StatefulSet). */
  revision: string;
  /** Keys of the pods of the template before, which serve until the new ones are ready. */
  old?: string[];
}

/** An object and what the simulation knows of it beyond what the API shows. */
export interface Stored {
  object: Manifest;
  /** It exists from here … */
  bornAt: number;
  /** … until here. */
  goneAt?: number;
  /** Keys of the objects that name it as owner. */
  dependents?: string[];
  pod?: PodRun;
  rollout?: Rollout;
  /** A claim's volume: when it is bound, and to which PersistentVolume. */
  claim?: { boundAt: number; volume: string };
  /** When a Service or an Ingress has its address, and which. */
  address?: { at: number; hostname: string };
  /** When a node is ready. */
  nodeReadyAt?: number;
  /** ARNs of what a Service or a claim made in AWS. */
  aws?: string[];
  application?: ApplicationMemory;
  reconcile?: ReconcileMemory;
}

/** A release that helm made: its objects, for `helm list`, `upgrade` and `uninstall`. */
export interface HelmRelease {
  name: string;
  namespace: string;
  chart: string;
  version: string;
  appVersion: string;
  revision: number;
  status: 'deployed' | 'failed' | 'pending-install' | 'pending-upgrade';
  updated: string;
  objects: string[];
}

/** One cluster, as it is kept in the world's state: plain JSON. */
export interface ClusterState {
  name: string;
  /** How far the controllers have worked. */
  workedUntil: number;
  /** The resource version of the last write. */
  revision: number;
  /** By type (`apps/Deployment`), then by `namespace/name`. */
  objects: Record<string, Record<string, Stored>>;
  agenda: Task[];
  /** AWS resources (node groups, add-ons) that the cluster has noticed: whether it is being taken away. */
  noticed: Record<string, 'there' | 'leaving'>;
  helmReleases: Record<string, HelmRelease>;
}

export function newClusterState(name: string, bornAt: number): ClusterState {
  return {
    name,
    workedUntil: bornAt,
    revision: 1,
    objects: {},
    agenda: [],
    noticed: {},
    helmReleases: {},
  };
}
