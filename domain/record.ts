import * as z from 'zod';
import { LAYERS } from './layers';
import { settingsSchema } from './settings';

/**
 * What is kept of a drill. One item per schema; `domain/ports/history.ts` says how they are stored and read.
 * Instants are ISO 8601 in UTC; durations are seconds.
 */
const instant = z.iso.datetime({ offset: true });
const seconds = z.number();
const layer = z.enum(LAYERS);

/** Where a drill stands: one word per state of the story, for `drill watch` and the open-drills query. */
const PHASES = [
  'opening',
  'checking-readiness',
  'provisioning',
  'awaiting-cluster',
  'installing-gitops',
  'awaiting-foundation',
  'awaiting-platform',
  'awaiting-applications',
  'stopping-builds',
  'draining',
  'destroying',
  'finding-leaks',
  'sweeping-leaks',
  'judging',
  'reporting',
  'closed',
] as const;
export type Phase = (typeof PHASES)[number];

const verdictSchema = z.object({
  outcome: z.enum(['passed', 'passed-with-findings', 'failed']),
  /** One sentence each, the weightiest first; never empty. */
  reasons: z.array(z.string()).min(1),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** When a layer began and became healthy, from the timestamps of its objects (not from polling). */
const layerTimeSchema = z.object({
  startedAt: instant,
  healthyAt: instant,
  seconds,
  /** Part of `seconds` in which the drill waited for a person. */
  humanSeconds: seconds,
  objectiveSeconds: seconds,
});
export type LayerTime = z.infer<typeof layerTimeSchema>;

/** The drill's own times. `totalSeconds` runs from the first event of `terraform apply` to healthy applications. */
const drillTimesSchema = z.object({
  totalSeconds: seconds,
  /** Total without waiting for people. */
  machineSeconds: seconds,
  humanSeconds: seconds,
});
export type DrillTimes = z.infer<typeof drillTimesSchema>;

const teardownSchema = z.object({
  outcome: z.enum(['nothing-left', 'leaks-left', 'failed']),
  startedAt: instant,
  finishedAt: instant,
  /** Why a part was skipped or failed, one sentence each. */
  notes: z.array(z.string()),
});
export type Teardown = z.infer<typeof teardownSchema>;

export const drillRecordSchema = z.object({
  drillId: z.string(),
  target: z.string(),
  /** `schedule` when EventBridge Scheduler started it, otherwise `demand`. */
  trigger: z.enum(['schedule', 'demand']),
  /** The scheduled time that started it; only with `schedule`. */
  scheduledAt: instant.optional(),
  executionArn: z.string(),
  status: z.enum(['open', 'closed']),
  phase: z.enum(PHASES),
  openedAt: instant,
  closedAt: instant.optional(),
  /** The target's settings as they stood when the drill opened: a deployment in mid-drill changes nothing. */
  settings: settingsSchema,
  ref: z.string(),
  /** The full SHA that `ref` was resolved to by *Check readiness*. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
  clusterName: z.string(),
  /** The one build that may apply; see `History.claimApply`. */
  apply: z.object({ buildId: z.string(), claimedAt: instant }).optional(),
  /** From here on nothing may be built any more; see `History.beginTeardown`. */
  teardownBegunAt: instant.optional(),
  /** First event of `terraform apply`: the drill's time zero. */
  bootstrapStartedAt: instant.optional(),
  layers: z.partialRecord(layer, layerTimeSchema),
  times: drillTimesSchema.optional(),
  teardown: teardownSchema.optional(),
  verdict: verdictSchema.optional(),
  counts: z.object({ findings: z.number(), leaks: z.number(), manualSteps: z.number() }).optional(),
  /** The execution that sends the report; see `History.claimReport`. */
  reportClaim: z.object({ by: z.string(), at: instant }).optional(),
  mail: z
    .object({
      sentAt: instant,
      messageIds: z.array(z.string()),
      /** Recipients that SES will not mail to until somebody mends it. */
      refused: z.array(z.string()),
      /** Recipients that could not be tried, or not to an end; the next try mails to them. */
      unreached: z.array(z.string()).optional(),
    })
    .optional(),
});
export type DrillRecord = z.infer<typeof drillRecordSchema>;

/** A timed piece of a drill, from its own source's clock. `id` is unique within the drill and the same on a re-run. */
export const spanSchema = z.object({
  id: z.string(),
  kind: z.enum(['layer', 'build', 'resource', 'component', 'human', 'teardown']),
  /** `aws_eks_cluster.this`, `kyverno`, `provision-cluster` … */
  name: z.string(),
  layer: layer.optional(),
  startedAt: instant,
  /** Absent while it runs. */
  finishedAt: instant.optional(),
  outcome: z.enum(['running', 'succeeded', 'failed']),
  detail: z.string().optional(),
});
export type Span = z.infer<typeof spanSchema>;

/** How one object stands, with the reason in words that name the field it was read from. */
const objectReadingSchema = z.object({
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  status: z.enum(['healthy', 'progressing', 'degraded', 'failed', 'missing', 'suspended']),
  reason: z.string(),
  /** Since when it has been healthy, by its own timestamps, where it has any. */
  healthySince: instant.optional(),
});
export type ObjectReading = z.infer<typeof objectReadingSchema>;

/**
 * How one component stands. `degraded` may still recover; `failed` has failed for good and ends the waiting;
 * `missing` does not exist (yet).
 */
const componentReadingSchema = z.object({
  name: z.string(),
  status: z.enum(['healthy', 'progressing', 'degraded', 'failed', 'missing']),
  /** One sentence: for a healthy one what made it so, otherwise what blocks and why. */
  reason: z.string(),
  /** Whether drill.yaml lists it; an unlisted one was found in the cluster and is judged as well. */
  listed: z.boolean(),
  startedAt: instant.optional(),
  healthyAt: instant.optional(),
  /** What usually holds such a component up, by the catalogue; only while it is not healthy. */
  usualReason: z.string().optional(),
  /** Since when it has been degraded without becoming healthy in between; patience with it ends (`advance`). */
  degradedSince: instant.optional(),
  /** The objects that are not healthy (all of them when it is healthy would be long). */
  blocking: z.array(objectReadingSchema),
});
export type ComponentReading = z.infer<typeof componentReadingSchema>;

/** The state of waiting for one layer; written by each read. */
export const layerProgressSchema = z.object({
  layer,
  status: z.enum(['progressing', 'awaiting-manual-step', 'healthy', 'failed']),
  reason: z.string(),
  /** When the waiting began; the layer's deadline counts from here. */
  awaitedSince: instant,
  readAt: instant,
  reads: z.number().int(),
  consecutiveHealthyReads: z.number().int(),
  components: z.array(componentReadingSchema),
  time: layerTimeSchema.optional(),
});
export type LayerProgress = z.infer<typeof layerProgressSchema>;

/** Something a person did or must do. */
export const manualStepSchema = z.object({
  /** Unique within the drill, of `[a-z0-9-]`. */
  name: z.string(),
  source: z.enum(['declared', 'detected']),
  layer,
  /** Declared steps: the component that waits for it; one without is due when its layer begins. */
  component: z.string().optional(),
  description: z.string(),
  owner: z.string().optional(),
  /** Declared steps: what the repository expects it to take, in minutes. */
  expectedMinutes: z.number().optional(),
  /** Where a detected one was seen, such as `Application argocd/kyverno: synced by alice`. */
  evidence: z.string().optional(),
  status: z.enum(['declared', 'waiting', 'confirmed', 'expired', 'detected']),
  /** The callback token of Step Functions while the drill waits. */
  taskToken: z.string().optional(),
  requestedAt: instant.optional(),
  confirmedAt: instant.optional(),
  confirmedBy: z.string().optional(),
});
export type ManualStep = z.infer<typeof manualStepSchema>;

const CAUSES = [
  'repository', // the repository or ref cannot be had, or does not fulfil the contract
  'readiness', // tools, quotas, permissions, secrets
  'terraform', // plan, apply or destroy
  'gitops', // installing or reaching the GitOps engine
  'component', // a component failed for good
  'deadline', // not healthy in time
  'unreachable', // the API of the drill cluster does not answer
  'interrupted', // aborted, timed out, or the execution died
  'teardown',
  'internal', // cluster-drill's own fault
] as const;
export type Cause = (typeof CAUSES)[number];

/** A failure with its cause and evidence. The first one of a drill is the one that broke it; later ones are kept too. */
export const failureSchema = z.object({
  /** Unique within the drill: the step, build or layer that failed. */
  where: z.string(),
  cause: z.enum(CAUSES),
  /** One sentence. */
  sentence: z.string(),
  at: instant,
  layer: layer.optional(),
  /** S3 keys of logs and objects. */
  evidence: z.array(z.string()),
  consoleUrl: z.string().optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** Something to fix before the next drill. `id` is stable across drills, so that it can be followed. */
export const findingSchema = z.object({
  id: z.string(),
  severity: z.enum(['critical', 'major', 'minor']),
  title: z.string(),
  /** What to do about it, one sentence. */
  mend: z.string(),
  layer: layer.optional(),
  evidence: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** An AWS resource of a drill that outlives its teardown. */
export const leakSchema = z.object({
  arn: z.string(),
  /** As in the inventory, such as `ec2:volume`. */
  type: z.string(),
  /** What made it: the layer, or undefined when that cannot be told. */
  layer: layer.optional(),
  createdAt: instant.optional(),
  /** US dollars a month, where it has a price. */
  monthlyCost: z.number().optional(),
  /** Why it is held to be the drill's: the tag or the VPC. */
  reason: z.string(),
  status: z.enum(['found', 'swept', 'left']),
  /** Why it could not be swept. */
  obstacle: z.string().optional(),
});
export type Leak = z.infer<typeof leakSchema>;

/** A check of *Check readiness*. */
export const readinessSchema = z.object({
  name: z.string(),
  status: z.enum(['passed', 'warned', 'refused']),
  sentence: z.string(),
});
export type Readiness = z.infer<typeof readinessSchema>;

/** What a build gave to the next ones: Terraform's outputs, the volumes that were seen. */
export const outputsSchema = z.record(z.string(), z.unknown());
export type Outputs = z.infer<typeof outputsSchema>;

/** One drill with everything in it. */
export interface DrillStory {
  readonly record: DrillRecord;
  readonly layers: readonly LayerProgress[];
  readonly spans: readonly Span[];
  readonly manualSteps: readonly ManualStep[];
  readonly failures: readonly Failure[];
  readonly findings: readonly Finding[];
  readonly leaks: readonly Leak[];
  readonly readiness: readonly Readiness[];
  /** By build, such as `provision-cluster`. */
  readonly outputs: Readonly<Record<string, Outputs>>;
}
