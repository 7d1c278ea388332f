import { isDeleted, isLoadBalancer, isReclaimed, isTerminating } from './drain';
import { RESOURCE } from './health/resource-types';
import { BUILD_RESOURCE } from './kubernetes-types';
import type { KubernetesObject, ResourceType } from './ports/kubernetes';

/** Things that are deleted together and given the same time. */
export interface DrainGroup {
  /** How long its controllers have to clean up, counted from when its deletion was asked for. */
  readonly minutes: number;
  readonly kinds: readonly DrainKind[];
}

export interface DrainKind {
  readonly type: ResourceType;
  readonly which: (object: KubernetesObject) => boolean;
  /** Whether the draining itself asks for the deletion; otherwise it follows from another one. */
  readonly isAsked: boolean;
}

function asked(type: ResourceType, which: DrainKind['which'] = () => true): DrainKind {
  return { type, which, isAsked: true };
}

function awaited(type: ResourceType, which: DrainKind['which']): DrainKind {
  return { type, which, isAsked: false };
}

/** What stands for a load balancer: gone within 2 to 3 minutes where nothing holds it. */
export const ENTRY_POINTS: DrainGroup = {
  minutes: 10,
  kinds: [asked(RESOURCE.service, isLoadBalancer), asked(RESOURCE.ingress), asked(BUILD_RESOURCE.gateway)],
};

/** Applications and Kustomizations of the upper layers, with everything they made: as long as their pods need to end. */
const UNITS: DrainGroup = {
  minutes: 20,
  kinds: [awaited(RESOURCE.application, isDeleted), awaited(RESOURCE.kustomization, isDeleted)],
};

/** Claims go when their pods have gone, and volumes after them. */
export const VOLUMES: DrainGroup = {
  minutes: 20,
  kinds: [asked(RESOURCE.claim), awaited(BUILD_RESOURCE.volume, isReclaimed)],
};

/** A namespace that an Application or Kustomization made goes with it, when all in it has gone. */
const NAMESPACES: DrainGroup = {
  minutes: 20,
  kinds: [awaited(BUILD_RESOURCE.namespace, isTerminating)],
};

/** Karpenter's nodes, and with them whatever still ran there: it drains a node before it terminates the instance. */
export const NODES: DrainGroup = {
  minutes: 15,
  kinds: [asked(BUILD_RESOURCE.nodePool), asked(BUILD_RESOURCE.nodeClaim)],
};

/**
 * The stages of draining. Nodes come last and alone: the controllers that clean up after load balancers and volumes may
 * run on them.
 */
export const DRAIN_STAGES: readonly (readonly DrainGroup[])[] = [[ENTRY_POINTS, UNITS, VOLUMES, NAMESPACES], [NODES]];
