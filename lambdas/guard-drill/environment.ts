import * as z from 'zod';

/** Environment of the guard, which the status rule invokes. */
export const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** Started once for every drill whose execution ended without closing it. */
  TEARDOWN_MACHINE_ARN: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
