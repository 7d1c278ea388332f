import * as z from 'zod';

/** Environment of the patrol, the guard's hourly round. */
export const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** Started once for every drill that is dead, and again for what a closed one left. */
  TEARDOWN_MACHINE_ARN: z.string().min(1),
  /** Where the deployed targets (JSON, `targetsSchema`) lie. */
  TARGETS_BUCKET: z.string().min(1),
  TARGETS_KEY: z.string().min(1),
  /** SES configuration set of the mails. */
  CONFIGURATION_SET: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
