import { argocdInstallation, managedArgocdInstallation } from './argocd-installation';
import { fluxInstallation } from './flux-installation';
import type { GitopsInstallation, GitopsSource, ManagedArgocd } from './gitops-engine';
import type { Settings } from './settings';

/**
 * What brings up the platform of a target at the commit, by its engine.
 * @param managed the capability, for a target whose Argo CD EKS manages.
 */
export function gitopsInstallation(
  { repository, gitops }: Pick<Settings, 'repository' | 'gitops'>,
  commit: string,
  credentials?: GitopsSource['credentials'],
  managed?: ManagedArgocd,
): GitopsInstallation {
  const source = { repository, commit, path: gitops.path, ...(credentials ? { credentials } : {}) };
  if (managed) return managedArgocdInstallation(source, managed);
  if (gitops.version === undefined) throw new Error('the settings name no version of the GitOps engine');
  return gitops.engine === 'argocd'
    ? argocdInstallation(source, gitops.version)
    : fluxInstallation(source, gitops.version);
}
