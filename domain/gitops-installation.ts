import { argocdInstallation } from './argocd-installation';
import { fluxInstallation } from './flux-installation';
import type { KubernetesObject, ResourceType } from './ports/kubernetes';
import type { Settings } from './settings';

/** What makes a GitOps engine bring up the platform: its chart, and then the objects that point it at the commit. */
export interface GitopsInstallation {
  readonly chart: {
    readonly release: string;
    readonly name: string;
    readonly repository: string;
    readonly version: string;
    readonly namespace: string;
    readonly values: object;
  };
  /** In the order in which they are applied. */
  readonly objects: readonly { readonly type: ResourceType; readonly object: KubernetesObject }[];
}

/** Where the engine reads the platform from. */
export interface GitopsSource {
  readonly repository: string;
  readonly commit: string;
  readonly path: string;
  /** Version of the engine's chart. */
  readonly version: string;
  /** For a private repository. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

export function gitopsInstallation(
  { repository, gitops }: Pick<Settings, 'repository' | 'gitops'>,
  commit: string,
  credentials?: GitopsSource['credentials'],
): GitopsInstallation {
  const source = {
    repository,
    commit,
    path: gitops.path,
    version: gitops.version,
    ...(credentials ? { credentials } : {}),
  };
  return gitops.engine === 'argocd' ? argocdInstallation(source) : fluxInstallation(source);
}
