import * as z from 'zod';
import { GITOPS_LAYERS } from './layers';

/**
 * The settings of one target: what drill.yaml says, with every default filled in and every duration in seconds.
 * `domain/config.ts` turns the file into this; the record keeps a copy; everything else reads only this.
 */
const slug = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** How one component's own workloads are found when the catalogue's answer does not fit. */
export const workloadSelectorSchema = z.object({
  kind: z.string(),
  /** API group and version, such as `apps/v1`; needed for kinds outside the catalogue. */
  apiVersion: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  /** Every label must match. */
  labels: z.record(z.string(), z.string()).optional(),
});
export type WorkloadSelector = z.infer<typeof workloadSelectorSchema>;

const componentSettingsSchema = z.object({
  name: slug,
  /** Entry of the catalogue; absent for a component that the catalogue does not know. */
  system: z.string().optional(),
  /** Name of its Argo CD Application or Flux Kustomization. */
  application: z.string(),
  /** Stands in for the namespace of the catalogue's entry. */
  namespace: z.string().optional(),
  /** Replaces the catalogue's workloads. */
  workloads: z.array(workloadSelectorSchema).optional(),
  /** Probes of the catalogue's entry that are not asked; the report says so. */
  probesOff: z.array(z.string()).optional(),
});
export type ComponentSettings = z.infer<typeof componentSettingsSchema>;

const seconds = z.number().int().positive();
const layerSettingsSchema = z.object({ objectiveSeconds: seconds, deadlineSeconds: seconds });
const gitopsLayerSettingsSchema = layerSettingsSchema.extend({ components: z.array(componentSettingsSchema) });

export const settingsSchema = z.object({
  name: slug,
  repository: z.string(),
  /** Branch, tag or full SHA. */
  ref: z.string(),
  region: z.string(),
  account: z.string().regex(/^\d{12}$/),
  /** How a private repository is read; absent for a public one. */
  access: z.union([z.object({ tokenSecret: z.string() }), z.object({ connection: z.string() })]).optional(),
  terraform: z.object({ directory: z.string(), version: z.string(), variables: z.record(z.string(), z.unknown()) }),
  gitops: z.object({
    engine: z.enum(['argocd', 'flux']),
    /** Of the engine's chart; absent where EKS manages it. */
    version: z.string().optional(),
    /** Argo CD as an EKS capability: its controllers run outside of the cluster, and nothing is installed. */
    managed: z.boolean().optional(),
    path: z.string(),
  }),
  layers: z.object({
    cluster: layerSettingsSchema,
    ...(Object.fromEntries(GITOPS_LAYERS.map((layer) => [layer, gitopsLayerSettingsSchema])) as Record<
      (typeof GITOPS_LAYERS)[number],
      typeof gitopsLayerSettingsSchema
    >),
  }),
  /** From `terraform apply` to applications running. */
  objectiveSeconds: seconds,
  /** When the drill gives up and tears down. */
  deadlineSeconds: seconds,
  /** How long a declared manual step may stay unconfirmed. */
  manualStepDeadlineSeconds: seconds,
  /** Names of Secrets Manager secrets that must be readable before anything is built. */
  requiredSecrets: z.array(z.string()),
  report: z.object({ from: z.string(), to: z.array(z.string()).min(1) }),
});
export type Settings = z.infer<typeof settingsSchema>;

/** The schedule of a target; used by the CDK app only, so it is not part of a drill's settings. */
const scheduleSchema = z.object({ cron: z.string(), timeZone: z.string(), enabled: z.boolean() });
export type Schedule = z.infer<typeof scheduleSchema>;

/** What the Lambdas are given: every target's settings; the first is the default target. */
export const targetsSchema = z.array(settingsSchema).min(1);
export type Targets = z.infer<typeof targetsSchema>;
