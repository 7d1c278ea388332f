import type { Cluster } from '../cluster';
import type { Stored } from '../cluster-state';
import type { Source } from '../gitops/render-source';
import { statusOf } from '../object-status';
import type { ApplicationMemory } from './application-memory';
import { managedArgocdRuns } from './managed-argocd';

export const APPLICATION = ['argoproj.io', 'Application'] as const;
export const RESOURCES_FINALIZER = 'resources-finalizer.argocd.argoproj.io';
/** Field manager of what Argo CD applies. */
export const ARGO_MANAGER = 'argocd-controller';

/** `spec` of an Application, as far as the simulation follows it. */
export interface ApplicationSpec {
  project?: string;
  destination?: { server?: string; name?: string; namespace?: string };
  source?: Source;
  sources?: Source[];
  syncPolicy?: {
    automated?: { prune?: boolean; selfHeal?: boolean; enabled?: boolean } | null;
    syncOptions?: string[];
    retry?: { limit?: number; backoff?: { duration?: string; factor?: number; maxDuration?: string } };
  };
}

export function specOf({ object }: Stored): ApplicationSpec {
  return (object.spec ?? {}) as ApplicationSpec;
}

export function memoryOf(application: Stored): ApplicationMemory {
  return (application.application ??= { tracked: [], autoHeals: 0 });
}

export function isAutomated(spec: ApplicationSpec): boolean {
  const { automated } = spec.syncPolicy ?? {};
  return automated !== undefined && automated !== null && automated.enabled !== false;
}

/** The application controller works while its StatefulSet has a ready pod, or where EKS runs it. */
export function argoRuns(cluster: Cluster): boolean {
  if (managedArgocdRuns(cluster)) return true;
  return cluster.all('apps', 'StatefulSet').some((set) => {
    if (!isArgoController(set)) return false;
    return Number(statusOf(cluster, set)?.['readyReplicas'] ?? 0) > 0;
  });
}

export function isArgoController({ object }: Stored): boolean {
  return object.metadata.labels?.['app.kubernetes.io/name'] === 'argocd-application-controller';
}

/** Whether child Applications count towards health: only with the Lua check in argocd-cm. */
export function countsApplications(cluster: Cluster): boolean {
  return cluster.all('', 'ConfigMap').some(({ object }) => {
    if (object.metadata.name !== 'argocd-cm') return false;
    const data = (object['data'] ?? {}) as Record<string, unknown>;
    return (
      data['resource.customizations.health.argoproj.io_Application'] !== undefined ||
      String(data['resource.customizations'] ?? '').includes('argoproj.io/Application')
    );
  });
}
