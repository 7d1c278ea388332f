import { chartLabels, condition, custom, workload, type WorkloadShape } from './compose';
import type { SystemFixture } from './fixture';

const CSI_LABELS = {
  'app.kubernetes.io/name': 'aws-ebs-csi-driver',
  'app.kubernetes.io/instance': 'aws-ebs-csi-driver',
  'app.kubernetes.io/component': 'csi-driver',
  ...chartLabels('aws-ebs-csi-driver-2.64.0', '1.64.0'),
};
const csiController: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'kube-system',
  name: 'ebs-csi-controller',
  labels: CSI_LABELS,
  selector: { app: 'ebs-csi-controller', 'app.kubernetes.io/name': 'aws-ebs-csi-driver' },
  container: 'ebs-plugin',
  image: 'public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver:v1.64.0',
  replicas: 2,
};
const csiNode: WorkloadShape = {
  ...csiController,
  kind: 'DaemonSet',
  name: 'ebs-csi-node',
  selector: { app: 'ebs-csi-node', 'app.kubernetes.io/name': 'aws-ebs-csi-driver' },
};

const karpenter: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'kube-system',
  name: 'karpenter',
  labels: {
    'app.kubernetes.io/name': 'karpenter',
    'app.kubernetes.io/instance': 'karpenter',
    ...chartLabels('karpenter-1.14.1', '1.14.1'),
  },
  container: 'controller',
  image: 'public.ecr.aws/karpenter/controller:1.14.1',
  replicas: 2,
};

const nodePool = (ready: object) =>
  custom({
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    name: 'default',
    spec: {
      template: { spec: { nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' } } },
    },
    status: {
      conditions: [condition('ValidationSucceeded', 'True', 'ValidationSucceeded', '', GENERATION), ready],
      resources: { nodes: '0' },
    },
  });

const nodeClass = (ready: object) =>
  custom({
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    name: 'default',
    spec: { amiSelectorTerms: [{ alias: 'al2023@v20260801' }], role: 'drill-a1b2c3-node' },
    status: { conditions: [condition('AMIsReady', 'True', 'AMIsReady', '', GENERATION), ready] },
  });

const GENERATION = { observedGeneration: 1 };
const READY = condition('Ready', 'True', 'Ready', '', GENERATION);
const RESOLVING = condition(
  'Ready',
  'Unknown',
  'AwaitingReconciliation',
  'object is awaiting reconciliation',
  GENERATION,
);
const NO_SUBNETS = condition('Ready', 'False', 'UnhealthyDependents', 'SubnetsReady=False', GENERATION);
const NO_CLASS = condition('Ready', 'False', 'UnhealthyDependents', 'NodeClassReady=False', GENERATION);

export const AWS: readonly SystemFixture[] = [
  {
    system: 'aws-ebs-csi-driver',
    healthy: [...workload(csiController, 'ready'), ...workload(csiNode, 'ready')],
    progressing: [...workload(csiController, 'starting'), ...workload(csiNode, 'ready')],
    broken: [...workload(csiController, 'crashing'), ...workload(csiNode, 'ready')],
  },
  {
    system: 'karpenter',
    healthy: [...workload(karpenter, 'ready'), nodePool(READY), nodeClass(READY)],
    progressing: [...workload(karpenter, 'ready'), nodePool(RESOLVING), nodeClass(RESOLVING)],
    broken: [...workload(karpenter, 'ready'), nodePool(NO_CLASS), nodeClass(NO_SUBNETS)],
  },
];
