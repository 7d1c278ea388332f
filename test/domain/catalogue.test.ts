import { CATALOGUE } from '../../domain/catalogue-entries';
import { overridesIn, probeNamesOf, probesOf, selectorsOf, systemOf } from '../../domain/catalogue/probes';
import { isKnownKind, typeOf } from '../../domain/health/resource-types';
import { GITOPS_LAYERS } from '../../domain/layers';
import { sampleSettings } from '../support/settings';

const systems = Object.values(CATALOGUE).map((system) => [system.name, system] as const);

describe('the catalogue', () => {
  test('knows the systems of the layers that a platform is usually made of', () => {
    expect(Object.keys(CATALOGUE).toSorted()).toEqual([
      'argo-cd',
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
      'flux2',
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

  test.each(systems)('%s is found by its key and says where it comes from', (name, system) => {
    expect(CATALOGUE[name]).toBe(system);
    expect(GITOPS_LAYERS).toContain(system.layer);
    expect(system.repository).toMatch(/^(https|oci):\/\/\S+[^/]$/);
    expect(system.source).toMatch(/^[\w-]+\/[\w.-]+[ ,:]/);
    expect(system.usualReason).not.toBe('');
  });

  test.each(systems)('%s has probes with names of their own, which tell what they select', (_, system) => {
    const probes = probeNamesOf(system);
    expect(new Set(probes).size).toBe(probes.length);
    expect(system.workloads.length).toBeGreaterThan(0);
    for (const probe of [...system.workloads, ...(system.resources ?? [])]) {
      expect(probe.probe).toMatch(/^[a-z][a-z0-9-]*$/);
      for (const selector of selectorsOf(probe)) {
        expect(isKnownKind(selector.kind)).toBe(true);
        expect(typeOf(selector).apiVersion).toBe(selector.apiVersion);
        const tells = Object.keys(selector.labels ?? {}).length > 0 || selector.name !== undefined;
        expect(tells || probe.optional).toBe(true);
      }
    }
  });

  test.each(systems)('the workloads of %s are workloads, and not optional', (_, { workloads }) => {
    for (const probe of workloads) {
      expect(['Deployment', 'StatefulSet', 'DaemonSet', 'Service']).toContain(probe.kind);
      expect(probe.optional).toBeUndefined();
    }
  });

  test('knows what is retired and what has moved', () => {
    const marked = Object.values(CATALOGUE).filter(({ retired, moved }) => retired ?? moved);
    expect(marked.map(({ name, retired }) => [name, retired ? 'retired' : 'moved'])).toEqual([
      ['ingress-nginx', 'retired'],
      ['grafana', 'moved'],
      ['loki', 'moved'],
    ]);
  });
});

const names = (component: Parameters<typeof probesOf>[0]): string[] => probesOf(component).map(({ probe }) => probe);

describe('the probes of a component', () => {
  const vault = { name: 'vault', application: 'vault', system: 'vault' };

  test('are those of its system', () => {
    expect(names(vault)).toEqual(['server', 'injector']);
    expect(systemOf(vault)?.title).toBe('HashiCorp Vault');
  });

  test('are none for a system that the catalogue does not have', () => {
    expect(probesOf({ name: 'web', application: 'web' })).toEqual([]);
  });

  test('leave out what is switched off', () => {
    expect(names({ ...vault, probesOff: ['injector'] })).toEqual(['server']);
  });

  test('look in the namespace that drill.yaml names, in every mode of the chart', () => {
    const [server] = probesOf({ name: 'grafana', application: 'grafana', system: 'grafana', namespace: 'metrics' });
    expect(selectorsOf(server!).map(({ kind, namespace }) => `${kind} ${namespace}`)).toEqual([
      'Deployment metrics',
      'StatefulSet metrics',
    ]);
  });

  test('leave the parts that an operator puts elsewhere where they are', () => {
    const calico = { name: 'calico', application: 'calico', system: 'calico', namespace: 'network' };
    expect(probesOf(calico).map(({ namespace }) => namespace)).toEqual([
      'tigera-operator',
      'network',
      'network',
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('are the workloads of drill.yaml where it lists some, and the other resources of the system', () => {
    const component = {
      name: 'metrics-server',
      application: 'metrics-server',
      system: 'metrics-server',
      workloads: [{ kind: 'Deployment', namespace: 'metrics', name: 'metrics' }],
    };
    expect(probesOf(component).map(({ probe, name }) => [probe, name])).toEqual([
      ['workload-1', 'metrics'],
      ['api', 'v1beta1.metrics.k8s.io'],
    ]);
  });
});

test('what drill.yaml changes about the probes is told in sentences', () => {
  const settings = sampleSettings();
  const { platform } = settings.layers;
  const components = [
    { name: 'vault', application: 'vault', system: 'vault', probesOff: ['injector'], namespace: 'secrets' },
    { name: 'kyverno', application: 'kyverno', system: 'kyverno', probesOff: ['webhook', 'policies'] },
    { name: 'loki', application: 'loki', system: 'loki', workloads: [{ kind: 'Deployment', name: 'loki' }] },
    { name: 'web', application: 'web', workloads: [{ kind: 'Deployment', name: 'web' }] },
  ];
  expect(overridesIn(settings)).toEqual([]);
  expect(overridesIn({ layers: { ...settings.layers, platform: { ...platform, components } } })).toEqual([
    'vault: the probe injector is switched off in drill.yaml',
    'vault: looked for in namespace secrets, by drill.yaml',
    'kyverno: the probes webhook, policies are switched off in drill.yaml',
    "loki: drill.yaml lists 1 workloads in place of the catalogue's 1",
  ]);
});
