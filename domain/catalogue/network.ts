import { APP, daemonSet, deployment } from './selectors';
import type { System } from '../catalogue';

const OPERATOR_TIGERA = 'operator.tigera.io/v1';

/** What carries pod traffic, and DNS inside and outside the cluster. */
export const NETWORK_SYSTEMS: readonly System[] = [
  {
    name: 'aws-vpc-cni',
    title: 'Amazon VPC CNI',
    layer: 'foundation',
    namespace: 'kube-system',
    workloads: [{ probe: 'agent', ...daemonSet('kube-system', { 'k8s-app': 'aws-node' }) }],
    chart: 'aws-vpc-cni',
    repository: 'https://aws.github.io/eks-charts',
    source: 'aws/eks-charts, chart 1.22.4: templates/_helpers.tpl, templates/daemonset.yaml',
    usualReason: 'the subnets have no free addresses, or its role may not attach network interfaces',
  },
  {
    name: 'calico',
    title: 'Calico',
    layer: 'foundation',
    namespace: 'calico-system',
    // The chart installs the operator and an Installation; the operator makes the rest in a namespace of its own.
    workloads: [
      { probe: 'operator', ...deployment('tigera-operator', { 'k8s-app': 'tigera-operator' }) },
      { probe: 'agent', ...daemonSet('calico-system'), name: 'calico-node' },
      { probe: 'controllers', ...deployment('calico-system'), name: 'calico-kube-controllers' },
    ],
    resources: [
      { probe: 'installation', kind: 'Installation', apiVersion: OPERATOR_TIGERA, name: 'default' },
      { probe: 'status', kind: 'TigeraStatus', apiVersion: OPERATOR_TIGERA, name: 'calico' },
      // One for each further part that is installed, such as apiserver and ippools.
      { probe: 'parts', kind: 'TigeraStatus', apiVersion: OPERATOR_TIGERA, optional: true },
    ],
    chart: 'tigera-operator',
    repository: 'https://docs.tigera.io/calico/charts',
    source:
      'projectcalico/calico: charts/tigera-operator/templates/tigera-operator/02-tigera-operator.yaml; tigera/operator: api/v1/tigerastatus_types.go, pkg/controller/status/status.go',
    usualReason: 'the operator waits for its Installation, or aws-node still runs on the nodes',
  },
  {
    name: 'cilium',
    title: 'Cilium',
    layer: 'foundation',
    namespace: 'kube-system',
    workloads: [
      { probe: 'agent', ...daemonSet('kube-system', { 'k8s-app': 'cilium' }) },
      { probe: 'operator', ...deployment('kube-system', { 'io.cilium/app': 'operator' }) },
    ],
    chart: 'cilium',
    repository: 'https://helm.cilium.io',
    source:
      'cilium/cilium: install/kubernetes/cilium/templates/cilium-agent/daemonset.yaml, cilium-operator/deployment.yaml',
    usualReason: 'another CNI still holds the nodes, or the agent cannot reach the API server',
  },
  {
    name: 'coredns',
    title: 'CoreDNS',
    layer: 'foundation',
    namespace: 'kube-system',
    workloads: [
      {
        probe: 'server',
        // The label of the EKS add-on, and of the chart with `k8sAppLabelOverride: kube-dns`.
        ...deployment('kube-system', { 'k8s-app': 'kube-dns' }),
        or: [deployment('kube-system', { 'k8s-app': 'coredns' }), deployment('kube-system', { [APP]: 'coredns' })],
      },
    ],
    chart: 'coredns',
    repository: 'https://coredns.github.io/helm',
    source: 'coredns/helm, chart 1.46.2: charts/coredns/templates/_helpers.tpl',
    usualReason: 'no node accepts its pods yet (it needs the CNI)',
  },
  {
    name: 'external-dns',
    title: 'ExternalDNS',
    layer: 'foundation',
    namespace: 'external-dns',
    workloads: [{ probe: 'controller', ...deployment('external-dns', { [APP]: 'external-dns' }) }],
    chart: 'external-dns',
    repository: 'https://kubernetes-sigs.github.io/external-dns',
    source: 'kubernetes-sigs/external-dns, chart 1.21.1: charts/external-dns/templates/_helpers.tpl',
    usualReason: 'its role may not change the hosted zone',
  },
];
