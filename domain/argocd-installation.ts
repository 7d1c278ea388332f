import type { GitopsInstallation, GitopsSource } from './gitops-installation';
import { RESOURCE } from './health/resource-types';
import { BUILD_RESOURCE } from './kubernetes-types';
import { LABEL, ROOT_NAME } from './names';
import type { KubernetesObject } from './ports/kubernetes';

const NAMESPACE = 'argocd';

/**
 * Health of an Application inside another one. Without a script Argo CD calls a child healthy as soon as it exists, so
 * sync waves wait for nothing. The health alone is not enough either: a child is "Healthy" while it has no resources
 * yet, so it counts only once its sync has succeeded.
 */
const APPLICATION_HEALTH = `local health = { status = "Progressing", message = "" }
local status = obj.status
if status == nil or status.health == nil or status.health.status == nil then
  return health
end
health.status = status.health.status
health.message = status.health.message or ""
if health.status == "Healthy" then
  local synced = status.sync ~= nil and status.sync.status == "Synced"
  local succeeded = status.operationState ~= nil and status.operationState.phase == "Succeeded"
  if not synced or not succeeded then
    health.status = "Progressing"
    health.message = "waiting for its sync"
  end
end
return health
`;

/** Argo CD by its chart, and one root Application that makes all others, everything pinned to the commit. */
export function argocdInstallation(source: GitopsSource): GitopsInstallation {
  const application = { type: RESOURCE.application, object: rootApplication(source) };
  return {
    chart: {
      release: 'argocd',
      name: 'argo-cd',
      repository: 'https://argoproj.github.io/argo-helm',
      version: source.version,
      namespace: NAMESPACE,
      values: {
        // Nobody signs in to the Argo CD of a drill, and it has nobody to notify.
        dex: { enabled: false },
        notifications: { enabled: false },
        configs: { cm: { 'resource.customizations.health.argoproj.io_Application': APPLICATION_HEALTH } },
      },
    },
    objects: source.credentials
      ? [{ type: BUILD_RESOURCE.secret, object: repositorySecret(source, source.credentials) }, application]
      : [application],
  };
}

function rootApplication({ repository, commit, path }: GitopsSource): KubernetesObject {
  return {
    apiVersion: RESOURCE.application.apiVersion,
    kind: RESOURCE.application.kind,
    metadata: { name: ROOT_NAME, namespace: NAMESPACE },
    spec: {
      project: 'default',
      source: {
        repoURL: repository,
        targetRevision: commit,
        path,
        kustomize: { patches: [pinPatch(repository, commit)] },
      },
      destination: { server: 'https://kubernetes.default.svc', namespace: NAMESPACE },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        // Argo CD does not try a failed sync of the same commit again by itself.
        retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
      },
    },
  };
}

/** Sets repository and commit of the children that read the bootstrap repository itself; a branch in them would float. */
function pinPatch(repository: string, commit: string): object {
  return {
    target: { kind: 'Application', labelSelector: `${LABEL.pin}=commit` },
    patch: JSON.stringify([
      { op: 'replace', path: '/spec/source/repoURL', value: repository },
      { op: 'add', path: '/spec/source/targetRevision', value: commit },
    ]),
  };
}

function repositorySecret(
  { repository }: GitopsSource,
  credentials: NonNullable<GitopsSource['credentials']>,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `${ROOT_NAME}-repository`,
      namespace: NAMESPACE,
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    },
    stringData: { type: 'git', url: repository, ...credentials },
  };
}
