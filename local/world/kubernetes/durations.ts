/**
 * How long things take inside a cluster, in seconds. Pulling images through one NAT gateway onto fresh nodes and waiting
 * for webhooks, certificates and storage is most of it. Where no source is named the figure is a judgement, chosen so that
 * a healthy example takes well below the 2 hours of the pattern's objective: foundation about 9 minutes, platform 28,
 * applications 9. Teams with warm image caches report half of that.
 *
 * A Deployment gives up progressing after 600 s by default and is Degraded from then on. With the ±15 % of `Chance` its
 * pods must therefore start in at most 600 / 1.15 ≈ 520 s on average, a claim's 40 s included; a StatefulSet or DaemonSet
 * has no such deadline and may take longer.
 */

/** From a pod's placement to its readiness, by name of the workload or of its component; the first match counts. */
const START_SECONDS: Readonly<Record<string, number>> = {
  // Host-network agents whose images EKS keeps close (seen below a minute in EKS node logs).
  'aws-node': 15,
  'kube-proxy': 10,
  'eks-pod-identity-agent': 15,
  coredns: 20,
  'ebs-csi-controller': 35,
  'ebs-csi-node': 25,
  // GitOps: `helm upgrade --wait` of either is done in two to three minutes.
  redis: 60,
  'argocd-server': 110,
  'argocd-repo-server': 110,
  'argocd-applicationset-controller': 100,
  'argocd-application-controller': 120,
  'source-controller': 70,
  'kustomize-controller': 75,
  'helm-controller': 75,
  'notification-controller': 75,
  // Foundation.
  traefik: 510,
  'ingress-nginx': 510,
  'external-dns': 450,
  'aws-load-balancer-controller': 150,
  cilium: 120,
  'tigera-operator': 60,
  'calico-node': 150,
  'calico-kube-controllers': 120,
  // Platform. The Prometheus of the operator comes last: the operator makes it, it needs a volume, and it pulls the largest image.
  'prometheus-server': 500,
  prometheus: 1240,
  'kube-prometheus-stack-prometheus': 1240,
  alertmanager: 700,
  'kube-prometheus-stack-operator': 260,
  grafana: 510,
  'kube-state-metrics': 180,
  'prometheus-node-exporter': 120,
  loki: 1150,
  'elastic-operator': 120,
  'elasticsearch-es-default': 600,
  'fluent-bit': 420,
  'opentelemetry-collector': 300,
  'external-secrets': 490,
  'external-secrets-webhook': 500,
  'external-secrets-cert-controller': 470,
  'admission-controller': 510,
  'background-controller': 490,
  'cleanup-controller': 490,
  'reports-controller': 490,
  'cert-manager': 180,
  vault: 420,
  gatekeeper: 300,
  'metrics-server': 90,
};

/** A workload that nothing above names, such as one of the repository itself. */
const OTHER_START_SECONDS = 480;

/** @param names names of the workload, most telling first. */
export function startSecondsOf(names: readonly string[]): number {
  for (const name of names) {
    const seconds = START_SECONDS[name];
    if (seconds !== undefined) return seconds;
  }
  return OTHER_START_SECONDS;
}

export const SECONDS = {
  /** A node object appears when its group is active; its CNI makes it ready. */
  nodeReady: 25,
  /** CreateVolume and binding the claim. */
  volumeBound: 20,
  /** Attaching and mounting the volume. */
  volumeAttached: 15,
  /** An NLB is provisioned in two to four minutes; its hostname is known before it serves. */
  loadBalancerNamed: 90,
  loadBalancerActive: 180,
  /** After the Service is deleted. */
  loadBalancerGone: 35,
  volumeGone: 25,
  ingressNamed: 30,
  /** An operator answers a custom resource. */
  operatorActs: 5,
  customResourceReady: 20,
} as const;
