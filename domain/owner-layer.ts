import { CATALOGUE } from './catalogue-entries';
import { LAYERS, type Layer } from './layers';
import type { InventoryItem } from './ports/inventory';
import type { ComponentSettings, Settings } from './settings';

/** Tags by which controllers say for what in Kubernetes they made something; the namespace comes first. */
const MADE_FOR = [
  'kubernetes.io/created-for/pvc/namespace', // EBS CSI driver
  'service.k8s.aws/stack', // AWS Load Balancer Controller: namespace/name
  'ingress.k8s.aws/stack', // namespace/name, or the name of a group of Ingresses
  'kubernetes.io/service-name', // Kubernetes' own provider: namespace/name
];

/** Tags of nodes and of what comes with them. */
const OF_NODES = ['karpenter.sh/nodepool', 'karpenter.k8s.aws/cluster', 'eks:cluster-name', 'eks:eks-cluster-name'];

/**
 * The layer that a resource was made by: what its finder knows; otherwise the layer of the component in whose namespace
 * it was asked for. The interfaces of the VPC CNI are the foundation's, nodes the cluster's.
 * @returns undefined when it cannot be told, or several layers share the namespace.
 */
export function ownerLayerOf(
  { layer, tags }: Pick<InventoryItem, 'layer' | 'tags'>,
  settings: Settings,
): Layer | undefined {
  if (layer !== undefined) return layer;
  const key = MADE_FOR.find((each) => tags[each] !== undefined);
  if (key !== undefined) return layerOfNamespace(tags[key]!.split('/')[0]!, settings);
  if (tags['cluster.k8s.amazonaws.com/name'] !== undefined) return 'foundation';
  return OF_NODES.some((each) => tags[each] !== undefined) ? 'cluster' : undefined;
}

function layerOfNamespace(namespace: string, { layers }: Settings): Layer | undefined {
  const owners = LAYERS.filter(
    (layer) => layer !== 'cluster' && layers[layer].components.some((component) => livesIn(component, namespace)),
  );
  return owners.length === 1 ? owners[0] : undefined;
}

function livesIn(component: ComponentSettings, namespace: string): boolean {
  const installed = component.namespace ?? CATALOGUE[component.system ?? '']?.namespace;
  const named = (component.workloads ?? []).map((workload) => workload.namespace);
  return [component.name, installed, ...named].includes(namespace);
}
