import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import { chartLabels, condition, custom, workload, type WorkloadShape, type WorkloadState } from './compose';
import type { SystemFixture } from './fixture';

const externalSecrets = (suffix: string): WorkloadShape => ({
  kind: 'Deployment',
  namespace: 'external-secrets',
  name: `external-secrets${suffix}`,
  labels: {
    'app.kubernetes.io/name': `external-secrets${suffix}`,
    'app.kubernetes.io/instance': 'external-secrets',
    ...chartLabels('external-secrets-2.9.0', 'v2.9.0'),
  },
  container: suffix === '' ? 'external-secrets' : suffix.slice(1),
  image: 'ghcr.io/external-secrets/external-secrets:v2.9.0',
});
const externalSecretsParts = (controller: WorkloadState = 'ready'): KubernetesObject[] => [
  ...workload(externalSecrets(''), controller),
  ...workload(externalSecrets('-webhook'), 'ready'),
  ...workload(externalSecrets('-cert-controller'), 'ready'),
];

const store = (status?: object): KubernetesObject =>
  custom({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterSecretStore',
    name: 'aws',
    spec: { provider: { aws: { service: 'SecretsManager', region: 'eu-central-1' } } },
    ...(status && { status }),
  });
const externalSecret = (status?: object, generation = 1): KubernetesObject =>
  custom({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    namespace: 'monitoring',
    name: 'grafana-admin',
    generation,
    spec: { refreshInterval: '1h0m0s', secretStoreRef: { kind: 'ClusterSecretStore', name: 'aws' } },
    ...(status && { status }),
  });

const VALID = { capabilities: 'ReadWrite', conditions: [condition('Ready', 'True', 'Valid', 'store validated')] };
const DENIED = {
  capabilities: 'ReadWrite',
  conditions: [condition('Ready', 'False', 'InvalidProviderConfig', 'unable to validate store')],
};
const SYNCED = {
  binding: { name: 'grafana-admin' },
  conditions: [condition('Ready', 'True', 'SecretSynced', 'secret synced')],
  refreshTime: '2026-11-23T06:51:04Z',
  syncedResourceVersion: '1-9f0a4f8ae1b6c2d3',
};
const NOT_SYNCED = {
  conditions: [condition('Ready', 'False', 'SecretSyncedError', 'could not get secret data from provider')],
  refreshTime: null,
};

const certManager = (name: string, container: string): WorkloadShape => ({
  kind: 'Deployment',
  namespace: 'cert-manager',
  name: name === 'cert-manager' ? name : `cert-manager-${name}`,
  labels: {
    app: name,
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': 'cert-manager',
    'app.kubernetes.io/component': name === 'cert-manager' ? 'controller' : name,
    ...chartLabels('cert-manager-v1.21.1', 'v1.21.1'),
  },
  container,
  image: `quay.io/jetstack/${container}:v1.21.1`,
});
const certManagerParts = (controller: WorkloadState = 'ready'): KubernetesObject[] => [
  ...workload(certManager('cert-manager', 'cert-manager-controller'), controller),
  ...workload(certManager('cainjector', 'cert-manager-cainjector'), 'ready'),
  ...workload(certManager('webhook', 'cert-manager-webhook'), 'ready'),
];
const GENERATION = { observedGeneration: 1 };
const issuer = (status: string, reason: string, message: string): KubernetesObject =>
  custom({
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    name: 'letsencrypt',
    spec: { acme: { server: 'https://acme.example.com/directory', privateKeySecretRef: { name: 'letsencrypt' } } },
    status: { acme: {}, conditions: [condition('Ready', status, reason, message, GENERATION)] },
  });
const REGISTERED = issuer('True', 'ACMEAccountRegistered', 'The ACME account was registered with the ACME server');
const certificate = (...conditions: readonly object[]): KubernetesObject =>
  custom({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    namespace: 'monitoring',
    name: 'grafana',
    spec: {
      dnsNames: ['grafana.example.com'],
      secretName: 'grafana-tls',
      issuerRef: { kind: 'ClusterIssuer', name: 'letsencrypt' },
    },
    status: { conditions },
  });
