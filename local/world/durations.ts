/**
 * How long AWS and Terraform's provider take, in seconds, spread by ±15 % (`Chance.milliseconds`). The figures that
 * decide a drill's time are medians of public Terraform logs; the rest are seconds either way. "a / b" below lists what
 * was seen.
 */
export interface Duration {
  readonly create: number;
  readonly remove: number;
}

/** By inventory type (`eks:cluster`), or by Terraform type for what is no AWS resource of its own. */
const DURATIONS: Readonly<Record<string, Duration>> = {
  // Create 8m12 / 8m13 / 8m33 / 8m52 / 9m12 / 9m22 / 9m43 / 10m06 / 10m42 / 11m03 / 12m18;
  // remove 1m09 / 3m24 / 3m48 / 8m42.
  'eks:cluster': { create: 562, remove: 206 },
  // Create 1m48 / 1m59 / 2m41; remove 4m12 / 6m19 / 6m21 / 8m21.
  'eks:nodegroup': { create: 119, remove: 310 },
  // An add-on without pods to wait for is ready in well under a minute; CoreDNS and the CSI driver wait for theirs.
  'eks:addon': { create: 35, remove: 12 },
  // Nobody has published how long a capability takes; a few minutes are assumed.
  'eks:capability': { create: 240, remove: 60 },
  'eks:fargateprofile': { create: 130, remove: 120 },
  'eks:access-entry': { create: 1, remove: 1 },
  'eks:podidentityassociation': { create: 1, remove: 1 },
  // Create and remove 1m00 – 1m34.
  'ec2:natgateway': { create: 94, remove: 61 },
  // With DNS hostnames the provider sets each attribute in a call of its own and waits for it.
  'ec2:vpc': { create: 12, remove: 1 },
  // map_public_ip_on_launch makes it wait for the attribute (11 s in the logs).
  'ec2:subnet': { create: 11, remove: 1 },
  'ec2:internet-gateway': { create: 1, remove: 12 },
  'ec2:elastic-ip': { create: 1, remove: 1 },
  'ec2:route-table': { create: 1, remove: 1 },
  'ec2:security-group': { create: 3, remove: 2 },
  'ec2:launch-template': { create: 1, remove: 1 },
  'ec2:vpc-endpoint': { create: 7, remove: 8 },
  'ec2:instance': { create: 15, remove: 45 },
  'ec2:volume': { create: 11, remove: 11 },
  'ec2:network-interface': { create: 2, remove: 2 },
  'elasticloadbalancing:loadbalancer': { create: 150, remove: 30 },
  'iam:role': { create: 2, remove: 1 },
  'iam:instance-profile': { create: 7, remove: 1 },
  // The deletion is only scheduled.
  'kms:key': { create: 8, remove: 1 },
  'rds:db': { create: 420, remove: 300 },
  'elasticache:replicationgroup': { create: 540, remove: 300 },
};

/** Most resources are one call each. */
const ORDINARY: Duration = { create: 1, remove: 1 };

/** Duration by inventory type or by Terraform type. */
export function durationOf(type: string): Duration {
  return DURATIONS[type] ?? ORDINARY;
}

/**
 * How long Terraform's provider retries a deletion that is refused with DependencyViolation, in seconds. That of the VPC
 * was measured (provider 5.100.0: `Destruction errored after 20m0s`).
 */
export const DELETE_PATIENCE_SECONDS: Readonly<Record<string, number>> = {
  'ec2:vpc': 1200,
  'ec2:subnet': 1200,
  'ec2:internet-gateway': 1200,
  'ec2:security-group': 900,
};
