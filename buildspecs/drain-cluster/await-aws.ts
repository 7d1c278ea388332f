import type { Clock } from '../../domain/clock';
import { isTransient, messageOf } from '../../domain/errors';
import type { Inventory, InventoryItem, InventoryScope } from '../../domain/ports/inventory';

/** Kubernetes lets go of a load balancer before EC2 gives back its network interfaces, and of a volume while it is deleted. */
const AWS_DEADLINE_MILLISECONDS = 10 * 60_000;
/** An inventory is some thirty requests, a list of Kubernetes one. */
const AWS_PAUSE_MILLISECONDS = 45_000;

/**
 * Waits until AWS shows no load balancer, no claimed volume and no node of Karpenter any more.
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
      const left = (await inventory.find(scope)).filter((item) => isOfControllers(item, scope));
      if (left.length === 0) return undefined;
      if (clock.now().getTime() >= deadline) return `AWS still shows ${left.map(({ arn }) => arn).join(', ')}`;
    } catch (error) {
      if (signal.aborted || !isTransient(error)) return `AWS could not be asked what is left: ${messageOf(error)}`;
      if (clock.now().getTime() >= deadline) return `AWS did not say what is left: ${messageOf(error)}`;
    }
    await clock.sleep(AWS_PAUSE_MILLISECONDS, signal);
  }
}

/** Made by controllers of the cluster. The nodes of node groups, with their own root volumes, go with Terraform, later. */
function isOfControllers({ type, arn, tags }: InventoryItem, { volumeIds }: InventoryScope): boolean {
  if (type === 'ec2:volume') return volumeIds.some((id) => arn.endsWith(`/${id}`));
  if (type === 'ec2:instance') return 'karpenter.sh/nodepool' in tags;
  return /^elasticloadbalancing:(classic-)?loadbalancer$/.test(type);
}

/**
 * The volumes that hang on instances of a cluster whose PersistentVolumes cannot be read: when the instances are gone,
 * nothing else ties them to the drill.
 */
export async function attachedVolumes(inventory: Inventory, scope: InventoryScope): Promise<readonly string[]> {
  const items = await inventory.find(scope);
  return items.flatMap(({ arn, instanceId }) => (instanceId === undefined ? [] : [arn.split('/').at(-1)!]));
}
