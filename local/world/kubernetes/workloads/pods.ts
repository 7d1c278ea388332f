import { createHash } from 'node:crypto';
import type { Cluster } from '../cluster';
import { controllerOf, keyOf } from '../cluster';
import type { Stored } from '../cluster-state';
import type { Manifest, PodTemplate } from '../manifest';

/** The controllers of kube-controller-manager write under one name. */
export const CONTROLLER_MANAGER = { manager: 'kube-controller-manager', operation: 'Update' } as const;

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A hash as Kubernetes writes it into names: only letters and digits that spell nothing. */
export function safeHash(text: string, length: number): string {
  const digest = createHash('sha256').update(text).digest();
  return [...digest.subarray(0, length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** Makes a pod of a workload's template; it appears in the API a little after its controller wrote it. */
export function createPod(
  cluster: Cluster,
  owner: Stored,
  name: string,
  template: PodTemplate,
  extra: {
    readonly labels?: Record<string, string>;
    readonly claims?: readonly { name: string; claimName: string }[];
  } = {},
): Stored {
  const spec = structuredClone(template.spec ?? {});
  if (extra.claims?.length) {
    const mounts = extra.claims.map(({ name: volume, claimName }) => ({
      name: volume,
      persistentVolumeClaim: { claimName },
    }));
    spec.volumes = [...(spec.volumes ?? []), ...mounts];
  }
  const { annotations, labels } = template.metadata ?? {};
  const pod: Manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: owner.object.metadata.namespace ?? 'default',
      labels: { ...labels, ...extra.labels },
      ...(annotations && { annotations: { ...annotations } }),
      ownerReferences: [controllerOf(owner)],
    },
    spec,
  };
  const stored = cluster.create(pod, CONTROLLER_MANAGER);
  stored.pod = {};
  return stored;
}

/** The pods of a list of keys that are still there. */
export function podsOf(cluster: Cluster, keys: readonly string[]): Stored[] {
  return keys
    .map((key) => cluster.byKey(key))
    .filter((pod) => pod !== undefined && !pod.object.metadata.deletionTimestamp) as Stored[];
}

export function isReady(pod: Stored, at: number): boolean {
  return typeof pod.pod?.readyAt === 'number' && pod.pod.readyAt <= at;
}

export function podKey(pod: Stored): string {
  return keyOf(pod.object);
}
