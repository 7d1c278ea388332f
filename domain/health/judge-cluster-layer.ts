import { clusterPartOf } from '../catalogue/cluster-parts';
import { latest } from '../clock';
import type { EksCapability, EksCluster, EksPart } from '../ports/eks';
import type { KubernetesObject } from '../ports/kubernetes';
import type { ComponentReading, ObjectReading } from '../record';
import type { Settings } from '../settings';
import { type ClusterSnapshot, type UnreadableCluster, objectsOf } from './cluster-snapshot';
import { obstacleOf } from './judge-layer';
import type { LayerReading } from './layer-reading';
import { judgeNode } from './node';
import { conditionOf } from './object-reading';
import { RESOURCE } from './resource-types';

export interface JudgeClusterLayerInput {
  readonly settings: Settings;
  readonly clusterName: string;
  /** Undefined when EKS knows no such cluster. */
  readonly cluster: EksCluster | undefined;
  readonly parts: readonly EksPart[];
  /** What EKS runs for the cluster; asked for only where the target relies on it. */
  readonly capabilities?: readonly EksCapability[];
  /** A snapshot with the nodes; undefined while the cluster has no endpoint to ask. */
  readonly snapshot: ClusterSnapshot | UnreadableCluster | undefined;
  readonly now: Date;
}

/** Systems of the foundation layer that bring the network; without one, nodes stay NotReady until that layer. */
const NETWORKS = new Set(['cilium', 'calico', 'aws-vpc-cni']);

/** How the cluster layer stands: the control plane, node groups and add-ons by EKS, and the nodes by Kubernetes. */
export function judgeClusterLayer(input: JudgeClusterLayerInput): LayerReading {
  const { cluster, parts, snapshot, now } = input;
  const base = { layer: 'cluster', readAt: snapshot?.readAt ?? now.toISOString() } as const;
  const components = [judgeControlPlane(input), ...parts.map(judgePart), ...judgeManagedArgocd(input)].map(
    withUsualReason,
  );
  if (cluster?.status !== 'ACTIVE' || snapshot === undefined) return { ...base, components };
  if ('unavailable' in snapshot) return { ...base, components: [], obstacle: obstacleOf(snapshot) };
  const nodes = withUsualReason(judgeNodes(input, objectsOf(snapshot, RESOURCE.node)));
  return { ...base, components: [...components, nodes] };
}

function withUsualReason(component: ComponentReading): ComponentReading {
  const part = clusterPartOf(component.name);
  return component.status === 'healthy' || !part ? component : { ...component, usualReason: part.usualReason };
}

function judgeControlPlane({ cluster, clusterName }: JudgeClusterLayerInput): ComponentReading {
  const name = 'control-plane';
  if (!cluster) {
    const reason = `EKS knows no cluster ${clusterName}`;
    return {
      name,
      status: 'missing',
      reason,
      listed: false,
      blocking: [block('Cluster', clusterName, 'missing', reason)],
    };
  }
  const { status, reason } = verdictOf(cluster.status, cluster.health);
  return {
    name,
    status,
    reason,
    listed: false,
    startedAt: cluster.createdAt,
    blocking: status === 'healthy' ? [] : [block('Cluster', cluster.name, status, reason)],
  };
}

function judgePart(part: EksPart): ComponentReading {
  const { status, reason } = verdictOf(part.status, part.health);
  const kind = { nodegroup: 'Nodegroup', addon: 'Addon', capability: 'Capability' }[part.kind];
  return {
    name: `${part.kind}-${part.name}`,
    status,
    reason,
    listed: false,
    startedAt: part.createdAt,
    blocking: status === 'healthy' ? [] : [block(kind, part.name, status, reason)],
  };
}

/**
 * The Argo CD that EKS is to run, where the target says so; Terraform makes it with the cluster. Its health issues are
 * named and do not count yet: EKS gives its role no permission in the cluster, *Install GitOps* does.
 */
