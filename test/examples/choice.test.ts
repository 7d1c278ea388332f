import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { CATALOGUE } from '../../domain/catalogue-entries';
import { filesBelow } from '../local/world/kubernetes/world-under-test';

const FILES = filesBelow(join(__dirname, '..', '..', 'examples', 'bootstrap'));

/** The systems that the pattern names, by layer; Elasticsearch is what the ECK operator is for. */
const SYSTEMS = {
  foundation: ['cilium', 'calico', 'traefik', 'ingress-nginx', 'external-dns'],
  monitoring: ['kube-prometheus-stack', 'prometheus', 'grafana', 'opentelemetry-collector'],
  logging: ['loki', 'eck-operator', 'elasticsearch', 'fluent-bit'],
  secrets: ['external-secrets', 'vault'],
  policy: ['kyverno', 'gatekeeper'],
} as const;
const COMPONENTS = Object.entries(SYSTEMS).flatMap(([part, names]) =>
  names.map((name) => [part === 'foundation' ? part : 'platform', name] as const),
);

type Fields = Readonly<Record<string, unknown>>;

interface Pin {
  readonly chart: unknown;
  readonly version: unknown;
  readonly repository: unknown;
}

const objectsIn = (path: string): Fields[] =>
  parseAllDocuments(FILES[path]!).map((document) => document.toJS() as Fields);

function pinOfArgo(layer: string, name: string): Pin {
  const [application] = objectsIn(`gitops/argocd/${layer}/${name}.yaml`) as [{ spec: { source: Fields } }];
  const { chart, targetRevision, repoURL } = application.spec.source;
  return { chart, version: targetRevision, repository: repoURL };
}

function pinOfFlux(layer: string, name: string): Pin {
  const objects = objectsIn(`gitops/flux/${layer}/${name}/release.yaml`);
  const of = (kind: string) => objects.find((object) => object['kind'] === kind)!['spec'] as Fields;
  const { chart, version } = (of('HelmRelease')['chart'] as { spec: Fields }).spec;
  return { chart, version, repository: of('HelmRepository')['url'] };
}

test.each(COMPONENTS)(
  'in the %s, %s can be chosen with both engines, at one version, which the README names',
  (layer, name) => {
    const pin = pinOfArgo(layer, name);
    expect(pinOfFlux(layer, name)).toEqual(pin);
    expect(FILES['README.md']).toMatch(
      new RegExp(`\\| ${layer} +\\| \`${name}\` +\\| \`${String(pin.chart)}\` +\\| ${String(pin.version)} `),
    );
    const { chart, repository } = CATALOGUE[name] ?? pin;
    expect(pin).toMatchObject({ chart, repository });
  },
);

test.each(['argocd', 'flux'])('the root of %s lists every component once, chosen or as a comment', (engine) => {
  const text = FILES[`gitops/${engine}/kustomization.yaml`]!;
  const listed = [...text.matchAll(/^ +(?:# )?- (\w+)\/([\w-]+)\.yaml$/gm)].map(([, layer, name]) => [layer, name]);
  expect(listed.toSorted()).toEqual([...COMPONENTS, ['applications', 'web']].toSorted());
});

test('Flux makes a layer wait for every component that may be chosen in the layer below', () => {
  const text = FILES['gitops/flux/kustomization.yaml']!;
  const named = [...text.matchAll(/^ +(?:# )?- name: ([\w-]+)$/gm)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(COMPONENTS.map(([, name]) => name).toSorted());
});

test('the network and the DNS of the cluster are add-ons of Terraform, because nodes and the engine need them first', () => {
  expect(FILES['terraform/addons.tf']).toMatch(/addon_name += "vpc-cni"[^]*addon_name += "coredns"/);
});

/** The sync waves of the Applications of a layer. */
function waves(layer: string): number[] {
  return Object.entries(FILES)
    .filter(([path]) => path.startsWith(`gitops/argocd/${layer}/`))
    .map(([, text]) => Number(/sync-wave: "(\d+)"/.exec(text)?.[1]));
}

test('sync waves keep the layers apart', () => {
  const [foundation, platform, applications] = ['foundation', 'platform', 'applications'].map(waves);
  expect(Math.max(...foundation!)).toBeLessThan(Math.min(...platform!));
  expect(Math.max(...platform!)).toBeLessThan(Math.min(...applications!));
});
