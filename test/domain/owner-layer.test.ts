import { ownerLayerOf } from '../../domain/owner-layer';
import { sampleSettings } from '../support/settings';

const settings = sampleSettings();

test.each([
  ['what Terraform made, as its finder says', { layer: 'cluster' as const, tags: {} }, 'cluster'],
  [
    "a claim's volume, by the namespace of a component",
    { 'kubernetes.io/created-for/pvc/namespace': 'web' },
    'applications',
  ],
  [
    "a Service's load balancer, by the catalogue's namespace",
    { 'service.k8s.aws/stack': 'traefik/traefik' },
    'foundation',
  ],
  ["a Classic Load Balancer, by the Service's name", { 'kubernetes.io/service-name': 'kyverno/kyverno' }, 'platform'],
  ['an interface of the network plugin', { 'cluster.k8s.amazonaws.com/name': 'drill-a1b2c3' }, 'foundation'],
  ['a node of Karpenter', { 'karpenter.sh/nodepool': 'default' }, 'cluster'],
  ['what was made for a namespace of nobody', { 'service.k8s.aws/stack': 'elsewhere/x' }, undefined],
  ['what says nothing', {}, undefined],
])('the owner of %s', (_, item, layer) => {
  const given = 'tags' in item ? item : { tags: item as Record<string, string> };
  expect(ownerLayerOf(given as Parameters<typeof ownerLayerOf>[0], settings)).toBe(layer);
});
