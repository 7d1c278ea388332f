import type { Rule } from './object-reading';
import { judgeInstallation, judgeTigeraStatus } from './systems/calico';
import { judgeCertificate, judgeIssuer } from './systems/cert-manager';
import { decidedBy } from './systems/decided-by';
import { judgeElasticsearch, judgeKibana } from './systems/elastic';
import { judgeExternalSecret, judgeSecretStore } from './systems/external-secrets';
import { judgeConstraint, judgeConstraintPodStatus, judgeConstraintTemplate } from './systems/gatekeeper';
import { judgeMonitoring } from './systems/prometheus-operator';
import { judgeWebhookConfiguration } from './systems/webhook';

/**
 * The kinds that the systems of the catalogue bring, by `group/Kind`; `*` stands for every kind of a group. Versions do
 * not matter.
 */
export const SYSTEM_KINDS = {
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': judgeWebhookConfiguration,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': judgeWebhookConfiguration,
  'operator.tigera.io/Installation': judgeInstallation,
  'operator.tigera.io/TigeraStatus': judgeTigeraStatus,
  'monitoring.coreos.com/Prometheus': judgeMonitoring,
  'monitoring.coreos.com/Alertmanager': judgeMonitoring,
  'elasticsearch.k8s.elastic.co/Elasticsearch': judgeElasticsearch,
  'kibana.k8s.elastic.co/Kibana': judgeKibana,
  'external-secrets.io/SecretStore': judgeSecretStore,
  'external-secrets.io/ClusterSecretStore': judgeSecretStore,
  'external-secrets.io/ExternalSecret': judgeExternalSecret,
  'templates.gatekeeper.sh/ConstraintTemplate': judgeConstraintTemplate,
  'status.gatekeeper.sh/ConstraintPodStatus': judgeConstraintPodStatus,
  'constraints.gatekeeper.sh/*': judgeConstraint,
  'kyverno.io/ClusterPolicy': decidedBy('Ready'),
  'kyverno.io/Policy': decidedBy('Ready'),
  'cert-manager.io/Issuer': judgeIssuer,
  'cert-manager.io/ClusterIssuer': judgeIssuer,
  'cert-manager.io/Certificate': judgeCertificate,
  'karpenter.sh/NodePool': decidedBy('Ready'),
  'karpenter.k8s.aws/EC2NodeClass': decidedBy('Ready'),
} as const satisfies Readonly<Record<string, Rule>>;

/** Kinds that say nothing about themselves, and of which a platform has many: they are not read. */
export const SILENT_KINDS: ReadonlySet<string> = new Set([
  'argoproj.io/AppProject',
  'monitoring.coreos.com/PodMonitor',
  'monitoring.coreos.com/Probe',
  'monitoring.coreos.com/PrometheusRule',
  'monitoring.coreos.com/ServiceMonitor',
  'traefik.io/IngressRoute',
  'traefik.io/Middleware',
]);
