import { APP, deployment, statefulSet } from './selectors';
import type { System } from '../catalogue';

const EXTERNAL_SECRETS = 'external-secrets.io/v1';
const CERT_MANAGER = 'cert-manager.io/v1';

export const SECRETS_SYSTEMS: readonly System[] = [
  {
    name: 'cert-manager',
    title: 'cert-manager',
    layer: 'platform',
    namespace: 'cert-manager',
    workloads: [
      { probe: 'controller', ...deployment('cert-manager', { [APP]: 'cert-manager' }) },
      { probe: 'cainjector', ...deployment('cert-manager', { [APP]: 'cainjector' }) },
      { probe: 'webhook', ...deployment('cert-manager', { [APP]: 'webhook' }) },
    ],
    resources: [
      { probe: 'cluster-issuers', kind: 'ClusterIssuer', apiVersion: CERT_MANAGER, optional: true },
      { probe: 'issuers', kind: 'Issuer', apiVersion: CERT_MANAGER, optional: true },
      { probe: 'certificates', kind: 'Certificate', apiVersion: CERT_MANAGER, optional: true },
    ],
    chart: 'cert-manager',
    repository: 'oci://quay.io/jetstack/charts',
    source:
      'cert-manager/cert-manager v1.21: deploy/charts/cert-manager/templates, pkg/apis/certmanager/v1/types_issuer.go',
    usualReason: 'its CRDs were not installed with it',
  },
  {
    name: 'external-secrets',
    title: 'External Secrets Operator',
    layer: 'platform',
    namespace: 'external-secrets',
    workloads: [
      { probe: 'controller', ...deployment('external-secrets', { [APP]: 'external-secrets' }) },
      { probe: 'webhook', ...deployment('external-secrets', { [APP]: 'external-secrets-webhook' }) },
      { probe: 'cert-controller', ...deployment('external-secrets', { [APP]: 'external-secrets-cert-controller' }) },
    ],
    resources: [
      { probe: 'cluster-stores', kind: 'ClusterSecretStore', apiVersion: EXTERNAL_SECRETS, optional: true },
      { probe: 'stores', kind: 'SecretStore', apiVersion: EXTERNAL_SECRETS, optional: true },
      { probe: 'secrets', kind: 'ExternalSecret', apiVersion: EXTERNAL_SECRETS, optional: true },
    ],
    chart: 'external-secrets',
    repository: 'https://charts.external-secrets.io',
    source:
      'external-secrets/external-secrets 2.9.0: deploy/charts/external-secrets/templates, apis/externalsecrets/v1/externalsecret_types.go, secretstore_types.go',
    usualReason: 'its role may not read the secrets, or the secrets are not there',
  },
  {
    name: 'vault',
    title: 'HashiCorp Vault',
    layer: 'platform',
    namespace: 'vault',
    workloads: [
      { probe: 'server', ...statefulSet('vault', { [APP]: 'vault' }) },
      { probe: 'injector', ...deployment('vault', { [APP]: 'vault-agent-injector' }) },
    ],
    chart: 'vault',
    repository: 'https://helm.releases.hashicorp.com',
    source:
      'hashicorp/vault-helm 0.34.1: templates/server-statefulset.yaml, injector-deployment.yaml; hashicorp/vault: serviceregistration/kubernetes/service_registration.go',
    usualReason: 'a fresh Vault is sealed until somebody initialises it, unless it unseals itself',
  },
];
