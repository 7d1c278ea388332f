import { chartLabels, condition, custom, workload, type WorkloadShape } from './compose';
import type { SystemFixture } from './fixture';

const vpcCni: WorkloadShape = {
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'aws-node',
  labels: {
    'app.kubernetes.io/name': 'aws-node',
    'app.kubernetes.io/instance': 'aws-vpc-cni',
    'k8s-app': 'aws-node',
    ...chartLabels('aws-vpc-cni-1.22.4', 'v1.22.4'),
  },
  selector: { 'k8s-app': 'aws-node' },
  container: 'aws-node',
  image: '602401143452.dkr.ecr.eu-central-1.amazonaws.com/amazon-k8s-cni:v1.22.4',
};

const ciliumAgent: WorkloadShape = {
  kind: 'DaemonSet',
  namespace: 'kube-system',
  name: 'cilium',
  labels: {
    'app.kubernetes.io/name': 'cilium-agent',
    'app.kubernetes.io/part-of': 'cilium',
    'k8s-app': 'cilium',
    'app.kubernetes.io/managed-by': 'Helm',
  },
  selector: { 'k8s-app': 'cilium' },
  container: 'cilium-agent',
  image: 'quay.io/cilium/cilium:v1.19.1',
};

const ciliumOperator: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'kube-system',
  name: 'cilium-operator',
  labels: {
    'app.kubernetes.io/name': 'cilium-operator',
    'app.kubernetes.io/part-of': 'cilium',
    'app.kubernetes.io/managed-by': 'Helm',
    'io.cilium/app': 'operator',
    name: 'cilium-operator',
  },
  selector: { 'io.cilium/app': 'operator', name: 'cilium-operator' },
  container: 'cilium-operator',
  image: 'quay.io/cilium/operator-aws:v1.19.1',
  replicas: 2,
};

const tigeraOperator: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'tigera-operator',
  name: 'tigera-operator',
  labels: { 'k8s-app': 'tigera-operator' },
  selector: { name: 'tigera-operator' },
  container: 'tigera-operator',
  image: 'quay.io/tigera/operator:v1.42.0',
};

/** What the operator makes carries its own name as `k8s-app`. */
const calicoNode: WorkloadShape = {
  kind: 'DaemonSet',
  namespace: 'calico-system',
  name: 'calico-node',
  labels: { 'app.kubernetes.io/name': 'calico-node', 'k8s-app': 'calico-node' },
  container: 'calico-node',
  image: 'quay.io/calico/node:v3.32.0',
};

const calicoControllers: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'calico-system',
  name: 'calico-kube-controllers',
  labels: { 'app.kubernetes.io/name': 'calico-kube-controllers', 'k8s-app': 'calico-kube-controllers' },
  container: 'calico-kube-controllers',
  image: 'quay.io/calico/kube-controllers:v3.32.0',
};

const AVAILABLE = condition('Available', 'True', 'AllObjectsAvailable', 'All objects available', {
  observedGeneration: 1,
});
const QUIET = [
  condition('Progressing', 'False', 'AllObjectsAvailable', 'All objects available', { observedGeneration: 1 }),
  condition('Degraded', 'False', 'AllObjectsAvailable', 'All objects available', { observedGeneration: 1 }),
];
const ROLLING = condition(
  'Progressing',
  'True',
  'ResourceNotReady',
  'DaemonSet "calico-system/calico-node" is not available (awaiting 1 nodes)',
  { observedGeneration: 1 },
);
const FAILING = condition(
  'Degraded',
  'True',
  'PodFailure',
  'Pod calico-system/calico-node-h2x7p failed to pull container image "quay.io/calico/node:v3.32.0" for container calico-node',
  { observedGeneration: 1 },
);

const tigeraStatus = (name: string, conditions: readonly object[]) =>
  custom({ apiVersion: 'operator.tigera.io/v1', kind: 'TigeraStatus', name, spec: {}, status: { conditions } });

