import type { KubernetesApi } from './kubernetes';

/** What the EKS API says of a cluster; `health` lists issues in words. */
export interface EksCluster {
  readonly name: string;
  readonly arn: string;
  /** CREATING, ACTIVE, DELETING, FAILED, UPDATING, PENDING. */
  readonly status: string;
  readonly version: string;
  readonly createdAt: string;
  readonly endpoint?: string;
  /** Base64 PEM. */
  readonly certificateAuthority?: string;
  readonly vpcId?: string;
  /** EKS refuses to delete the cluster while it is set. */
  readonly deletionProtection?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  readonly health: readonly string[];
}

export interface EksPart {
  readonly kind: 'nodegroup' | 'addon' | 'capability';
  readonly name: string;
  /** ACTIVE, CREATING, DEGRADED, CREATE_FAILED, … */
  readonly status: string;
  readonly createdAt: string;
  readonly health: readonly string[];
  /** Node groups: how many nodes it wants. */
  readonly desiredNodes?: number;
}

/** A controller that EKS runs for a cluster, outside of it. */
export interface EksCapability extends EksPart {
  readonly kind: 'capability';
  /** ARGOCD, ACK or KRO. */
  readonly type: string;
  /** By which it works on the cluster; EKS gives it an access entry without any permission. */
  readonly roleArn: string;
  /** Argo CD: the one namespace in which it reads Applications. */
  readonly namespace?: string;
}

export interface AccessGrant {
  /** IAM role ARN (a session ARN is refused by EKS). */
  readonly roleArn: string;
  /** Name of an EKS access policy, such as `AmazonEKSAdminViewPolicy`. */
  readonly policy: string;
}

export interface Eks {
  /** Undefined when there is no such cluster. */
  cluster(name: string): Promise<EksCluster | undefined>;
  /** Node groups and add-ons; empty when the cluster does not exist. */
  parts(cluster: string): Promise<readonly EksPart[]>;
  /** Capabilities; empty when the cluster does not exist. */
  capabilities(cluster: string): Promise<readonly EksCapability[]>;
  /** Makes access entries with their policies for the whole cluster; those that exist stay. */
  grantAccess(cluster: string, grants: readonly AccessGrant[]): Promise<void>;
  /** Takes the deletion protection of a cluster off; EKS is busy with it for a minute or two. */
  allowDeletion(cluster: string): Promise<void>;
  /** Kubernetes versions that EKS offers, with the end of standard support. */
  versions(): Promise<
    readonly { readonly version: string; readonly status: string; readonly endOfStandardSupport?: string }[]
  >;
  /** A bearer token for a program that reads a kubeconfig (Helm); EKS accepts it for 15 minutes. */
  token(cluster: string): Promise<string>;
  /** The Kubernetes API of the cluster, with a token of its own that is minted anew every minute. */
  kubernetes(cluster: EksCluster): KubernetesApi;
}
