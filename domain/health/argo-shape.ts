import type { KubernetesObject } from '../ports/kubernetes';

/** The fields of an Argo CD Application that the drill reads (`pkg/apis/application/v1alpha1/types.go` of Argo CD). */
export interface ArgoSource {
  readonly repoURL?: string;
  readonly path?: string;
  readonly chart?: string;
  readonly targetRevision?: string;
}

export interface ArgoResource {
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: string;
  readonly hook?: boolean;
  readonly requiresPruning?: boolean;
}

interface InitiatedBy {
  readonly username?: string;
  readonly automated?: boolean;
}

export interface ArgoOperationState {
  /** Running, Terminating, Failed, Error, Succeeded. */
  readonly phase?: string;
  readonly message?: string;
  readonly retryCount?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly operation?: {
    readonly initiatedBy?: InitiatedBy;
    readonly sync?: { readonly resources?: readonly unknown[]; readonly revision?: string };
  };
  readonly syncResult?: { readonly revision?: string; readonly revisions?: readonly string[] };
}

export interface ArgoHistoryEntry {
  readonly deployStartedAt?: string;
  readonly deployedAt?: string;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly initiatedBy?: InitiatedBy;
}

interface ApplicationSpec {
  readonly source: ArgoSource;
  readonly sources: readonly ArgoSource[];
  readonly destination: Readonly<Record<string, string>>;
  readonly syncPolicy: {
    readonly automated?: { readonly prune?: boolean; readonly selfHeal?: boolean; readonly enabled?: boolean };
  };
}

interface ApplicationStatus {
  readonly sync: {
    readonly status?: string;
    readonly revision?: string;
    readonly revisions?: readonly string[];
    readonly comparedTo?: {
      readonly source?: ArgoSource;
      readonly sources?: readonly ArgoSource[];
      readonly destination?: Readonly<Record<string, string>>;
    };
  };
  readonly health: { readonly status?: string; readonly message?: string; readonly lastTransitionTime?: string };
  readonly operationState: ArgoOperationState;
  readonly history: readonly ArgoHistoryEntry[];
  readonly resources: readonly ArgoResource[];
  readonly reconciledAt: string;
  /** Errors and warnings; unlike the conditions of other kinds they have no status. */
  readonly conditions: readonly { readonly type: string; readonly message?: string }[];
}

export type ArgoApplication = KubernetesObject & {
  /** An operation that was requested; gone when it ends. */
  readonly operation?: unknown;
  readonly spec?: Partial<ApplicationSpec>;
  readonly status?: Partial<ApplicationStatus>;
};

/** The sources of an Application: `sources` where it has several, otherwise `source`. */
export function sourcesOf({
  source,
  sources,
}: {
  source?: ArgoSource;
  sources?: readonly ArgoSource[];
}): readonly ArgoSource[] {
  return sources && sources.length > 0 ? sources : source ? [source] : [];
}
