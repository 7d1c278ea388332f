import { createHash } from 'node:crypto';
import type { Clock } from '../../domain/clock';
import type { Chance } from '../chance';
import type { AwsResource, AwsResources } from './aws-resources';

/** The simulated AWS account, as Terraform and the services of the local endpoint see it. */
export interface SimulatedAccount {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly aws: AwsResources;
  /** Account id, 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** The IAM role that every local caller has, as STS says (`local/services/sts.ts`). */
export function callerRoleArn(account: string): string {
  return `arn:aws:iam::${account}:role/cluster-drill-local`;
}

/** Hexadecimal digits that follow from the seed and a name, for ids. */
export function hexOf(chance: Chance, name: string, length: number): string {
  return createHash('sha256').update(`${chance.seed}/${name}`).digest('hex').slice(0, length);
}

/** A UUID that follows from the seed and a name. */
export function uuidOf(chance: Chance, name: string): string {
  const hex = hexOf(chance, name, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Text of a resource's attribute; empty when it has none. */
export function textAttribute(resource: AwsResource, name: string): string {
  const value = resource.attributes[name];
  return typeof value === 'string' ? value : '';
}

/** A list of texts in a resource's attribute; empty when it has none. */
export function listAttribute(resource: AwsResource, name: string): readonly string[] {
  const value = resource.attributes[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** CREATING, ACTIVE, DELETING as the instant has it, unless the resource has a `status` of its own (CREATE_FAILED). */
export function lifecycleOf(resource: AwsResource, now: Date): string {
  if (resource.goneAt !== undefined) return 'DELETING';
  const own = textAttribute(resource, 'status');
  if (own !== '') return own;
  return Date.parse(resource.activeAt) > now.getTime() ? 'CREATING' : 'ACTIVE';
}
