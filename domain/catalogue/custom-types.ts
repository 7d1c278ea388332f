import type { ResourceType } from '../ports/kubernetes';

type Row = readonly [kind: string, plural: string, scope?: 'cluster'];

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  'admissionregistration.k8s.io/v1': [
    ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', 'cluster'],
    ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', 'cluster'],
  ],
  'networking.k8s.io/v1': [['IngressClass', 'ingressclasses', 'cluster']],
  'operator.tigera.io/v1': [
    ['Installation', 'installations', 'cluster'],
    ['TigeraStatus', 'tigerastatuses', 'cluster'],
  ],
  'monitoring.coreos.com/v1': [
    ['Prometheus', 'prometheuses'],
    ['Alertmanager', 'alertmanagers'],
  ],
  'elasticsearch.k8s.elastic.co/v1': [['Elasticsearch', 'elasticsearches']],
  'kibana.k8s.elastic.co/v1': [['Kibana', 'kibanas']],
  'external-secrets.io/v1': [
    ['SecretStore', 'secretstores'],
    ['ClusterSecretStore', 'clustersecretstores', 'cluster'],
    ['ExternalSecret', 'externalsecrets'],
  ],
  'templates.gatekeeper.sh/v1': [['ConstraintTemplate', 'constrainttemplates', 'cluster']],
  'status.gatekeeper.sh/v1beta1': [['ConstraintPodStatus', 'constraintpodstatuses']],
  'kyverno.io/v1': [
    ['ClusterPolicy', 'clusterpolicies', 'cluster'],
    ['Policy', 'policies'],
  ],
  'cert-manager.io/v1': [
    ['Certificate', 'certificates'],
    ['Issuer', 'issuers'],
    ['ClusterIssuer', 'clusterissuers', 'cluster'],
  ],
  'karpenter.sh/v1': [['NodePool', 'nodepools', 'cluster']],
  'karpenter.k8s.aws/v1': [['EC2NodeClass', 'ec2nodeclasses', 'cluster']],
};

/** The types of the catalogue's systems, beside the workload kinds that every cluster has. */
export const CUSTOM_TYPES: readonly ResourceType[] = Object.entries(ROWS).flatMap(([apiVersion, rows]) =>
  rows.map(([kind, plural, scope]) => ({ apiVersion, kind, plural, namespaced: scope !== 'cluster' })),
);