const installation = (conditions: readonly object[], version?: string) =>
  custom({
    apiVersion: 'operator.tigera.io/v1',
    kind: 'Installation',
    name: 'default',
    spec: { cni: { type: 'AmazonVPC' }, kubernetesProvider: 'EKS', variant: 'Calico' },
    status: { conditions, ...(version && { calicoVersion: version, mtu: 9001, variant: 'Calico' }) },
  });

const ready = condition('Ready', 'True', 'AllObjectsAvailable', 'All objects available', { observedGeneration: 1 });
const notReady = condition('Ready', 'False', 'ResourceNotReady', 'Not all objects available', {
  observedGeneration: 1,
});

const coredns: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'kube-system',
  name: 'coredns',
  labels: { 'eks.amazonaws.com/component': 'coredns', 'k8s-app': 'kube-dns', 'kubernetes.io/name': 'CoreDNS' },
  selector: { 'eks.amazonaws.com/component': 'coredns', 'k8s-app': 'kube-dns' },
  container: 'coredns',
  image: '602401143452.dkr.ecr.eu-central-1.amazonaws.com/eks/coredns:v1.13.1-eksbuild.1',
  replicas: 2,
};

const externalDns: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'external-dns',
  name: 'external-dns',
  labels: {
    'app.kubernetes.io/name': 'external-dns',
    'app.kubernetes.io/instance': 'external-dns',
    ...chartLabels('external-dns-1.21.1', '0.21.0'),
  },
  container: 'external-dns',
  image: 'registry.k8s.io/external-dns/external-dns:v0.21.0',
};

export const NETWORK: readonly SystemFixture[] = [
  {
    system: 'aws-vpc-cni',
    healthy: workload(vpcCni, 'ready'),
    progressing: workload(vpcCni, 'starting'),
    broken: workload(vpcCni, 'crashing'),
    also: { 'crashing for some minutes': workload(vpcCni, 'crashing-lately') },
  },
  {
    system: 'calico',
    healthy: [
      ...workload(tigeraOperator, 'ready'),
      installation([ready, ...QUIET], 'v3.32.0'),
      tigeraStatus('calico', [AVAILABLE, ...QUIET]),
      tigeraStatus('ippools', [AVAILABLE, ...QUIET]),
      ...workload(calicoNode, 'ready'),
      ...workload(calicoControllers, 'ready'),
    ],
    progressing: [
      ...workload(tigeraOperator, 'ready'),
      installation([notReady, ROLLING, QUIET[1]!]),
      tigeraStatus('calico', [condition('Available', 'False', 'ResourceNotReady', ''), ROLLING, QUIET[1]!]),
      ...workload(calicoNode, 'starting'),
      ...workload(calicoControllers, 'starting'),
    ],
    broken: [
      ...workload(tigeraOperator, 'ready'),
      installation([notReady, ROLLING, FAILING]),
      tigeraStatus('calico', [condition('Available', 'False', 'PodFailure', ''), ROLLING, FAILING]),
      ...workload(calicoNode, 'pulling'),
      ...workload(calicoControllers, 'ready'),
    ],
  },
  {
    system: 'cilium',
    healthy: [...workload(ciliumAgent, 'ready'), ...workload(ciliumOperator, 'ready')],
    progressing: [...workload(ciliumAgent, 'starting'), ...workload(ciliumOperator, 'ready')],
    broken: [...workload(ciliumAgent, 'crashing'), ...workload(ciliumOperator, 'ready')],
  },
  {
    system: 'coredns',
    healthy: workload(coredns, 'ready'),
    progressing: workload(coredns, 'starting'),
    broken: workload(coredns, 'crashing'),
  },
  {
    system: 'external-dns',
    healthy: workload(externalDns, 'ready'),
    progressing: workload(externalDns, 'starting'),
    broken: workload(externalDns, 'crashing'),
  },
];
