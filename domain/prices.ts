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
  'elasticloadbalancing:classic-loadbalancer': 0.025,
  // For one zone.
  'ec2:vpc-endpoint': 0.01,
};

/** An hour of a Linux instance of size `large`, by family; every step of size doubles or halves it. */
const LARGE_HOURLY: Readonly<Record<string, number>> = {
  t3: 0.0832,
  t3a: 0.0752,
  t4g: 0.0672,
  m5: 0.096,
  m5a: 0.086,
  m6a: 0.0864,
  m6g: 0.077,
  m6i: 0.096,
  m7a: 0.11592,
  m7g: 0.0816,
  m7i: 0.1008,
  'm7i-flex': 0.09576,
  m8g: 0.08976,
  c5: 0.085,
  c6a: 0.0765,
  c6g: 0.068,
  c6i: 0.085,
  c7g: 0.0725,
  c7i: 0.08925,
  r5: 0.126,
  r6g: 0.1008,
  r6i: 0.126,
  r7g: 0.1071,
  r7i: 0.1323,
};

/** How many times a `large` each size is. */
const SIZE: Readonly<Record<string, number>> = {
  nano: 1 / 16,
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
  '2xlarge': 4,
  '4xlarge': 8,
  '8xlarge': 16,
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
  const hourly = type === 'ec2:instance' ? instanceHourlyOf(size ?? '') : HOURLY[type];
  return hourly === undefined ? undefined : priced(hourly * HOURS_PER_MONTH);
}

function instanceHourlyOf(instanceType: string): number | undefined {
  const [family = '', size = ''] = instanceType.split('.');
  const [large, times] = [LARGE_HOURLY[family], SIZE[size]];
  return large === undefined || times === undefined ? undefined : large * times;
}

/** Whole cents; undefined for a size that is not known. */
function priced(dollars: number): number | undefined {
  return Number.isFinite(dollars) ? Math.round(dollars * 100) / 100 : undefined;
}
