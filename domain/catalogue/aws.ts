import { APP, daemonSet, deployment } from './selectors';
import type { System } from '../catalogue';

/** What lets the cluster use AWS: volumes and nodes. */
export const AWS_SYSTEMS: readonly System[] = [
  {
    name: 'aws-ebs-csi-driver',
    title: 'Amazon EBS CSI driver',
    layer: 'foundation',
    namespace: 'kube-system',
    workloads: [
      { probe: 'controller', ...deployment('kube-system', { [APP]: 'aws-ebs-csi-driver' }) },
      // By name too: the add-on also brings `ebs-csi-node-windows`, which wants no pods on a Linux cluster.
      { probe: 'node', ...daemonSet('kube-system', { [APP]: 'aws-ebs-csi-driver' }), name: 'ebs-csi-node' },
    ],
    chart: 'aws-ebs-csi-driver',
    repository: 'https://kubernetes-sigs.github.io/aws-ebs-csi-driver',
    source: 'kubernetes-sigs/aws-ebs-csi-driver, chart 2.64.0: templates/_helpers.tpl, controller.yaml, _node.tpl',
    usualReason: 'its role may not create volumes (pod identity or IRSA is missing)',
  },
  {
    name: 'karpenter',
    title: 'Karpenter',
    layer: 'foundation',
    namespace: 'kube-system',
    workloads: [{ probe: 'controller', ...deployment('kube-system', { [APP]: 'karpenter' }) }],
    resources: [
      { probe: 'node-pools', kind: 'NodePool', apiVersion: 'karpenter.sh/v1', optional: true },
      { probe: 'node-classes', kind: 'EC2NodeClass', apiVersion: 'karpenter.k8s.aws/v1', optional: true },
    ],
    chart: 'karpenter',
    repository: 'oci://public.ecr.aws/karpenter',
    source:
      'aws/karpenter-provider-aws, chart 1.14.1: charts/karpenter/templates/_helpers.tpl, pkg/apis/v1/ec2nodeclass_status.go',
    usualReason: 'its role or its interruption queue is missing',
  },
];
