import { buildKustomization, KustomizeError } from '../../../../local/world/kubernetes/gitops/kustomize';
import { applied, contains, jsonPatch, mergePatch } from '../../../../local/world/kubernetes/json-merge';
import { strategicMerge } from '../../../../local/world/kubernetes/gitops/strategic-merge';

const app = (name: string, labels: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${name}, labels: {${labels}}}\nspec: {source: {targetRevision: HEAD}}\n`;
const FILES = {
  'root/kustomization.yaml': 'resources: [a.yaml, below]\ncommonLabels: {team: platform}\nnamePrefix: x-\n',
  'root/a.yaml': app('a', "pin: 'commit'"),
  'root/below/kustomization.yaml': 'resources: [b.yaml]\nnamespace: elsewhere\n',
  'root/below/b.yaml': app('b', "pin: 'no'"),
};

test('folders, labels, names and namespaces are composed', () => {
  const built = buildKustomization(FILES, 'root', '/src');
  expect(built.map(({ metadata }) => metadata)).toEqual([
    { name: 'x-a', labels: { pin: 'commit', team: 'platform' } },
    { name: 'x-b', namespace: 'elsewhere', labels: { pin: 'no', team: 'platform' } },
  ]);
});

test('an inline JSON patch changes everything that its label selector finds', () => {
  const patch = '- {op: replace, path: /spec/source/targetRevision, value: abc}';
  const built = buildKustomization(FILES, 'root', '/src', {
    patches: [{ target: { kind: 'Application', labelSelector: 'pin=commit' }, patch }],
  });
  expect(built.map(({ spec }) => spec)).toEqual([
    { source: { targetRevision: 'abc' } },
    { source: { targetRevision: 'HEAD' } },
  ]);
});

test('a strategic patch without a target changes the object that it names', () => {
  const files = {
    ...FILES,
    'root/kustomization.yaml': 'resources: [a.yaml]\npatches: [{path: p.yaml}]\n',
    'root/p.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {project: other}\n',
  };
  expect(buildKustomization(files, 'root', '/src')[0]?.spec).toEqual({
    source: { targetRevision: 'HEAD' },
    project: 'other',
  });
});

test('images, replicas and generated config maps', () => {
  const files = {
    'kustomization.yaml':
      "resources: [d.yaml]\nimages: [{name: example.com/app, newTag: '2'}]\nreplicas: [{name: d, count: 3}]\nconfigMapGenerator: [{name: c, literals: [a=b]}]\n",
    'd.yaml':
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{name: app, image: 'example.com/app:1'}]}}}\n",
  };
  const [deployment, config] = buildKustomization(files, '.', '/src');
  expect(deployment?.spec).toEqual({
    replicas: 3,
    template: { spec: { containers: [{ name: 'app', image: 'example.com/app:2' }] } },
  });
  expect(config).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'b' } });
});

test.each([
  [
    'a file that is not there',
    { 'kustomization.yaml': 'resources: [nope.yaml]' },
    /accumulating resources from 'nope\.yaml': open \/src\/nope\.yaml: no such file or directory/,
  ],
  [
    'a file that is no YAML',
    { 'kustomization.yaml': 'resources: [x.yaml]', 'x.yaml': 'a: [b\n' },
    /MalformedYAMLError: yaml: line \d+: .* in File: x\.yaml/,
  ],
  ['a kustomization that is no YAML', { 'kustomization.yaml': 'resources: [x\n' }, /invalid Kustomization: yaml: line/],
  ['a folder without a kustomization', { 'x.yaml': '' }, /unable to find one of 'kustomization\.yaml'/],
  [
    'a remote resource',
    { 'kustomization.yaml': 'resources: ["https://example.com/x.yaml"]' },
    /the local drill does not fetch remote resources/,
  ],
])('%s fails in the words of kustomize', (_, files, message) => {
  const build = (): unknown => buildKustomization(files as unknown as Record<string, string>, '.', '/src');
  expect(build).toThrow(KustomizeError);
  expect(build).toThrow(message);
});

test('a merge patch removes by null, an apply keeps what it does not name', () => {
  const live = { a: 1, b: { c: 2, d: 3 } };
  expect(mergePatch(live, { a: null, b: { c: 4 } })).toEqual({ b: { c: 4, d: 3 } });
  expect(applied(live, { b: { c: 4 } })).toEqual({ a: 1, b: { c: 4, d: 3 } });
});

test('drift is what a manifest names and the live object does not have', () => {
  expect(contains({ a: 1, b: [{ c: 2, default: true }] }, { b: [{ c: 2 }] })).toBe(true);
  expect(contains({ b: [{ c: 2 }, { c: 3 }] }, { b: [{ c: 2 }] })).toBe(false);
  expect(contains({}, { a: { b: 1 } })).toBe(false);
  expect(contains({}, { a: null })).toBe(true);
});

test('a JSON patch adds to lists and tests before it writes', () => {
  expect(jsonPatch({ list: [1] }, [{ op: 'add', path: '/list/-', value: 2 }])).toEqual({ list: [1, 2] });
  expect(() => jsonPatch({ a: 1 }, [{ op: 'test', path: '/a', value: 2 }])).toThrow('testing path /a value failed');
});

test('a strategic merge goes by the names in lists', () => {
  const target = { containers: [{ name: 'app', image: '1' }, { name: 'side' }] };
  expect(
    strategicMerge(target, {
      containers: [
        { name: 'app', image: '2' },
        { name: 'side', $patch: 'delete' },
      ],
    }),
  ).toEqual({ containers: [{ name: 'app', image: '2' }] });
});
