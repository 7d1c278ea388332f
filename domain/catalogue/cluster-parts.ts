/** A kind of part that Terraform and EKS make the cluster layer of. */
export interface ClusterPart {
  readonly title: string;
  /** How it is read. */
  readonly read: string;
  /** What usually holds it up. */
  readonly usualReason: string;
}

/** The parts of the cluster layer, by the word that their components' names begin with. */
export const CLUSTER_PARTS = {
  'control-plane': {
    title: 'Control plane',
    read: 'DescribeCluster: `status` and `health.issues`',
    usualReason: 'its subnets, security groups or role are missing or have been changed since',
  },
  nodegroup: {
    title: 'Node groups',
    read: 'ListNodegroups, DescribeNodegroup: `status` and `health.issues`',
    usualReason: 'its instances cannot join (no way to the API, no network plugin) or there is no capacity for them',
  },
  addon: {
    title: 'Add-ons',
    read: 'ListAddons, DescribeAddon: `status` and `health.issues`',
    usualReason: 'no node can take its pods yet, or its role is missing',
  },
  capability: {
    title: 'Argo CD as a capability, where `gitops.managed` asks for it',
    read: 'ListCapabilities, DescribeCapability: `status`; `health.issues` are named, and count from _Install GitOps_ on',
    usualReason: 'its role cannot be assumed, or there is no IAM Identity Center',
  },
  nodes: {
    title: 'Nodes',
    read: 'the Kubernetes API: as many as the node groups want, each ready',
    usualReason: 'their network plugin does not run yet',
  },
} as const satisfies Readonly<Record<string, ClusterPart>>;

/** The part that a component of the cluster layer is, such as `nodegroup-default`. */
export function clusterPartOf(component: string): ClusterPart | undefined {
  return Object.entries(CLUSTER_PARTS).find(([part]) => component === part || component.startsWith(`${part}-`))?.[1];
}
