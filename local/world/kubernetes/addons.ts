import type { AwsResource } from '../aws-resources';
import { addonConfiguration } from './cloud/volumes';
import type { Manifest } from './manifest';
import { workloadManifest } from './workload-manifests';

const NAMESPACE = 'kube-system';

/** What the EKS add-ons that a cluster layer uses put into the cluster; an unknown add-on puts one Deployment. */
export function addonObjects(addon: AwsResource): Manifest[] {
  const name = String(addon.attributes['addonName'] ?? '');
  return (OBJECTS[name] ?? other(name))(addon);
}

function agent(name: string, labels: Record<string, string>, nodeSelector?: Record<string, string>): Manifest {
  return workloadManifest({
    kind: 'DaemonSet',
    name,
    namespace: NAMESPACE,
    labels,
    ...(nodeSelector && { nodeSelector }),
  });
}

function other(name: string): () => Manifest[] {
  return () => [workloadManifest({ name, namespace: NAMESPACE, labels: { 'app.kubernetes.io/name': name } })];
}

const OBJECTS: Readonly<Record<string, (addon: AwsResource) => Manifest[]>> = {
  'vpc-cni': () => [agent('aws-node', { 'k8s-app': 'aws-node' })],
  'kube-proxy': () => [agent('kube-proxy', { 'k8s-app': 'kube-proxy' })],
  'eks-pod-identity-agent': () => [
    agent('eks-pod-identity-agent', { 'app.kubernetes.io/name': 'eks-pod-identity-agent' }),
  ],
  coredns: () => [
    workloadManifest({ name: 'coredns', namespace: NAMESPACE, labels: { 'k8s-app': 'kube-dns' }, replicas: 2 }),
  ],
  'aws-ebs-csi-driver': (addon) => [
    workloadManifest({
      name: 'ebs-csi-controller',
      namespace: NAMESPACE,
      labels: csiLabels('csi-driver'),
      replicas: 2,
    }),
    agent('ebs-csi-node', csiLabels('csi-node'), { 'kubernetes.io/os': 'linux' }),
    // Wants no pods on a Linux cluster: desired 0 is no sign of health here, nor of illness.
    agent('ebs-csi-node-windows', csiLabels('csi-node-windows'), { 'kubernetes.io/os': 'windows' }),
    ...storageClasses(addon),
  ],
};

function csiLabels(component: string): Record<string, string> {
  return { 'app.kubernetes.io/name': 'aws-ebs-csi-driver', 'app.kubernetes.io/component': component };
}

/** The driver makes a default class only when it is told to (`defaultStorageClass.enabled`). */
function storageClasses({ attributes }: AwsResource): Manifest[] {
  const settings = addonConfiguration(attributes)['defaultStorageClass'] as { enabled?: boolean } | undefined;
  if (!settings?.enabled) return [];
  return [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'ebs-csi-default-sc', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'ebs.csi.aws.com',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
    },
  ];
}
