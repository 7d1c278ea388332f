import type { Kind } from '../ports/kubernetes';
import type { ObjectIdentity } from './cluster-snapshot';
import { kindKey, ruleOf } from './judge-object';
import { SILENT_KINDS } from './system-kinds';

/** Groups that Kubernetes serves itself; what is worth reading of them is in `types-to-read.ts`. */
const BUILT_IN_GROUPS = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/**
 * How many kinds of custom resources one poll lists. Gatekeeper alone brings a kind for every template; with the 16
 * types of Kubernetes itself a poll stays under 40 requests, which an API server takes from one client in a second.
 */
const MOST_KINDS = 20;

/**
 * The kinds of custom resources among what units make, for reading: those with a rule first, as they are known to say
 * something, and no more than a poll may list. A kind that never says anything is not read: that it exists is what Argo
 * CD and Flux say already.
 */
export function customKindsOf(made: readonly ObjectIdentity[]): readonly Kind[] {
  const kinds = new Map(made.filter(mayBeRead).map((identity) => [kindKey(identity), identity]));
  return [...kinds]
    .toSorted(([one, a], [other, b]) => Number(!ruleOf(a)) - Number(!ruleOf(b)) || (one < other ? -1 : 1))
    .slice(0, MOST_KINDS)
    .map(([, { group, version, kind }]) => ({ apiVersion: `${group}/${version}`, kind }));
}

/** Whether an object is a custom resource that may say how it is. */
export function mayBeRead(identity: ObjectIdentity): boolean {
  return identity.version !== undefined && !BUILT_IN_GROUPS.has(identity.group) && !SILENT_KINDS.has(kindKey(identity));
}
