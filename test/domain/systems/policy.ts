import type { KubernetesObject } from '../../../domain/ports/kubernetes';
import { chartLabels, condition, custom, workload, type WorkloadShape, type WorkloadState } from './compose';
import type { SystemFixture } from './fixture';

const gatekeeper = (name: string, controlPlane: string, operation: string): WorkloadShape => ({
  kind: 'Deployment',
  namespace: 'gatekeeper-system',
  name,
  labels: {
    app: 'gatekeeper',
    chart: 'gatekeeper',
    'control-plane': controlPlane,
    'gatekeeper.sh/operation': operation,
    'gatekeeper.sh/system': 'yes',
    heritage: 'Helm',
    release: 'gatekeeper',
  },
  container: 'manager',
  image: 'openpolicyagent/gatekeeper:v3.23.0',
  ...(operation === 'webhook' && { replicas: 3 }),
});
const gatekeeperParts = (audit: WorkloadState = 'ready'): KubernetesObject[] => [
  ...workload(gatekeeper('gatekeeper-controller-manager', 'controller-manager', 'webhook'), 'ready'),
  ...workload(gatekeeper('gatekeeper-audit', 'audit-controller', 'audit'), audit),
];

const AUDIT = 'gatekeeper-audit-7d4b9c6f5-x2x7p';
const webhookConfiguration = (name: string, webhook: string, labels: object, caBundle?: string): KubernetesObject =>
  custom({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    name,
    labels: { ...labels },
    webhooks: [
      {
        admissionReviewVersions: ['v1'],
        clientConfig: {
          ...(caBundle !== undefined && { caBundle }),
          service: { name: 'webhook', namespace: 'policy', port: 443 },
        },
        failurePolicy: 'Fail',
        name: webhook,
        sideEffects: 'None',
      },
    ],
  });
const CA = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==';
const gatekeeperWebhook = (caBundle?: string) =>
  webhookConfiguration(
    'gatekeeper-validating-webhook-configuration',
    'validation.gatekeeper.sh',
    { app: 'gatekeeper', 'gatekeeper.sh/system': 'yes' },
    caBundle,
  );

const template = (status: object): KubernetesObject =>
  custom({
    apiVersion: 'templates.gatekeeper.sh/v1',
    kind: 'ConstraintTemplate',
    name: 'k8srequiredlabels',
    spec: { crd: { spec: { names: { kind: 'K8sRequiredLabels' } } } },
    status,
  });
const KNOWN = { byPod: [{ id: AUDIT, observedGeneration: 1, operations: ['audit', 'status'] }], created: true };
const REGO_ERROR = {
  byPod: [
    {
      errors: [
        { code: 'rego_parse_error', location: 'template.go:12', message: 'rego_parse_error: unexpected eof token' },
      ],
      id: AUDIT,
      observedGeneration: 1,
    },
  ],
};

const podStatus = (status: object): KubernetesObject =>
  custom({
    apiVersion: 'status.gatekeeper.sh/v1beta1',
    kind: 'ConstraintPodStatus',
    namespace: 'gatekeeper-system',
    name: 'gatekeeper--audit--7d4b9c6f5--x2x7p-k8srequiredlabels-owner',
    labels: {
      'internal.gatekeeper.sh/constraint-kind': 'K8sRequiredLabels',
      'internal.gatekeeper.sh/constraint-name': 'owner',
      'internal.gatekeeper.sh/constrainttemplate-name': 'k8srequiredlabels',
      'internal.gatekeeper.sh/pod': AUDIT,
    },
    status: { id: AUDIT, operations: ['audit', 'status'], ...status },
  });

const constraint = (byPod: object): KubernetesObject =>
  custom({
    apiVersion: 'constraints.gatekeeper.sh/v1beta1',
    kind: 'K8sRequiredLabels',
    name: 'owner',
    spec: { enforcementAction: 'deny', parameters: { labels: ['owner'] } },
    status: { byPod: [{ id: AUDIT, observedGeneration: 1, ...byPod }], totalViolations: 0 },
  });

/** A constraint by itself: its kind is made by its template, so it is read only where a unit says that it makes one. */
export const CONSTRAINTS = {
  enforced: constraint({ enforced: true }),
  'not enforced yet': constraint({}),
  'with an error': constraint({ errors: [{ code: 'ingest_error', message: 'Could not ingest Rego' }] }),
} as const;

const kyverno = (part: string): WorkloadShape => ({
  kind: 'Deployment',
  namespace: 'kyverno',
  name: `kyverno-${part}-controller`,
  labels: {
    'app.kubernetes.io/name': `kyverno-${part}-controller`,
    'app.kubernetes.io/component': `${part}-controller`,
    'app.kubernetes.io/instance': 'kyverno',
    'app.kubernetes.io/part-of': 'kyverno',
    ...chartLabels('kyverno-3.8.2', '3.8.2'),
  },
  container: 'kyverno',
  image: 'reg.kyverno.io/kyverno/kyverno:v1.18.2',
});
const kyvernoParts = (admission: WorkloadState = 'ready'): KubernetesObject[] => [
  ...workload(kyverno('admission'), admission),
  ...['background', 'cleanup', 'reports'].flatMap((part) => workload(kyverno(part), 'ready')),
];
const kyvernoWebhook = webhookConfiguration(
  'kyverno-policy-validating-webhook-cfg',
  'validate-policy.kyverno.svc',
  { 'webhook.kyverno.io/managed-by': 'kyverno' },
  CA,
);
const policy = (ready?: object): KubernetesObject =>
  custom({
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    name: 'require-owner',
    spec: { admission: true, background: true, rules: [{ name: 'owner', validate: { failureAction: 'Enforce' } }] },
    ...(ready && {
      status: {
        autogen: {},
        conditions: [ready],
        rulecount: { generate: 0, mutate: 0, validate: 1, verifyimages: 0 },
        validatingadmissionpolicy: { generated: false, message: '' },
      },
    }),
  });

export const POLICY: readonly SystemFixture[] = [
  {
    system: 'gatekeeper',
    healthy: [
      ...gatekeeperParts(),
      gatekeeperWebhook(CA),
      template(KNOWN),
      podStatus({ enforced: true, observedGeneration: 1 }),
    ],
    progressing: [...gatekeeperParts(), gatekeeperWebhook(), template(KNOWN), podStatus({})],
    broken: [...gatekeeperParts(), gatekeeperWebhook(CA), template(REGO_ERROR)],
    also: {
      'with a constraint that cannot be enforced': [
        ...gatekeeperParts(),
        gatekeeperWebhook(CA),
        template(KNOWN),
        podStatus({ errors: [{ code: 'ingest_error', message: 'Could not ingest Rego' }] }),
      ],
      'without audit': gatekeeperParts('crashing').concat(gatekeeperWebhook(CA)),
    },
  },
  {
    system: 'kyverno',
    healthy: [...kyvernoParts(), kyvernoWebhook, policy(condition('Ready', 'True', 'Succeeded', 'Ready'))],
    progressing: [...kyvernoParts('starting'), kyvernoWebhook, policy()],
    broken: [...kyvernoParts('crashing'), kyvernoWebhook, policy(condition('Ready', 'False', 'Failed', 'Not Ready'))],
    also: {
      'with a policy that no webhook knows': [
        ...kyvernoParts(),
        kyvernoWebhook,
        policy(condition('Ready', 'False', 'Failed', 'Not Ready')),
      ],
      'without its webhook': kyvernoParts(),
    },
  },
];
