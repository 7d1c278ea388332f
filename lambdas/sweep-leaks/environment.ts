import * as z from 'zod';

/** Environment of *Sweep leaks*. */
export const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
