/**
 * What may go wrong in a local drill. A scenario is data: edits of the repository that is drilled and faults of the
 * simulated infrastructure; nothing of the product knows of it.
 */
export type Fault =
  /** Terraform's apply of the first resource of this type ends with this error. */
  | { readonly kind: 'resource-fails'; readonly resourceType: string; readonly message: string }
  /** Everything of this component (Application, Kustomization or its workloads) takes this many times as long. */
  | { readonly kind: 'component-slow'; readonly component: string; readonly factor: number }
  /** The pods of this component crash for ever. */
  | { readonly kind: 'component-crashes'; readonly component: string }
  /** The API server of the drill cluster cannot be reached. */
  | { readonly kind: 'cluster-unreachable' }
  /** Deleting a claim leaves its EBS volume behind, and EC2 refuses to delete it. */
  | { readonly kind: 'volume-stays' }
  /** Somebody confirms declared manual steps this many seconds after being asked (nobody does without this fault). */
  | { readonly kind: 'person-confirms'; readonly afterSeconds: number }
  /** Somebody syncs this Application by hand, as `user`, while its layer comes up. */
  | { readonly kind: 'person-syncs'; readonly component: string; readonly user: string };

export interface Scenario {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Files of the repository that are replaced before the drill, by path. */
  readonly edits: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
  /** How it must end. */
  readonly ends: 'passed' | 'passed-with-findings' | 'failed';
}
