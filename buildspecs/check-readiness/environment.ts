import * as z from 'zod';

/** Environment of *Check readiness*. */
export const environmentSchema = z.object({
  /** Given by the state machine. */
  DRILL_ID: z.string().min(1),
  /** Given by CodeBuild itself. */
  CODEBUILD_BUILD_ID: z.string().optional(),
  TABLE_NAME: z.string().min(1),
  EVIDENCE_BUCKET: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