function judgeManagedArgocd({ settings, clusterName, capabilities = [] }: JudgeClusterLayerInput): ComponentReading[] {
  if (!settings.gitops.managed) return [];
  const argocd = capabilities.find(({ type }) => type === 'ARGOCD');
  if (argocd) {
    const { reason } = verdictOf(argocd.status, argocd.health);
    return [{ ...judgePart({ ...argocd, health: [] }), reason }];
  }
  const reason = `EKS runs no Argo CD for ${clusterName}, which gitops.managed asks for: Terraform must make the capability`;
  return [
    {
      name: 'capability-argocd',
      status: 'missing',
      reason,
      listed: false,
      blocking: [block('Capability', 'argocd', 'missing', reason)],
    },
  ];
}

/** EKS says FAILED and CREATE_FAILED for good; DEGRADED, and an ACTIVE part with health issues, may recover. */
function verdictOf(
  status: string,
  health: readonly string[],
): Pick<ComponentReading, 'reason'> & { status: 'healthy' | 'progressing' | 'degraded' | 'failed' } {
  const issues = health.length > 0 ? `: ${health.join('; ')}` : '';
  const reason = `EKS says ${status}${issues}`;
  if (status === 'ACTIVE') return { status: issues ? 'degraded' : 'healthy', reason };
  if (status === 'FAILED' || status === 'CREATE_FAILED' || status === 'DELETE_FAILED')
    return { status: 'failed', reason };
  if (status === 'CREATING' || status === 'UPDATING' || status === 'PENDING') return { status: 'progressing', reason };
  return { status: 'degraded', reason };
}

/**
 * The nodes as one component. There must be as many as the node groups want, each ready; a node that only lacks its
 * network counts as ready when the foundation layer brings the network.
 */
function judgeNodes({ parts, settings }: JudgeClusterLayerInput, nodes: readonly KubernetesObject[]): ComponentReading {
  const wanted = parts.reduce((sum, part) => sum + (part.desiredNodes ?? 0), 0);
  const networkComesLater = settings.layers.foundation.components.some(({ system }) => NETWORKS.has(system ?? ''));
  const readings = nodes.map((node) =>
    networkComesLater && lacksOnlyNetwork(node)
      ? { ...judgeNode(node), status: 'healthy' as const, reason: 'waits for the network of the foundation layer' }
      : judgeNode(node),
  );
  const blocking = readings.filter(({ status }) => status !== 'healthy');
  const base = { name: 'nodes', listed: false, ...startOf(nodes) };
  const [worst] = blocking.toSorted((one) => (one.status === 'degraded' ? -1 : 1));
  if (worst) {
    const status = worst.status === 'degraded' ? 'degraded' : 'progressing';
    return { ...base, status, reason: `Node ${worst.name}: ${worst.reason}`, blocking };
  }
  if (nodes.length === 0 || nodes.length < wanted) {
    const reason = `${nodes.length} of ${Math.max(wanted, 1)} nodes have joined`;
    return { ...base, status: 'progressing', reason, blocking: [block('Node', 'nodes', 'missing', reason)] };
  }
  const healthyAt = latest(readings.map(({ healthySince }) => healthySince));
  const reason = networkComesLater ? `${nodes.length} nodes have joined` : `${nodes.length} nodes are ready`;
  return { ...base, status: 'healthy', reason, ...(healthyAt !== undefined && { healthyAt }), blocking: [] };
}

/** The kubelet's words while no CNI has configured the node (`KubeletNotReady`: "… cni plugin not initialized"). */
function lacksOnlyNetwork(node: KubernetesObject): boolean {
  const ready = conditionOf(node, 'Ready');
  return (
    ready?.status === 'False' && /cni plugin not initialized|network plugin is not ready/i.test(ready.message ?? '')
  );
}

function startOf(nodes: readonly KubernetesObject[]): { startedAt?: string } {
  const [first] = nodes
    .map(({ metadata }) => metadata.creationTimestamp)
    .filter((instant) => instant !== undefined)
    .toSorted();
  return first === undefined ? {} : { startedAt: first };
}

function block(kind: string, name: string, status: ObjectReading['status'], reason: string): ObjectReading {
  return { kind, name, status, reason };
}
