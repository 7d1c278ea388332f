import * as z from 'zod';

/** Environment of the daily check of the quarter. */
export const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** Where the deployed targets (JSON, `targetsSchema`) lie. */
  TARGETS_BUCKET: z.string().min(1),
  TARGETS_KEY: z.string().min(1),
  /** SES configuration set of the mails. */
  CONFIGURATION_SET: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
