import type { GitopsInstallation, GitopsSource, ManagedArgocd } from './gitops-engine';
import { RESOURCE } from './health/resource-types';
import { BUILD_RESOURCE } from './kubernetes-types';
import { LABEL, ROOT_NAME } from './names';
import type { KubernetesObject } from './ports/kubernetes';

const NAMESPACE = 'argocd';
/** The label by which Argo CD finds its Secrets. */
const SECRET_TYPE = 'argocd.argoproj.io/secret-type';

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

const HEALTH_SETTING = { 'resource.customizations.health.argoproj.io_Application': APPLICATION_HEALTH };

/** The cluster that Argo CD itself runs in. */
const THIS_CLUSTER = { server: 'https://kubernetes.default.svc' };

/** Argo CD by its chart, and one root Application that makes all others, everything pinned to the commit. */
export function argocdInstallation(source: GitopsSource, version: string): GitopsInstallation {
  return {
    chart: {
      release: 'argocd',
      name: 'argo-cd',
      repository: 'https://argoproj.github.io/argo-helm',
      version,
      namespace: NAMESPACE,
      values: {
        // Nobody signs in to the Argo CD of a drill, and it has nobody to notify.
        dex: { enabled: false },
        notifications: { enabled: false },
        configs: { cm: HEALTH_SETTING },
      },
    },
    objects: rootObjects(source, NAMESPACE, THIS_CLUSTER),
  };
}

/** Name under which the drill registers the cluster with a managed Argo CD; upstream Argo CD knows its own cluster by it. */
export const IN_CLUSTER = 'in-cluster';

/**
 * What points the Argo CD that EKS runs at the commit. It knows no cluster until one is registered, by ARN and not by
 * the address inside; it reads `argocd-cm` from its namespace, as far as EKS supports the settings in it.
 * Source: EKS User Guide, capabilities/argocd-register-clusters.adoc, argocd-configure-settings.adoc.
 */
export function managedArgocdInstallation(
  source: GitopsSource,
  { namespace, clusterArn }: ManagedArgocd,
): GitopsInstallation {
  const partOf = { 'app.kubernetes.io/part-of': 'argocd' };
  return {
    objects: [
      {
        type: BUILD_RESOURCE.namespace,
        object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      },
      {
        type: BUILD_RESOURCE.secret,
        object: {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: IN_CLUSTER, namespace, labels: { [SECRET_TYPE]: 'cluster' } },
          stringData: { name: IN_CLUSTER, server: clusterArn, project: 'default' },
        },
      },
      {
        type: BUILD_RESOURCE.configMap,
        object: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'argocd-cm', namespace, labels: partOf },
          data: HEALTH_SETTING,
        },
      },
      ...rootObjects(source, namespace, { name: IN_CLUSTER }),
    ],
  };
}

type Destination = { readonly server: string } | { readonly name: string };

function rootObjects(source: GitopsSource, namespace: string, destination: Destination): GitopsInstallation['objects'] {
  const application = { type: RESOURCE.application, object: rootApplication(source, namespace, destination) };
  if (!source.credentials) return [application];
  return [
    { type: BUILD_RESOURCE.secret, object: repositorySecret(source, namespace, source.credentials) },
    application,
  ];
}

function rootApplication(
  { repository, commit, path }: GitopsSource,
  namespace: string,
  destination: Destination,
): KubernetesObject {
  return {
    apiVersion: RESOURCE.application.apiVersion,
    kind: RESOURCE.application.kind,
    metadata: { name: ROOT_NAME, namespace },
    spec: {
      project: 'default',
      source: {
        repoURL: repository,
        targetRevision: commit,
        path,
        kustomize: { patches: [pinPatch(repository, commit)] },
      },
      destination: { ...destination, namespace },
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
  namespace: string,
  credentials: NonNullable<GitopsSource['credentials']>,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `${ROOT_NAME}-repository`,
      namespace,
      labels: { [SECRET_TYPE]: 'repository' },
    },
    stringData: { type: 'git', url: repository, ...credentials },
  };
}
