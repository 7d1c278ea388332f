import type { KubernetesObject, ResourceType } from './ports/kubernetes';

/** The chart of a GitOps engine. */
export interface EngineChart {
  readonly release: string;
  readonly name: string;
  readonly repository: string;
  readonly version: string;
  readonly namespace: string;
  readonly values: object;
}

/** What makes a GitOps engine bring up the platform: its chart, and then the objects that point it at the commit. */
export interface GitopsInstallation {
  /** Absent where EKS runs the engine. */
  readonly chart?: EngineChart;
  /** In the order in which they are applied. */
  readonly objects: readonly { readonly type: ResourceType; readonly object: KubernetesObject }[];
}

/** Where the engine reads the platform from. */
export interface GitopsSource {
  readonly repository: string;
  readonly commit: string;
  readonly path: string;
  /** For a private repository. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** Where the Argo CD that EKS runs for a cluster reads its Applications, and how it calls that cluster. */
export interface ManagedArgocd {
  readonly namespace: string;
  readonly clusterArn: string;
}
