import * as z from 'zod';

/** Environment of *Open drill*. */
export const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** Where the deployed targets (JSON, `targetsSchema`) lie. */
  TARGETS_BUCKET: z.string().min(1),
  TARGETS_KEY: z.string().min(1),
  /** Started for a drill whose execution died, and for what an earlier drill left. */
  TEARDOWN_MACHINE_ARN: z.string().min(1),
  /** What all drills of the place may take together (JSON, `limitsSchema`). */
  LIMITS: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
