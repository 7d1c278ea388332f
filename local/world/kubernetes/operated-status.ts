import type { Cluster } from './cluster';
import type { Stored } from './cluster-state';
import { timestamp } from './instants';
import { groupOf, type Fields } from './manifest';
import { operatedKind } from './operated-resources';
import type { Derived } from './workloads/workload-status';

/** Custom resources that make workloads, or sum up those of their owner, are available when those are. */
export function customResourceStatus(cluster: Cluster, stored: Stored): Derived | undefined {
  const operated = operatedKind(stored.object);
  if (!operated || (!operated.makes && !operated.sumsUpOwner)) return undefined;
  const maker = operated.sumsUpOwner ? ownerOf(cluster, stored) : stored;
  const made = (maker?.dependents ?? []).map((key) => cluster.byKey(key)).filter((one) => one !== undefined);
  const workloads = made.filter(({ object }) => groupOf(object.apiVersion) === 'apps');
  if (workloads.length === 0) return { status: {}, until: Infinity };
  const readyAt = Math.max(
    ...workloads
      .flatMap((workload) => (workload.rollout?.pods.length ? workload.rollout.pods : ['']))
      .map((key) => cluster.byKey(key)?.pod?.readyAt ?? Infinity),
  );
  const available = readyAt <= cluster.at;
  const since = timestamp(available ? readyAt : (workloads[0]?.bornAt ?? cluster.at));
  const { generation } = stored.object.metadata;
  const condition = (type: string, holds: boolean): Fields => ({
    lastTransitionTime: since,
    observedGeneration: generation,
    ...(!holds && { message: 'shard 0: pods are not ready', reason: 'NoPodReady' }),
    status: holds ? 'True' : 'False',
    type,
  });
  const conditions = [condition(operated.condition, available), condition('Reconciled', true)];
  const says = operated.says?.(stored.object, available) ?? {};
  return {
    status: { conditions, observedGeneration: generation, replicas: workloads.length, ...says },
    until: readyAt > cluster.at ? Math.min(readyAt, cluster.at + 1000) : Infinity,
  };
}

function ownerOf(cluster: Cluster, { object }: Stored): Stored | undefined {
  const [owner] = object.metadata.ownerReferences ?? [];
  return (
    owner && cluster.all(groupOf(owner.apiVersion), owner.kind).find((one) => one.object.metadata.name === owner.name)
  );
}
