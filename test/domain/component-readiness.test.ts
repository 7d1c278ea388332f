import { checkComponents } from '../../domain/component-readiness';
import type { Settings } from '../../domain/settings';
import { repositoryFiles } from '../support/repositories';
import { sampleSettings } from '../support/settings';

const tree = (manifest: string) =>
  repositoryFiles({
    'gitops/argocd/kustomization.yaml': 'resources: [made.yaml]\n',
    'gitops/argocd/made.yaml': manifest,
  });

const application = (source: string, destination = 'name: in-cluster') => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: loki }
spec:
  destination: { ${destination} }
  source: { ${source}, targetRevision: 18.11.0 }
`;

const loki = (repository: string) => application(`chart: loki, repoURL: ${repository}`);

test('a platform with nothing retired or moved is told nothing', () => {
  expect(checkComponents(tree(loki('https://grafana-community.github.io/helm-charts')), sampleSettings())).toEqual([]);
});

test('a component that is retired is warned of, which becomes a finding', () => {
  const settings = sampleSettings();
  const { foundation } = settings.layers;
  const components = [{ name: 'edge', application: 'edge', system: 'ingress-nginx' }];
  const drilled = { ...settings, layers: { ...settings.layers, foundation: { ...foundation, components } } };
  expect(checkComponents(tree(''), drilled)).toEqual([
    {
      name: 'component edge',
      status: 'warned',
      sentence:
        'ingress-nginx is retired: no fixes since March 2026, not even for security; move to another controller',
    },
  ]);
});

const MOVED = {
  name: 'chart loki',
  status: 'warned',
  sentence: expect.stringMatching(
    /made\.yaml:\d+: \w+ loki takes the chart loki from https:\/\/grafana\.github\.io\/helm-charts: the chart moved to grafana-community .*; take it from https:\/\/grafana-community\.github\.io\/helm-charts$/,
  ),
};

test('a chart that is taken from where it was published before is warned of', () => {
  expect(checkComponents(tree(loki('https://grafana.github.io/helm-charts/')), sampleSettings())).toEqual([MOVED]);
});

test('so is one that Flux takes from there', () => {
  const release = `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: grafana }
spec: { url: https://grafana.github.io/helm-charts }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: loki }
spec: { chart: { spec: { chart: loki, version: 6.0.0, sourceRef: { kind: HelmRepository, name: grafana } } } }
`;
  expect(checkComponents(tree(release), sampleSettings())).toEqual([MOVED]);
});

describe('where EKS manages Argo CD', () => {
  const managed: Settings = sampleSettings({ gitops: { engine: 'argocd', managed: true, path: 'gitops/argocd' } });
  const inside = 'server: https://kubernetes.default.svc';

  test('an Application for the cluster by its address inside is refused', () => {
    expect(checkComponents(tree(application('path: x', inside)), managed)).toEqual([
      {
        name: 'managed Argo CD: loki',
        status: 'refused',
        sentence:
          'gitops/argocd/made.yaml:1: Application loki goes to https://kubernetes.default.svc, which the Argo CD that EKS manages does not know; write destination.name: in-cluster',
      },
    ]);
  });

  test('one by its name is not', () => {
    expect(checkComponents(tree(application('path: x')), managed)).toEqual([]);
  });

  test('and an Argo CD in the cluster takes both', () => {
    expect(checkComponents(tree(application('path: x', inside)), sampleSettings())).toEqual([]);
  });
});

const steps = (component: string) =>
  repositoryFiles({
    'manual-steps.yaml': `steps: [{ name: unseal, layer: platform, component: ${component}, description: Unseal it. }]`,
  });

test('a manual step of a component that the layer does not list is refused', () => {
  expect(checkComponents(steps('kyverno'), sampleSettings())).toEqual([]);
  expect(checkComponents(steps('kyvern'), sampleSettings())).toEqual([
    {
      name: 'manual step unseal',
      status: 'refused',
      sentence:
        'manual-steps.yaml: the step unseal waits for component kyvern, which drill.yaml does not list in the platform layer; did you mean kyverno',
    },
  ]);
});
