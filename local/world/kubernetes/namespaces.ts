import type { Cluster } from './cluster';

/** A namespace that is deleted takes everything in it along and goes when it is empty; finalizers hold it. */
export function endNamespace(cluster: Cluster, key: string): void {
  const namespace = cluster.byKey(key);
  if (!namespace?.object.metadata.deletionTimestamp) return;
  const { name } = namespace.object.metadata;
  const left = Object.keys(cluster.state.objects).flatMap((type) => {
    const slash = type.lastIndexOf('/');
    return cluster.all(type.slice(0, slash), type.slice(slash + 1), name);
  });
  if (left.length === 0) {
    cluster.vanish(namespace, 0);
    return;
  }
  for (const stored of left) cluster.remove(stored);
  if (namespace.object.status?.['phase'] !== 'Terminating') cluster.setStatus(namespace, { phase: 'Terminating' });
  cluster.after(2000, 'namespace', key);
}
