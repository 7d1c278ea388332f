import { CATALOGUE } from '../../domain/catalogue-entries';
import { typeOf } from '../../domain/health/resource-types';
import { workloadSelectorSchema } from '../../domain/settings';

const systems = Object.values(CATALOGUE);

describe('the catalogue', () => {
  test('knows the systems of the layers that a platform is usually made of', () => {
    expect(Object.keys(CATALOGUE).toSorted()).toEqual([
      'aws-ebs-csi-driver',
      'aws-load-balancer-controller',
      'aws-vpc-cni',
      'calico',
      'cert-manager',
      'cilium',
      'coredns',
      'eck-operator',
      'external-dns',
      'external-secrets',
      'fluent-bit',
      'gatekeeper',
      'grafana',
      'ingress-nginx',
      'karpenter',
      'kube-prometheus-stack',
      'kyverno',
      'loki',
      'metrics-server',
      'opentelemetry-collector',
      'prometheus',
      'traefik',
      'vault',
    ]);
  });

  test.each(systems.map((system) => [system.name, system] as const))('%s is found by its key', (name, system) => {
    expect(CATALOGUE[name]).toBe(system);
  });

  test.each(systems.map((system) => [system.name, system] as const))(
    '%s selects workloads of known kinds by label, or by a name that its operator fixes',
    (_, { workloads }) => {
      expect(workloads.length).toBeGreaterThan(0);
      for (const selector of workloads) {
        expect(workloadSelectorSchema.parse(selector)).toEqual(selector);
        expect(Object.keys(selector.labels ?? {}).length > 0 || selector.name !== undefined).toBe(true);
        expect(['Deployment', 'StatefulSet', 'DaemonSet', 'Service']).toContain(typeOf(selector).kind);
      }
    },
  );

  test('warns of a system that is retired', () => {
    expect(CATALOGUE['ingress-nginx']?.warning).toMatch(/retired/);
  });
});
