import type { System } from './catalogue';
import type { WorkloadSelector } from './settings';

/**
 * What the drill knows of the systems that platforms are usually made of. The workloads are those of each chart's
 * default values (or of the EKS add-on), selected by the labels that the chart itself writes, because names follow the
 * release. A platform that installs one differently gives `workloads:` in drill.yaml, which replaces these.
 */
const ENTRIES: readonly System[] = [
  {
    name: 'aws-ebs-csi-driver',
    title: 'Amazon EBS CSI driver',
    layer: 'foundation',
    namespace: 'kube-system',
    // By name too: the add-on also brings `ebs-csi-node-windows`, which wants no pods on a Linux cluster.
    workloads: [
      deployment('kube-system', { 'app.kubernetes.io/name': 'aws-ebs-csi-driver' }),
      { ...daemonSet('kube-system', { 'app.kubernetes.io/name': 'aws-ebs-csi-driver' }), name: 'ebs-csi-node' },
    ],
    chart: 'aws-ebs-csi-driver',
    usualReason: 'its role may not create volumes (pod identity or IRSA is missing)',
  },
  {
    name: 'aws-load-balancer-controller',
    title: 'AWS Load Balancer Controller',
    layer: 'foundation',
    namespace: 'kube-system',
    workloads: [deployment('kube-system', { 'app.kubernetes.io/name': 'aws-load-balancer-controller' })],
    chart: 'aws-load-balancer-controller',
    usualReason: 'its role is missing, or the subnets lack the tags it finds them by',
  },
  {
    name: 'aws-vpc-cni',
    title: 'Amazon VPC CNI',
    layer: 'foundation',
    namespace: 'kube-system',
    workloads: [daemonSet('kube-system', { 'k8s-app': 'aws-node' })],
    chart: 'aws-vpc-cni',
    usualReason: 'the subnets have no free addresses, or its role may not attach network interfaces',
  },
  {
    name: 'calico',
    title: 'Calico',
    layer: 'foundation',
    namespace: 'calico-system',
    // The chart installs the operator; the operator makes the rest in a namespace of its own.
    workloads: [
      { ...deployment('tigera-operator'), name: 'tigera-operator' },
      { ...daemonSet('calico-system'), name: 'calico-node' },
      { ...deployment('calico-system'), name: 'calico-kube-controllers' },
    ],
    chart: 'tigera-operator',
    usualReason: 'the operator waits for its Installation, or aws-node still runs on the nodes',
  },
  {
    name: 'cert-manager',
    title: 'cert-manager',
    layer: 'platform',
    namespace: 'cert-manager',
    workloads: [
      deployment('cert-manager', { 'app.kubernetes.io/name': 'cert-manager' }),
      deployment('cert-manager', { 'app.kubernetes.io/name': 'cainjector' }),
      deployment('cert-manager', { 'app.kubernetes.io/name': 'webhook' }),
    ],
    chart: 'cert-manager',
    usualReason: 'its CRDs were not installed with it',
  },
  {
    name: 'cilium',
    title: 'Cilium',
    layer: 'foundation',
    namespace: 'kube-system',
    workloads: [
      daemonSet('kube-system', { 'k8s-app': 'cilium' }),
      deployment('kube-system', { 'io.cilium/app': 'operator' }),
    ],
    chart: 'cilium',
    usualReason: 'another CNI still holds the nodes, or the agent cannot reach the API server',
  },
  {
    name: 'coredns',
    title: 'CoreDNS',
    layer: 'foundation',
    namespace: 'kube-system',
    // The label of the EKS add-on. The chart writes `k8s-app: coredns` unless `k8sAppLabelOverride: kube-dns` is set.
    workloads: [deployment('kube-system', { 'k8s-app': 'kube-dns' })],
    chart: 'coredns',
    usualReason: 'no node accepts its pods yet (it needs the CNI)',
  },
  {
    name: 'eck-operator',
    title: 'Elastic Cloud on Kubernetes',
    layer: 'platform',
    namespace: 'elastic-system',
    workloads: [statefulSet('elastic-system', { 'app.kubernetes.io/name': 'elastic-operator' })],
    chart: 'eck-operator',
    usualReason: 'its webhook certificate is not there yet',
  },
  {
    name: 'external-dns',
    title: 'ExternalDNS',
    layer: 'foundation',
    namespace: 'external-dns',
    workloads: [deployment('external-dns', { 'app.kubernetes.io/name': 'external-dns' })],
    chart: 'external-dns',
    usualReason: 'its role may not change the hosted zone',
  },
  {
    name: 'external-secrets',
    title: 'External Secrets Operator',
    layer: 'platform',
    namespace: 'external-secrets',
    workloads: [
      deployment('external-secrets', { 'app.kubernetes.io/name': 'external-secrets' }),
      deployment('external-secrets', { 'app.kubernetes.io/name': 'external-secrets-webhook' }),
      deployment('external-secrets', { 'app.kubernetes.io/name': 'external-secrets-cert-controller' }),
    ],
    chart: 'external-secrets',
    usualReason: 'its role may not read the secrets, or the secrets are not there',
  },
  {
    name: 'fluent-bit',
    title: 'Fluent Bit',
    layer: 'platform',
    namespace: 'logging',
    workloads: [daemonSet('logging', { 'app.kubernetes.io/name': 'fluent-bit' })],
    chart: 'fluent-bit',
    usualReason: 'its output cannot be reached',
  },
  {
    name: 'gatekeeper',
    title: 'OPA Gatekeeper',
    layer: 'platform',
    namespace: 'gatekeeper-system',
    workloads: [
      deployment('gatekeeper-system', { 'gatekeeper.sh/system': 'yes', 'control-plane': 'controller-manager' }),
      deployment('gatekeeper-system', { 'gatekeeper.sh/system': 'yes', 'control-plane': 'audit-controller' }),
    ],
    chart: 'gatekeeper',
    usualReason: 'its webhook certificate is not rotated in yet',
  },
  {
    name: 'grafana',
    title: 'Grafana',
    layer: 'platform',
    namespace: 'monitoring',
    workloads: [deployment('monitoring', { 'app.kubernetes.io/name': 'grafana' })],
    chart: 'grafana',
    usualReason: 'its admin secret or its volume is missing',
  },
  {
    name: 'ingress-nginx',
    title: 'ingress-nginx',
    layer: 'foundation',
    namespace: 'ingress-nginx',
    workloads: [
      deployment('ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx' }),
      service('ingress-nginx', { 'app.kubernetes.io/name': 'ingress-nginx' }),
    ],
    chart: 'ingress-nginx',
    usualReason: 'its load balancer has no address yet',
    warning: 'ingress-nginx is retired: no fixes since March 2026, not even for security; move to another controller',
  },
  {
    name: 'karpenter',
    title: 'Karpenter',
    layer: 'foundation',
    namespace: 'kube-system',
    workloads: [deployment('kube-system', { 'app.kubernetes.io/name': 'karpenter' })],
    chart: 'karpenter',
    usualReason: 'its role or its interruption queue is missing',
  },
  {
    name: 'kube-prometheus-stack',
    title: 'kube-prometheus-stack',
    layer: 'platform',
    namespace: 'monitoring',
    workloads: [
      deployment('monitoring', { app: 'kube-prometheus-stack-operator' }),
      // Made by the operator, after it runs.
      statefulSet('monitoring', { app: 'kube-prometheus-stack-prometheus' }),
      statefulSet('monitoring', { app: 'kube-prometheus-stack-alertmanager' }),
      deployment('monitoring', { 'app.kubernetes.io/name': 'grafana' }),
      deployment('monitoring', { 'app.kubernetes.io/name': 'kube-state-metrics' }),
      daemonSet('monitoring', { 'app.kubernetes.io/name': 'prometheus-node-exporter' }),
    ],
    chart: 'kube-prometheus-stack',
    usualReason: 'its CRDs are too large for a client-side apply, or its volumes wait for the EBS CSI driver',
  },
  {
    name: 'kyverno',
    title: 'Kyverno',
    layer: 'platform',
    namespace: 'kyverno',
    workloads: ['admission', 'background', 'cleanup', 'reports'].map((part) =>
      deployment('kyverno', { 'app.kubernetes.io/component': `${part}-controller` }),
    ),
    chart: 'kyverno',
    usualReason: 'its webhooks are registered before its pods answer',
  },
  {
    name: 'loki',
    title: 'Loki',
    layer: 'platform',
    namespace: 'logging',
    // Every deployment mode of the chart has a StatefulSet of this name label; the other kinds differ by mode.
    workloads: [statefulSet('logging', { 'app.kubernetes.io/name': 'loki' })],
    chart: 'loki',
    usualReason: 'its bucket cannot be reached, or its volumes wait for the EBS CSI driver',
  },
  {
    name: 'metrics-server',
    title: 'Metrics Server',
    layer: 'platform',
    namespace: 'kube-system',
    workloads: [deployment('kube-system', { 'app.kubernetes.io/name': 'metrics-server' })],
    chart: 'metrics-server',
    usualReason: 'it cannot reach the kubelets',
  },
  {
    name: 'opentelemetry-collector',
    title: 'OpenTelemetry Collector',
    layer: 'platform',
    namespace: 'monitoring',
    // The chart has no default mode; `mode: daemonset` is the one that collects from every node.
    workloads: [daemonSet('monitoring', { 'app.kubernetes.io/name': 'opentelemetry-collector' })],
    chart: 'opentelemetry-collector',
    usualReason: 'an exporter cannot be reached, or its configuration is refused',
  },
  {
    name: 'prometheus',
    title: 'Prometheus',
    layer: 'platform',
    namespace: 'monitoring',
    workloads: [
      deployment('monitoring', { 'app.kubernetes.io/name': 'prometheus', 'app.kubernetes.io/component': 'server' }),
    ],
    chart: 'prometheus',
    usualReason: 'its volume waits for the EBS CSI driver',
  },
  {
    name: 'traefik',
    title: 'Traefik',
    layer: 'foundation',
    namespace: 'traefik',
    workloads: [
      deployment('traefik', { 'app.kubernetes.io/name': 'traefik' }),
      service('traefik', { 'app.kubernetes.io/name': 'traefik' }),
    ],
    chart: 'traefik',
    usualReason: 'its load balancer has no address yet',
  },
  {
    name: 'vault',
    title: 'HashiCorp Vault',
    layer: 'platform',
    namespace: 'vault',
    workloads: [
      statefulSet('vault', { 'app.kubernetes.io/name': 'vault' }),
      deployment('vault', { 'app.kubernetes.io/name': 'vault-agent-injector' }),
    ],
    chart: 'vault',
    usualReason: 'a fresh Vault is sealed until somebody initialises it, unless it unseals itself',
  },
];

/** The catalogue by name, as `system:` in drill.yaml names its entries. */
export const CATALOGUE: Readonly<Record<string, System>> = Object.fromEntries(
  ENTRIES.map((system) => [system.name, system]),
);

function deployment(namespace: string, labels?: Record<string, string>): WorkloadSelector {
  return { kind: 'Deployment', apiVersion: 'apps/v1', namespace, ...(labels && { labels }) };
}

function statefulSet(namespace: string, labels: Record<string, string>): WorkloadSelector {
  return { kind: 'StatefulSet', apiVersion: 'apps/v1', namespace, labels };
}

function daemonSet(namespace: string, labels?: Record<string, string>): WorkloadSelector {
  return { kind: 'DaemonSet', apiVersion: 'apps/v1', namespace, ...(labels && { labels }) };
}

/** A Service of any type; one of type LoadBalancer is healthy only once it has an address. */
function service(namespace: string, labels: Record<string, string>): WorkloadSelector {
  return { kind: 'Service', apiVersion: 'v1', namespace, labels };
}
