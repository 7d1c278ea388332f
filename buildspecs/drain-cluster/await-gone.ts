import type { Clock } from '../../domain/clock';
import { isTransient, messageOf } from '../../domain/errors';
import { isDeleted, isLoadBalancer, isReclaimed, titleOf } from '../../domain/drain';
import { RESOURCE } from '../../domain/health/resource-types';
import { BUILD_RESOURCE } from '../../domain/kubernetes-types';
import type { Inventory, InventoryScope } from '../../domain/ports/inventory';
import type { KubernetesApi, KubernetesObject, ResourceType } from '../../domain/ports/kubernetes';

/**
 * Load balancers and volumes are gone within 5 to 10 minutes where nothing holds them; twice that is given. The build
 * has 45 minutes in all.
 */
export const DRAIN_DEADLINE_MINUTES = 20;
const PAUSE_MILLISECONDS = 15_000;

/** Something that must be gone before the cluster may be destroyed. */
export interface Remaining {
  readonly type: ResourceType;
  readonly object: KubernetesObject;
}

const ANY = (): boolean => true;

/** What must be gone: whatever stands for something in AWS that Terraform does not know of, and what holds on to it. */
const MUST_GO: readonly (readonly [ResourceType, (object: KubernetesObject) => boolean])[] = [
  [RESOURCE.application, isDeleted],
  [RESOURCE.kustomization, isDeleted],
  [RESOURCE.service, isLoadBalancer],
  [RESOURCE.ingress, ANY],
  [BUILD_RESOURCE.gateway, ANY],
  [RESOURCE.claim, ANY],
  [BUILD_RESOURCE.volume, isReclaimed],
  [BUILD_RESOURCE.nodePool, ANY],
  [BUILD_RESOURCE.nodeClaim, ANY],
];

/** Waits until Kubernetes shows nothing of it any more. @returns what is left at the deadline. */
export async function awaitGone(
  kubernetes: KubernetesApi,
  clock: Clock,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<readonly Remaining[]> {
  const deadline = clock.now().getTime() + DRAIN_DEADLINE_MINUTES * 60_000;
  for (;;) {
    const left = await remaining(kubernetes);
    if (left.length === 0 || clock.now().getTime() >= deadline) return left;
    log(`waiting for ${left.map(({ object }) => titleOf(object)).join(', ')}`);
    await clock.sleep(PAUSE_MILLISECONDS, signal);
  }
}

async function remaining(kubernetes: KubernetesApi): Promise<Remaining[]> {
  const left: Remaining[] = [];
  for (const [type, mustGo] of MUST_GO) {
    const objects = (await kubernetes.list(type)) ?? [];
    left.push(...objects.filter(mustGo).map((object) => ({ type, object })));
  }
  return left;
}

/** Kubernetes lets go of a load balancer before EC2 gives back its network interfaces, and of a volume while it is deleted. */
const AWS_DEADLINE_MILLISECONDS = 10 * 60_000;
/** An inventory is some twenty requests, a list of Kubernetes one. */
const AWS_PAUSE_MILLISECONDS = 45_000;
const AWS_TYPES = new Set(['elasticloadbalancing:loadbalancer', 'ec2:volume']);

/**
 * Waits until AWS shows no load balancer and no claimed volume of the drill any more.
 * @returns a sentence about what is left at the deadline or why it could not be told; the sweep deals with that.
 */
export async function awaitGoneFromAws(
  inventory: Inventory,
  scope: InventoryScope,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = clock.now().getTime() + AWS_DEADLINE_MILLISECONDS;
  for (;;) {
    try {
      const items = await inventory.find(scope);
      const left = items.filter(({ type, arn }) => AWS_TYPES.has(type) && isOutsideNodes(type, arn, scope));
      if (left.length === 0) return undefined;
      if (clock.now().getTime() >= deadline) return `AWS still shows ${left.map(({ arn }) => arn).join(', ')}`;
    } catch (error) {
      if (signal.aborted || !isTransient(error)) return `AWS could not be asked what is left: ${messageOf(error)}`;
      if (clock.now().getTime() >= deadline) return `AWS did not say what is left: ${messageOf(error)}`;
    }
    await clock.sleep(AWS_PAUSE_MILLISECONDS, signal);
  }
}

/** The nodes' own root volumes go with the nodes, later. */
function isOutsideNodes(type: string, arn: string, { volumeIds }: InventoryScope): boolean {
  return type !== 'ec2:volume' || volumeIds.some((id) => arn.endsWith(`/${id}`));
}
