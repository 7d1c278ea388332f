import type { AwsResource } from './aws-resources';
import { durationOf } from './durations';
import { listAttribute, textAttribute } from './simulated-account';
import type { SimulatedAccount } from './simulated-account';

/** Why AWS refuses a deletion. */
export interface Obstacle {
  readonly code: string;
  readonly message: string;
}

const PROTECTED: Obstacle = {
  code: 'InvalidRequestException',
  message: 'Cannot delete cluster with deletion protection enabled.',
};

/** What stands in the way of a deletion now, in the words of the resource's own API; undefined when nothing does. */
export function obstacleTo(world: SimulatedAccount, resource: AwsResource): Obstacle | undefined {
  if (resource.undeletable) return resource.undeletable;
  const { id, type } = resource;
  const others = world.aws.list().filter((other) => other.arn !== resource.arn);
  switch (type) {
    case 'ec2:vpc':
      return others.some((other) => isOfNetwork(other) && textAttribute(other, 'vpcId') === id)
        ? violation(`The vpc '${id}' has dependencies and cannot be deleted.`)
        : undefined;
    case 'ec2:subnet':
      return others.some((other) => isIn(other, resource))
        ? violation(`The subnet '${id}' has dependencies and cannot be deleted.`)
        : undefined;
    case 'ec2:internet-gateway':
      return others.some((other) => hasPublicAddressIn(other, textAttribute(resource, 'vpcId')))
        ? violation(
            `Network ${textAttribute(resource, 'vpcId')} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
          )
        : undefined;
    case 'ec2:security-group':
      return others.some((other) => listAttribute(other, 'securityGroups').includes(id))
        ? violation(`resource ${id} has a dependent object`)
        : undefined;
    case 'eks:cluster':
      if (resource.attributes['deletionProtection'] === true) return PROTECTED;
      return others.some((other) => other.type === 'eks:nodegroup' && textAttribute(other, 'clusterName') === id)
        ? { code: 'ResourceInUseException', message: 'Cluster has nodegroups attached' }
        : undefined;
    case 'iam:role':
      return roleObstacle(resource);
    case 'iam:policy':
      return others.some((other) => listAttribute(other, 'attachedPolicies').includes(resource.arn))
        ? { code: 'DeleteConflict', message: 'Cannot delete a policy attached to entities.' }
        : undefined;
    case 'iam:instance-profile':
      return listAttribute(resource, 'roles').length > 0
        ? { code: 'DeleteConflict', message: 'Cannot delete entity, must remove roles from instance profile first.' }
        : undefined;
    case 'ec2:elastic-ip':
      return others.some((other) => textAttribute(other, 'allocationId') === id)
        ? {
            code: 'InvalidIPAddress.InUse',
            message: `The address with allocation id [${id}] cannot be released because it is in use`,
          }
        : undefined;
    case 'ec2:volume':
      return isAttached(world, resource)
        ? { code: 'VolumeInUse', message: `Volume ${id} is currently attached to an instance` }
        : undefined;
    case 'ec2:network-interface':
      return world.aws.get(textAttribute(resource, 'partOf'))
        ? { code: 'InvalidParameterValue', message: `Network interface '${id}' is currently in use.` }
        : undefined;
    default:
      return undefined;
  }
}

/**
 * Begins a deletion and that of everything that AWS takes along (a node group's instances, a cluster's security group
 * and interfaces, a load balancer's interfaces). @returns how long it takes, in milliseconds.
 */
export function beginRemoval(world: SimulatedAccount, resource: AwsResource): number {
  const milliseconds = world.chance.milliseconds(`remove ${resource.arn}`, durationOf(resource.type).remove);
  if (resource.type === 'kms:key') {
    scheduleKeyDeletion(world, resource);
    return milliseconds;
  }
  for (const part of world.aws.list()) {
    if (textAttribute(part, 'partOf') === resource.arn) world.aws.remove(part.arn, milliseconds);
  }
  if (resource.type === 'eks:cluster') {
    for (const part of world.aws.list().filter((other) => textAttribute(other, 'clusterName') === resource.id)) {
      // Add-ons, access entries and pod identity associations end with their cluster.
      if (part.type.startsWith('eks:')) world.aws.remove(part.arn, milliseconds);
    }
  }
  world.aws.remove(resource.arn, milliseconds);
  return milliseconds;
}

const DAY_MILLISECONDS = 86_400_000;

/** KMS keeps a key for 7 to 30 days, pending deletion, before it is gone. */
export function scheduleKeyDeletion({ aws }: SimulatedAccount, key: AwsResource, days = 30): void {
  aws.remove(key.arn, days * DAY_MILLISECONDS);
}

function violation(message: string): Obstacle {
  return { code: 'DependencyViolation', message };
}

/** Whether a volume of a cluster is attached: it was, and an instance that may hold it still runs. */
export function isAttached({ aws }: SimulatedAccount, volume: AwsResource): boolean {
  return textAttribute(volume, 'state') === 'in-use' && aws.list('ec2:instance').some(({ goneAt }) => !goneAt);
}

function isOfNetwork({ type }: AwsResource): boolean {
  return type.startsWith('ec2:') || /^elasticloadbalancing:(classic-)?loadbalancer$/.test(type);
}

function isIn(other: AwsResource, subnet: AwsResource): boolean {
  if (textAttribute(other, 'subnetId') === subnet.id) return true;
  if (other.type !== 'elasticloadbalancing:loadbalancer') return false;
  const subnetIds = listAttribute(other, 'subnetIds');
  // A load balancer of Kubernetes may not say where its interfaces are; it then holds every subnet of its VPC.
  return subnetIds.length > 0
    ? subnetIds.includes(subnet.id)
    : textAttribute(other, 'vpcId') === textAttribute(subnet, 'vpcId');
}

function hasPublicAddressIn(other: AwsResource, vpcId: string): boolean {
  if (textAttribute(other, 'vpcId') !== vpcId) return false;
  return (
    other.type === 'ec2:natgateway' ||
    (other.type === 'elasticloadbalancing:loadbalancer' && textAttribute(other, 'scheme') !== 'internal')
  );
}

function roleObstacle(role: AwsResource): Obstacle | undefined {
  if (listAttribute(role, 'attachedPolicies').length > 0) {
    return { code: 'DeleteConflict', message: 'Cannot delete entity, must detach all policies first.' };
  }
  if (listAttribute(role, 'inlinePolicies').length > 0) {
    return { code: 'DeleteConflict', message: 'Cannot delete entity, must delete policies first.' };
  }
  return undefined;
}
