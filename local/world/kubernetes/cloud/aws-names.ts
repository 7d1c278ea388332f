import { createHash } from 'node:crypto';
import type { Cluster } from '../cluster';

/** `prefix-` and 17 hex digits, as EC2 names its resources; the same for the same cluster, seed and subject. */
export function ec2Id(cluster: Cluster, prefix: string, subject: string): string {
  return `${prefix}-0${hexOf(cluster, subject, 16)}`;
}

export function hexOf(cluster: Cluster, subject: string, length: number): string {
  const text = `${cluster.around.chance.seed}/${cluster.name}/${subject}`;
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** An ARN in the cluster's own account and region. */
export function arnOf(cluster: Cluster, service: string, resource: string): string {
  const [, partition = 'aws', , region = '', account = ''] = cluster.eks.arn.split(':');
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

export function vpcIdOf(cluster: Cluster): string {
  const { vpcId } = cluster.eks.attributes;
  return typeof vpcId === 'string' ? vpcId : '';
}

/**
 * Begins the deletion of an AWS resource at the cluster's own instant, which may lie before the clock's: what a cluster
 * does must not depend on when somebody looked.
 */
export function endResource(cluster: Cluster, arn: string, milliseconds: number): void {
  const resource = cluster.around.aws.get(arn);
  if (!resource || resource.goneAt) return;
  resource.goneAt = iso(cluster.at + milliseconds);
  cluster.around.aws.changed();
}

/** Whether an AWS resource was there (or still going) at the cluster's instant, and whether its deletion has begun. */
export function resourceAt(cluster: Cluster, arn: string): 'there' | 'going' | 'gone' {
  const resource = cluster.around.aws.remembered().find((candidate) => candidate.arn === arn);
  if (!resource) return 'gone';
  if (resource.goneAt === undefined) return 'there';
  return Date.parse(resource.goneAt) > cluster.at ? 'going' : 'gone';
}

export function iso(instant: number): string {
  return new Date(instant).toISOString();
}
