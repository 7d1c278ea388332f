import { RESOURCE } from '../../domain/health/resource-types';
import type { KubernetesApi, KubernetesObject, ResourceType } from '../../domain/ports/kubernetes';

/** Logs are the larger part of the evidence: of so many pods, so many lines each. */
const MAX_PODS = 10;
const LOG_LINES = 200;

const EVENT: ResourceType = { apiVersion: 'v1', kind: 'Event', plural: 'events', namespaced: true };
/** What the GitOps engine says, whole; most of it is needed to tell what went wrong. */
const ENGINE_TYPES = [RESOURCE.application, RESOURCE.gitRepository, RESOURCE.kustomization, RESOURCE.helmRelease];

interface Pod extends KubernetesObject {
  readonly spec?: { readonly containers?: readonly { readonly name: string }[] };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly name: string; readonly restartCount?: number }[];
  };
}

export interface ClusterEvidence {
  readonly nodes: readonly KubernetesObject[];
  readonly engine: readonly KubernetesObject[];
  readonly pods: readonly KubernetesObject[];
  readonly warnings: readonly KubernetesObject[];
  /** By `namespace/pod/container`; of a restarted container the log of the run before. */
  readonly logs: Readonly<Record<string, string>>;
}

/** What the cluster says of itself: its nodes, the engine's objects, pods that are not ready with logs, and warnings. */
export async function collectClusterEvidence(api: KubernetesApi): Promise<ClusterEvidence> {
  const list = async (type: ResourceType): Promise<readonly KubernetesObject[]> => (await api.list(type)) ?? [];
  const pods = ((await list(RESOURCE.pod)) as readonly Pod[]).filter(isSick);
  const engine = await Promise.all(ENGINE_TYPES.map(list));
  return {
    nodes: await list(RESOURCE.node),
    engine: engine.flat(),
    pods,
    warnings: (await list(EVENT)).filter((event) => event['type'] === 'Warning'),
    logs: await logsOf(api, pods.slice(0, MAX_PODS)),
  };
}

function isSick({ status }: Pod): boolean {
  if (status?.phase === 'Succeeded') return false;
  return !status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

async function logsOf(api: KubernetesApi, pods: readonly Pod[]): Promise<Record<string, string>> {
  const logs: Record<string, string> = {};
  for (const { metadata, spec, status } of pods) {
    const namespace = metadata.namespace ?? 'default';
    for (const { name } of spec?.containers ?? []) {
      const restarts = status?.containerStatuses?.find((container) => container.name === name)?.restartCount ?? 0;
      const log = await api.logs(namespace, metadata.name, {
        container: name,
        previous: restarts > 0,
        lines: LOG_LINES,
      });
      logs[`${namespace}/${metadata.name}/${name}`] = log;
    }
  }
  return logs;
}
