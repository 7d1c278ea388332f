import { deployment, PART, validatingWebhook } from './selectors';
import type { System } from '../catalogue';

const GATEKEEPER = { 'gatekeeper.sh/system': 'yes' };

export const POLICY_SYSTEMS: readonly System[] = [
  {
    name: 'gatekeeper',
    title: 'OPA Gatekeeper',
    layer: 'platform',
    namespace: 'gatekeeper-system',
    workloads: [
      {
        probe: 'controller',
        ...deployment('gatekeeper-system', { ...GATEKEEPER, 'control-plane': 'controller-manager' }),
      },
      { probe: 'audit', ...deployment('gatekeeper-system', { ...GATEKEEPER, 'control-plane': 'audit-controller' }) },
    ],
    resources: [
      { probe: 'webhook', ...validatingWebhook('gatekeeper-validating-webhook-configuration') },
      { probe: 'templates', kind: 'ConstraintTemplate', apiVersion: 'templates.gatekeeper.sh/v1', optional: true },
      // Every constraint has a kind of its own; what its `status.byPod` sums up stands here, in one kind for all.
      {
        probe: 'constraints',
        kind: 'ConstraintPodStatus',
        apiVersion: 'status.gatekeeper.sh/v1beta1',
        namespace: 'gatekeeper-system',
        optional: true,
      },
    ],
    chart: 'gatekeeper',
    repository: 'https://open-policy-agent.github.io/gatekeeper/charts',
    source:
      'open-policy-agent/gatekeeper v3.23: charts/gatekeeper/templates, charts/gatekeeper/crds, apis/status/v1beta1/constraintpodstatus_types.go',
    usualReason: 'its webhook certificate is not rotated in yet',
  },
  {
    name: 'kyverno',
    title: 'Kyverno',
    layer: 'platform',
    namespace: 'kyverno',
    workloads: ['admission', 'background', 'cleanup', 'reports'].map((part) => ({
      probe: `${part}-controller`,
      ...deployment('kyverno', { [PART]: `${part}-controller` }),
    })),
    resources: [
      { probe: 'webhook', ...validatingWebhook('kyverno-policy-validating-webhook-cfg') },
      { probe: 'cluster-policies', kind: 'ClusterPolicy', apiVersion: 'kyverno.io/v1', optional: true },
      { probe: 'policies', kind: 'Policy', apiVersion: 'kyverno.io/v1', optional: true },
    ],
    chart: 'kyverno',
    repository: 'https://kyverno.github.io/kyverno',
    source:
      'kyverno/kyverno 1.19: charts/kyverno/templates/_helpers/_labels.tpl, pkg/config/config.go, api/kyverno/v1/policy_status.go, pkg/controllers/webhook/controller.go',
    usualReason: 'its webhooks are registered before its pods answer',
  },
];
