import * as z from 'zod';

/** Environment of *Provision cluster*. */
export const environmentSchema = z.object({
  /** Given by the state machine. */
  DRILL_ID: z.string().min(1),
  /** Given by CodeBuild itself. */
  CODEBUILD_BUILD_ID: z.string().min(1),
  TABLE_NAME: z.string().min(1),
  EVIDENCE_BUCKET: z.string().min(1),
  /** Bucket of Terraform states. */
  STATE_BUCKET: z.string().min(1),
  /** Roles that read the cluster (the health and failure Lambdas), separated by commas. */
  VIEW_ROLE_ARNS: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
