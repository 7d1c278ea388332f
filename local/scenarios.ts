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

const MANUAL_STEPS = `# What a person still does by hand while the platform is rebuilt.
steps:
  - name: unseal-secrets
    layer: platform
    description: Put the external secrets' root credential into Secrets Manager
    owner: platform-team@example.com
    minutes: 10
`;

const LIST: readonly Scenario[] = [
  { name: 'healthy', summary: 'everything comes up and is torn down', edits: {}, faults: [], ends: 'passed' },
  {
    name: 'slow-platform',
    summary: 'the logging of the platform layer takes so long that the objective is missed',
    edits: {},
    faults: [{ kind: 'component-slow', component: 'loki', factor: 6 }],
    ends: 'failed',
  },
  {
    name: 'terraform-fails',
    summary: 'the node group cannot be created half-way through terraform apply',
    edits: {},
    faults: [
      {
        kind: 'resource-fails',
        resourceType: 'aws_eks_node_group',
        message: 'NodeCreationFailure: Instances failed to join the kubernetes cluster',
      },
    ],
    ends: 'failed',
  },
  {
    name: 'application-degraded',
    summary: 'the application crashes at every start',
    edits: {},
    faults: [{ kind: 'component-crashes', component: 'web' }],
    ends: 'failed',
  },
  {
    name: 'teardown-leaks',
    summary: 'a volume survives the teardown and cannot be deleted',
    edits: {},
    faults: [{ kind: 'volume-stays' }],
    ends: 'failed',
  },
  {
    name: 'manual-step',
    summary: 'a declared step waits for a person, and another person syncs something by hand',
    edits: { 'manual-steps.yaml': MANUAL_STEPS },
    faults: [
      { kind: 'person-confirms', afterSeconds: 14 * 60 },
      { kind: 'person-syncs', component: 'external-secrets', user: 'alice' },
    ],
    ends: 'passed-with-findings',
  },
  {
    name: 'drill-cluster-unreachable',
    summary: 'the API server of the drill cluster never answers',
    edits: {},
    faults: [{ kind: 'cluster-unreachable' }],
    ends: 'failed',
  },
];

/** The scenarios by name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries(
  LIST.map((scenario) => [scenario.name, scenario]),
);

/** A line per scenario for `--help`. */
export function scenarioLines(): string {
  return LIST.map(({ name, summary }) => `  ${name.padEnd(27)}${summary}`).join('\n');
}
