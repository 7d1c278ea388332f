import type { GitopsInstallation, GitopsSource } from './gitops-engine';
import { RESOURCE } from './health/resource-types';
import { BUILD_RESOURCE } from './kubernetes-types';
import { ROOT_NAME } from './names';

const NAMESPACE = 'flux-system';
const SECRET = `${ROOT_NAME}-repository`;

/** Flux by its community chart, one GitRepository pinned to the commit and one root Kustomization at the path. */
export function fluxInstallation(
  { repository, commit, path, credentials }: GitopsSource,
  version: string,
): GitopsInstallation {
  const gitRepository = {
    apiVersion: RESOURCE.gitRepository.apiVersion,
    kind: RESOURCE.gitRepository.kind,
    metadata: { name: ROOT_NAME, namespace: NAMESPACE },
    spec: {
      url: repository,
      interval: '10m',
      ref: { commit },
      ...(credentials ? { secretRef: { name: SECRET } } : {}),
    },
  };
  const kustomization = {
    apiVersion: RESOURCE.kustomization.apiVersion,
    kind: RESOURCE.kustomization.kind,
    metadata: { name: ROOT_NAME, namespace: NAMESPACE },
    spec: {
      sourceRef: { kind: 'GitRepository', name: ROOT_NAME },
      path: `./${path}`,
      interval: '10m',
      retryInterval: '30s',
      timeout: '5m',
      prune: true,
      // It makes Kustomizations only; each of them is judged by itself, in its own layer.
      wait: false,
    },
  };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: SECRET, namespace: NAMESPACE },
    stringData: { ...credentials },
  };
  return {
    chart: {
      release: 'flux2',
      name: 'flux2',
      repository: 'https://fluxcd-community.github.io/helm-charts',
      version,
      namespace: NAMESPACE,
      // A drill updates no images.
      values: { imageAutomationController: { create: false }, imageReflectionController: { create: false } },
    },
    objects: [
      ...(credentials ? [{ type: BUILD_RESOURCE.secret, object: secret }] : []),
      { type: RESOURCE.gitRepository, object: gitRepository },
      { type: RESOURCE.kustomization, object: kustomization },
    ],
  };
}
