import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { filesBelow } from '../local/world/kubernetes/world-under-test';
import { externalSecret, secretStore } from './schemas/external-secrets';
import { application, fluxKustomization, helmRelease, helmRepository, kustomization } from './schemas/gitops';
import { deployment, ingress, persistentVolumeClaim, service } from './schemas/kubernetes';
import { namespace } from './schemas/parts';
import type * as z from 'zod';

const FILES = filesBelow(join(__dirname, '..', '..', 'examples', 'bootstrap'));

/** The schema of each kind that the example may hold, by apiVersion and kind. */
const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'apps/v1/Deployment': deployment,
  'argoproj.io/v1alpha1/Application': application,
  'external-secrets.io/v1/ExternalSecret': externalSecret,
  'external-secrets.io/v1/SecretStore': secretStore,
  'helm.toolkit.fluxcd.io/v2/HelmRelease': helmRelease,
  'kustomize.config.k8s.io/v1beta1/Kustomization': kustomization,
  'kustomize.toolkit.fluxcd.io/v1/Kustomization': fluxKustomization,
  'networking.k8s.io/v1/Ingress': ingress,
  'source.toolkit.fluxcd.io/v1/HelmRepository': helmRepository,
  'v1/Namespace': namespace,
  'v1/PersistentVolumeClaim': persistentVolumeClaim,
  'v1/Service': service,
};

/** What is wrong with the objects of a file: field and why; empty when all of them fit the schemas of their kinds. */
function mistakesIn(text: string): string[] {
  return parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as { apiVersion?: string; kind?: string };
    const schema = SCHEMAS[`${object.apiVersion}/${object.kind}`];
    if (!schema) return [`there is no schema of ${object.apiVersion}/${object.kind}`];
    return (schema.safeParse(object).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  });
}

const MANIFESTS = Object.keys(FILES).filter((path) => path.endsWith('.yaml') && path !== 'manual-steps.yaml');

test('every manifest of the example fits the schema of its kind', () => {
  const mistakes = MANIFESTS.flatMap((path) => mistakesIn(FILES[path]!).map((mistake) => `${path}: ${mistake}`));
  expect(mistakes).toEqual([]);
  expect(MANIFESTS.length).toBeGreaterThan(70);
});

test.each([
  ['a field that is misspelt', 'applications/web/deployment.yaml', 'containerPort', 'containerport'],
  ['a number as a text', 'applications/web/service.yaml', 'port: 80', 'port: "80"'],
  [
    'a text where one of a few words must stand',
    'applications/web/ingress.yaml',
    'pathType: Prefix',
    'pathType: Begins',
  ],
  ['a field of another kind', 'applications/web/claim.yaml', 'accessModes:', 'replicas: 1\n  accessModes:'],
  [
    'a field that is missing',
    'applications/web/deployment.yaml',
    'image: nginxinc/nginx-unprivileged:1.29.3-alpine',
    '',
  ],
  [
    'the wrong version of a kind',
    'applications/web/secret-store.yaml',
    'external-secrets.io/v1',
    'external-secrets.io/v1beta1',
  ],
  ['a wrong field of an ExternalSecret', 'applications/web/external-secret.yaml', 'secretStoreRef', 'storeRef'],
  ['a misspelt policy of Argo CD', 'gitops/argocd/foundation/traefik.yaml', 'selfHeal: true', 'selfheal: true'],
  ['a number of retries as a text', 'gitops/argocd/foundation/traefik.yaml', 'limit: 5', 'limit: five'],
  ['a duration without a unit', 'gitops/flux/foundation/traefik.yaml', 'interval: 10m', 'interval: 10'],
  [
    'a misplaced version of a chart',
    'gitops/flux/foundation/traefik/release.yaml',
    'version: 41.3.0',
    'targetRevision: 41.3.0',
  ],
  ['a wrong field of a kustomization', 'gitops/flux/kustomization.yaml', 'resources:', 'resource:'],
])('%s is a mistake', (_what, path, from, to) => {
  const text = FILES[path]!;
  expect(text).toContain(from);
  expect(mistakesIn(text.replace(from, to))).not.toEqual([]);
});