const UP_TO_DATE = condition('Ready', 'True', 'Ready', 'Certificate is up to date and has not expired', GENERATION);
const NONE_YET = condition(
  'Ready',
  'False',
  'DoesNotExist',
  'Issuing certificate as Secret does not exist',
  GENERATION,
);
const ISSUING = condition(
  'Issuing',
  'True',
  'DoesNotExist',
  'Issuing certificate as Secret does not exist',
  GENERATION,
);
const FAILED = condition(
  'Issuing',
  'False',
  'Failed',
  'The certificate request has failed to complete and will be retried: order is in "invalid" state',
  GENERATION,
);

const vaultLabels = (name: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': 'vault',
  'app.kubernetes.io/managed-by': 'Helm',
});
const vault: WorkloadShape = {
  kind: 'StatefulSet',
  namespace: 'vault',
  name: 'vault',
  labels: vaultLabels('vault'),
  selector: { 'app.kubernetes.io/name': 'vault', 'app.kubernetes.io/instance': 'vault', component: 'server' },
  container: 'vault',
  image: 'hashicorp/vault:2.0.4',
};
const injector: WorkloadShape = {
  kind: 'Deployment',
  namespace: 'vault',
  name: 'vault-agent-injector',
  labels: { ...vaultLabels('vault-agent-injector'), component: 'webhook' },
  container: 'sidecar-injector',
  image: 'hashicorp/vault-k8s:1.8.0',
};
/** In high availability Vault labels its own pods. */
const says = (initialized: boolean, sealed: boolean): WorkloadShape => ({
  ...vault,
  podLabels: {
    'vault-active': String(initialized && !sealed),
    'vault-initialized': String(initialized),
    'vault-perf-standby': 'false',
    'vault-sealed': String(sealed),
    'vault-version': '2.0.4',
  },
});
const withInjector = (...server: KubernetesObject[]): KubernetesObject[] => [...server, ...workload(injector, 'ready')];

export const SECRETS: readonly SystemFixture[] = [
  {
    system: 'cert-manager',
    healthy: [...certManagerParts(), REGISTERED, certificate(UP_TO_DATE)],
    progressing: [...certManagerParts(), REGISTERED, certificate(NONE_YET, ISSUING)],
    broken: [...certManagerParts(), REGISTERED, certificate(NONE_YET, FAILED)],
    also: {
      'with an issuer that cannot sign': [
        ...certManagerParts(),
        issuer(
          'False',
          'ErrRegisterACMEAccount',
          'Failed to register ACME account: Get "https://acme.example.com/directory": EOF',
        ),
      ],
    },
  },
  {
    system: 'external-secrets',
    healthy: [...externalSecretsParts(), store(VALID), externalSecret(SYNCED)],
    progressing: [...externalSecretsParts('starting'), store(), externalSecret()],
    broken: [...externalSecretsParts(), store(DENIED), externalSecret(NOT_SYNCED)],
    also: {
      'with a secret that is not there': [...externalSecretsParts(), store(VALID), externalSecret(NOT_SYNCED)],
      'with a secret of an earlier generation': [...externalSecretsParts(), store(VALID), externalSecret(SYNCED, 2)],
    },
  },
  {
    system: 'vault',
    healthy: withInjector(...workload(says(true, false), 'ready')),
    progressing: withInjector(...workload(vault, 'starting')),
    broken: withInjector(...workload(says(false, true), 'unready')),
    also: {
      sealed: withInjector(...workload(says(true, true), 'unready')),
      'sealed, without labels': withInjector(...workload(vault, 'unready')),
      crashing: withInjector(...workload(says(true, false), 'crashing')),
      'without its injector': workload(says(true, false), 'ready'),
    },
  },
];
