import * as z from 'zod';

/** Environment of *Send report*. */
export const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  EVIDENCE_BUCKET: z.string().min(1),
  /** SES configuration set of the mails. */
  CONFIGURATION_SET: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
