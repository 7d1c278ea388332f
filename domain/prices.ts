import type { InventoryItem } from './ports/inventory';

/**
 * What leaked resources cost, in US dollars: on-demand list prices of us-east-1 as they are commonly quoted in 2026, not
 * checked against the price list API. Other regions are 0 to 30 % dearer. The figures are
 * there to tell a forgotten load balancer from a forgotten cluster, not to check a bill.
 */
const HOURS_PER_MONTH = 730;

/** An hour of a resource's mere existence, without traffic. */
const HOURLY: Readonly<Record<string, number>> = {
  // A version out of standard support costs six times as much; a drill should not run one.
  'eks:cluster': 0.1,
  'ec2:natgateway': 0.045,
  // A public IPv4 address costs the same whether it is attached or not.
  'ec2:elastic-ip': 0.005,
  // Application and Network Load Balancers; capacity units come on top.
  'elasticloadbalancing:loadbalancer': 0.0225,
  // For one zone.
  'ec2:vpc-endpoint': 0.01,
};

/** An hour of a Linux instance, by type. */
const INSTANCE_HOURLY: Readonly<Record<string, number>> = {
  't3.medium': 0.0416,
  't3.large': 0.0832,
  't3.xlarge': 0.1664,
  'm5.large': 0.096,
  'm5.xlarge': 0.192,
  'm6i.large': 0.096,
  'm6i.xlarge': 0.192,
  'm7i.large': 0.1008,
  'm7g.large': 0.0816,
  'c5.large': 0.085,
  'r5.large': 0.126,
};

/** A month of one GiB of a gp3 volume, the EBS CSI driver's default. */
const VOLUME_GIB_MONTHLY = 0.08;
/** A customer managed key, until its deletion is scheduled. */
const KMS_KEY_MONTHLY = 1;

/**
 * An hour of the example's drill cluster, as far as it is billed by the hour: control plane, three m7g.large, a NAT
 * gateway with its address, a load balancer. 0.1 + 3 × 0.0816 + 0.045 + 0.005 + 0.0225 = 0.4173, in whole cents.
 */
export const EXAMPLE_CLUSTER_HOURLY = 0.42;

/** What keeping the item for a month costs; undefined where it costs nothing or its price is not known. */
export function monthlyCostOf(item: Pick<InventoryItem, 'type' | 'size'>): number | undefined {
  const { type, size } = item;
  if (type === 'ec2:volume') return priced(Number(size) * VOLUME_GIB_MONTHLY);
  if (type === 'kms:key') return KMS_KEY_MONTHLY;
  const hourly = type === 'ec2:instance' ? INSTANCE_HOURLY[size ?? ''] : HOURLY[type];
  return hourly === undefined ? undefined : priced(hourly * HOURS_PER_MONTH);
}

/** Whole cents; undefined for a size that is not known. */
function priced(dollars: number): number | undefined {
  return Number.isFinite(dollars) ? Math.round(dollars * 100) / 100 : undefined;
}
