import type { InventoryItem } from './ports/inventory';

/**
 * The order in which AWS lets a drill's resources go: what uses something before what is used. Instances hold volumes
 * and network interfaces; node groups and capabilities hold the cluster; load balancers hold security groups and addresses; NAT gateways
 * hold addresses; everything in a VPC holds the VPC. The log group comes after the cluster, which would make it again.
 */
const ORDER: readonly string[] = [
  'eks:nodegroup',
  'eks:fargateprofile',
  'ec2:instance',
  'elasticloadbalancing:loadbalancer',
  'elasticloadbalancing:classic-loadbalancer',
  'elasticloadbalancing:targetgroup',
  'eks:capability',
  'eks:cluster',
  'ec2:natgateway',
  'ec2:vpc-endpoint',
  'ec2:volume',
  'ec2:network-interface',
  'ec2:elastic-ip',
  'ec2:launch-template',
  'ec2:security-group',
  'ec2:subnet',
  'ec2:network-acl',
  'ec2:route-table',
  'ec2:internet-gateway',
  'ec2:egress-only-internet-gateway',
  'ec2:vpc',
  'iam:instance-profile',
  'iam:role',
  'iam:policy',
  'iam:oidc-provider',
  'logs:log-group',
  'kms:alias',
  'kms:key',
];

/** The items in the order in which they can be deleted; types that are not known come last, each type as it was. */
export function inSweepOrder(items: readonly InventoryItem[]): readonly InventoryItem[] {
  return items.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rankOf({ type }: InventoryItem): number {
  const rank = ORDER.indexOf(type);
  return rank === -1 ? ORDER.length : rank;
}
