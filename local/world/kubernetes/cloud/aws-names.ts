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

export function iso(instant: number): string {
  return new Date(instant).toISOString();
}
